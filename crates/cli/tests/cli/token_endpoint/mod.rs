//! The token endpoint under attack. Each row of `rows/*.toml` is one request through the binary and what must come back
//! (RFC 6749 sections 2.3, 4.4, 5.1, 5.2 and its appendices; references "errors" and "endpoints"); what needs another
//! policy, key or listener is a test of its own. `rfc9700.toml` tells which test stands for which recommendation.

mod answer;
mod assertions;
mod failures;
mod own_tokens;
mod request;
mod rfc9700;

use crate::http::{Answer, get, send};
use crate::sandbox::{Sandbox, Server, repository_file, root};
use answer::{Messages, judge, mark};
use request::Row;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

const KEYS: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/discovery/v2.0/keys";
const VECTORS: &str = "crates/oauth/src/grants/client_credentials/vectors";

/// The tenant of the grant's vectors, an app for each thing that can be right or wrong, as `localhost`. There one secret
/// begins in 2026, which is past by now.
fn tenant(sandbox: &Sandbox) -> String {
    for entry in fs::read_dir(root().join(VECTORS).join("apps")).expect("the apps").flatten() {
        let name = entry.file_name().into_string().expect("a name that is text");
        let text = repository_file(&format!("{VECTORS}/apps/{name}"));
        sandbox.write(&format!("tenant/apps/{name}"), text.replace("2026-01-01T", "2098-01-01T"));
    }
    let settings = repository_file(&format!("{VECTORS}/tenant.toml"));
    assert!(settings.contains("hosts = ["));
    sandbox.write("tenant/tenant.toml", settings.replace("hosts = [", "hosts = [\"localhost\", "));
    sandbox.path("tenant").to_str().expect("a path that is text").to_owned()
}

fn server(sandbox: &Sandbox) -> Server {
    let tenant = tenant(sandbox);
    sandbox.serve(&["policies/client-credentials", "--tenant", &tenant])
}

fn keys(server: &Server) -> Value {
    get(&server.address, KEYS).json()
}

fn rows(group: &str) -> Vec<Row> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rows {
        row: Vec<Row>,
    }
    let file = format!("crates/cli/tests/cli/token_endpoint/rows/{group}.toml");
    toml::from_str::<Rows>(&repository_file(&file)).unwrap_or_else(|error| panic!("{file}: {error}")).row
}

/// Sends every row of a group to one server, and tells all that are answered otherwise.
fn hold(group: &str, at_least: usize) {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let (keys, messages, rows) = (keys(&server), Messages::read(), rows(group));
    assert!(rows.len() >= at_least, "{} rows", rows.len());
    assert_eq!(rows.iter().map(|it| &it.name).collect::<BTreeSet<_>>().len(), rows.len(), "a name is there twice");
    let (mut wrong, mut ids) = (Vec::new(), BTreeSet::new());
    for row in &rows {
        let answer = send(&server.address, &row.bytes());
        match judge(row, &answer, &keys, &messages) {
            Ok(None) => {}
            Ok(Some(id)) => assert!(ids.insert(id), "{}: its correlation id is another request's", row.name),
            Err(problem) => wrong.push(format!("{}: {problem}", row.name)),
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows of `{group}`:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    logged(&server.log(), &ids);
}

/// A refusal as rows have it, of a request that is none.
#[track_caller]
fn refused(answer: &Answer, expected: &str, told: Option<&str>, name: &str) {
    if let Err(problem) = judge(&Row::expecting(expected, told), answer, &Value::Null, &Messages::read()) {
        panic!("{name}: {problem}: {answer:#?}");
    }
}

/// Each refusal is in the log by its id; no secret is, and nothing that was sent breaks its lines.
fn logged(log: &str, ids: &BTreeSet<String>) {
    assert_eq!(mark(log), None, "{log}");
    assert!(!log.contains("scope-mixed-up"), "{log}");
    assert!(!log.chars().any(|it| it.is_control() && it != '\n'), "{log:?}");
    let missing: Vec<&String> = ids.iter().filter(|id| !log.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in {log}");
}

#[test]
fn every_parameter_missing_empty_repeated_misplaced_and_misspelt() {
    hold("parameters", 100);
}

#[test]
fn every_encoding_of_a_body() {
    hold("bodies", 50);
}

#[test]
fn every_way_to_authenticate() {
    hold("authentication", 40);
}

#[test]
fn every_rule_of_scopes() {
    hold("scopes", 45);
}

#[test]
fn every_state_of_a_registration() {
    hold("registrations", 15);
}

#[test]
fn every_method_and_url() {
    hold("urls", 30);
}

/// Reference "endpoints", section 2.1: no origin is registered here. A preflight is answered or refused, and no page of a
/// stranger may use the cookies or credentials of whoever looks at it.
#[test]
fn a_preflight_of_the_token_endpoint_promises_nothing() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let request = format!(
        "OPTIONS {} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://attacker.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\nConnection: close\r\n\r\n",
        request::TOKEN
    );
    let answer = send(&server.address, request.as_bytes());
    assert!([200, 204, 400].contains(&answer.status), "{answer:#?}");
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_ne!(answer.header("access-control-allow-origin"), Some("https://attacker.example"));
    if answer.status == 400 {
        refused(&answer, "400 invalid_request 90226", None, "a preflight");
    }
}
