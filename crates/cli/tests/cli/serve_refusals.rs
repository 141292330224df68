//! Requests that the service refuses, as far as they are no rows of `token_endpoint`.

use crate::http::{Answer, get, post, post_form, send};
use crate::sandbox::{Sandbox, Server, repository_file};
use serde_json::Value;

const TENANT: &str = "contoso.onmicrosoft.com";
const TOKEN: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const CLIENT: &str = "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521";
const SECRET: &str = "dev.ContosoClientCredentialsSecret000001";

/// The request that the fixture's app may make.
const GOOD: [(&str, &str); 4] = [
    ("grant_type", "client_credentials"),
    ("client_id", CLIENT),
    ("client_secret", SECRET),
    ("scope", "https://contoso.onmicrosoft.com/api/.default"),
];

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|it| if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

fn server(sandbox: &Sandbox) -> Server {
    let tenant = sandbox.tenant("contoso");
    sandbox.serve(&["policies/client-credentials", "--tenant", &tenant])
}

/// An error of the token endpoint: reference "errors", section 1. Gives code and message.
#[track_caller]
fn refusal(answer: &Answer) -> (String, String, String) {
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"), "{answer:#?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description"]);
    let description = json["error_description"].as_str().unwrap();
    let (first, rest) = description.rsplit_once("\r\nCorrelation ID: ").expect("a correlation id");
    let (id, time) = rest.split_once("\r\nTimestamp: ").expect("a timestamp");
    assert!(id.len() == 36 && id == id.to_lowercase(), "{id}");
    // yyyy-MM-dd HH:mm:ss, Z glued on, CR LF at the end.
    let shape: String = time.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    assert_eq!(shape, "0000-00-00 00:00:00Z\r\n");
    let (code, message) = first.split_once(": ").expect("a code");
    (json["error"].as_str().unwrap().to_owned(), code.to_owned(), message.to_owned())
}

#[test]
fn the_correlation_id_of_an_answer_is_in_the_log() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let answer = post_form(&server.address, TOKEN, "localhost", "");
    let description = answer.json()["error_description"].as_str().unwrap().to_owned();
    let id = description.split("Correlation ID: ").nth(1).unwrap().split('\r').next().unwrap().to_owned();
    assert!(server.log().contains(&id), "{id} is not in: {}", server.log());
}

#[test]
fn basic_credentials_that_are_wrong_are_challenged() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let body = form([GOOD[0], GOOD[3]]);
    // printf '3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521:wrong' | base64
    let wrong = "Basic M2I1YzJkMWUtN2Y2MC00YThiLWI5YzAtZDFlMmYzYTRiNTIxOndyb25n";
    let headers = [("Host", "localhost"), ("Content-Type", URLENCODED), ("Authorization", wrong)];
    let answer = post(&server.address, TOKEN, &headers, body.as_bytes());
    assert_eq!(answer.status, 401, "{answer:#?}");
    assert!(answer.header("www-authenticate").is_some_and(|it| it.starts_with("Basic ")), "{answer:#?}");
    assert_eq!(refusal(&answer).1, "AADB2C90081");
    // RFC 6749 section 2.3: one method a request.
    let both = post(&server.address, TOKEN, &headers, form(GOOD).as_bytes());
    assert_eq!(refusal(&both).0, "invalid_request");
}

#[test]
fn an_expired_secret_is_a_wrong_secret() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let path = "apps/ClientCredentials_app.json";
    let manifest = repository_file(&format!("fixtures/contoso/{path}"));
    assert!(manifest.contains("2299-12-31T00:00:00Z"));
    sandbox.write(&format!("contoso/{path}"), manifest.replace("2299-12-31T00:00:00Z", "2023-01-01T00:00:00Z"));
    let server = sandbox.serve(&["policies/client-credentials", "--tenant", &tenant]);
    let answer = post_form(&server.address, TOKEN, "localhost", &form(GOOD));
    assert_eq!((answer.status, refusal(&answer).1.as_str()), (400, "AADB2C90081"));
}

