//! Hostile HTTP, section 6 of the reference "limits": the probes that peers fail, and the bar of each. Slow ones are among
//! S4's slow clients, sizes among its limits.

use super::raw::exchange;
use super::{CLIENT, FORM, SECRET, TOKEN, URLENCODED, report, serve};
use crate::http::{Answer, post};
use crate::sandbox::Sandbox;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A probe: a header, a body, and status and error of its answer.
struct Probe {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    body: String,
    status: u16,
    error: &'static str,
}

fn probes() -> Vec<Probe> {
    let of = |name, body: String, status, error| Probe { name, headers: vec![], body, status, error };
    let without = |part: &str| FORM.replace(part, "");
    let basic = |secret: &str| {
        vec![("Authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{secret}"))))]
    };
    let secret = format!("&client_secret={SECRET}");
    let typed = |name, of_type: &str, body: &str| Probe {
        name,
        headers: vec![("Content-Type", of_type.to_owned())],
        body: body.to_owned(),
        status: 400,
        error: "invalid_request",
    };
    vec![
        of("no grant_type", without("grant_type=client_credentials&"), 400, "invalid_request"),
        of("grant_type twice", format!("{FORM}&grant_type=client_credentials"), 400, "invalid_request"),
        of("client_id twice", format!("{FORM}&client_id={CLIENT}"), 400, "invalid_request"),
        of("an unknown grant_type", FORM.replace("=client_credentials", "=magic"), 400, "unsupported_grant_type"),
        of("a bad percent escape", format!("{FORM}&a=%zz"), 200, ""),
        of("a cut percent escape", format!("{FORM}&a=%"), 200, ""),
        of("nothing but separators", "&&&===&".to_owned(), 400, "invalid_request"),
        typed("a JSON body", "application/json", "{\"grant_type\":\"client_credentials\"}"),
        typed("no type", "", FORM),
        typed("plain text", "text/plain", FORM),
        Probe { headers: basic(SECRET), ..of("Basic and post together", FORM.to_owned(), 400, "invalid_request") },
        of("a wrong secret", FORM.replace(SECRET, "wrong"), 400, "invalid_client"),
        Probe { headers: basic("wrong"), ..of("a wrong secret in Basic", without(&secret), 401, "invalid_client") },
    ]
}

fn ask(address: &str, probe: &Probe) -> Answer {
    let mut headers = vec![("Host", "localhost")];
    if probe.headers.iter().all(|(name, _)| *name != "Content-Type") {
        headers.push(("Content-Type", URLENCODED));
    }
    headers.extend(probe.headers.iter().map(|(name, value)| (*name, value.as_str())));
    post(address, TOKEN, &headers, probe.body.as_bytes())
}

#[test]
fn h6_hostile_token_requests_have_the_error_of_the_rfc() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let all = probes();
    for probe in &all {
        let answer = ask(&server.address, probe);
        assert_eq!(answer.status, probe.status, "{}: {answer:#?}", probe.name);
        assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"), "{}", probe.name);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", probe.name);
        let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!(error, probe.error, "{}: {answer:#?}", probe.name);
        assert_eq!(answer.header("www-authenticate").is_some(), probe.status == 401, "{}", probe.name);
    }
    report("6", format!("{} hostile token requests", all.len()), "the RFC's error as JSON, each", "as the table's bar");
}

#[test]
fn h6_credentials_in_the_query_are_neither_read_nor_logged() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let form = FORM.replace(SECRET, "canary-4711");
    let request = format!(
        "POST {TOKEN}?{FORM}&{form} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let heard = exchange(&server.address, &[request.as_bytes()]);
    assert!(heard.statuses() == [400] && heard.body().contains("invalid_request"), "{heard:#?}");
    let told = heard.text + &server.log();
    assert!(!told.contains("canary-4711") && !told.contains(SECRET), "{told}");
    report("6", "credentials in the query", "400 invalid_request, 0 in the log", "not read, not logged");
}