#[test]
fn unknown_tenants_policies_and_paths_are_not_found_in_html() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    for path in [
        "/contoso.onmicrosoft.com/B2C_1A_Nothing/oauth2/v2.0/token",
        "/fabrikam.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token",
        "/contoso.onmicrosoft.com/oauth2/v2.0/token",
        "/contoso.onmicrosoft.com/oauth2/v2.0/token?p=",
        "/contoso.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1A_Nothing",
        "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token?p=B2C_1_susi",
        // A base and extensions have no relying party: they can't be called.
        "/contoso.onmicrosoft.com/B2C_1A_CC_Base/oauth2/v2.0/token",
        "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v1.0/token",
        "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials",
        "/contoso.onmicrosoft.com/B2C_1A_ClientCredentials/../../etc/passwd",
        "/%00/%ff/oauth2/v2.0/token",
        "/",
    ] {
        let answer = post_form(&server.address, path, "localhost", &form(GOOD));
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html")), "{path}: {answer:#?}");
        assert!(answer.body.contains("404 - File or directory not found."), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    }
    for path in [
        "/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
        "/contoso.onmicrosoft.com/B2C_1A_Nothing/v2.0/.well-known/openid-configuration",
        "/contoso.onmicrosoft.com/B2C_1A_Nothing/discovery/v2.0/keys",
        "/contoso.onmicrosoft.com/B2C_1A_CC_Base/discovery/v2.0/keys",
    ] {
        assert_eq!(get(&server.address, path).status, 404, "{path}");
    }
}

#[test]
fn a_token_is_never_given_to_a_get() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let answer = get(&server.address, &format!("{TOKEN}?{}", form(GOOD)));
    assert!([400, 405].contains(&answer.status), "{answer:#?}");
    assert_eq!(refusal(&answer).1, "AADB2C90226");
    // Nor are parameters of the URL read when it is a POST.
    let answer = post_form(&server.address, &format!("{TOKEN}?{}", form(GOOD)), "localhost", "");
    assert_eq!(refusal(&answer).1, "AADB2C90083");
    let put = format!("PUT {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert!([400, 405].contains(&send(&server.address, put.as_bytes()).status));
}

#[test]
fn bodies_over_64_kib_are_refused_and_the_service_goes_on() {
    let sandbox = Sandbox::new();
    let server = server(&sandbox);
    let padded = |length: usize| {
        let start = format!("{}&padding=", form(GOOD));
        format!("{start}{}", "x".repeat(length - start.len()))
    };
    post_form(&server.address, TOKEN, "localhost", &padded(64 * 1024)).token();
    let answer = post_form(&server.address, TOKEN, "localhost", &padded(64 * 1024 + 1));
    assert_eq!(answer.status, 413, "{answer:#?}");
    let chunk = format!("{:x}\r\n{}\r\n", 32 * 1024, "x".repeat(32 * 1024));
    let chunked = format!(
        "POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{}0\r\n\r\n",
        chunk.repeat(3)
    );
    assert_eq!(send(&server.address, chunked.as_bytes()).status, 413);
    post_form(&server.address, TOKEN, "localhost", &form(GOOD)).token();
}

#[test]
fn an_app_without_grants_gets_a_token_without_scp() {
    let sandbox = Sandbox::new();
    let tenant = sandbox.tenant("contoso");
    let path = "apps/ClientCredentials_app.wayfarer.toml";
    let text = repository_file(&format!("fixtures/contoso/{path}"));
    let lines: Vec<&str> =
        text.lines().filter(|it| !it.starts_with("resource_app_id") && !it.starts_with("app_role_id")).collect();
    sandbox.write(&format!("contoso/{path}"), lines.join("\n").replace("[[app_role_assignments]]", ""));
    let server = sandbox.serve(&["policies/client-credentials", "--tenant", &tenant]);
    let answer = post_form(&server.address, TOKEN, "localhost", &form(GOOD));
    let claims = crate::jwt::read(&answer.token()).1;
    assert_eq!((claims.get("scp"), &claims["azp"]), (None, &Value::from(CLIENT)));
    assert_eq!(server.tenant, TENANT);
}
