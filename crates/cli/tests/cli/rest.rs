//! `policies/client-credentials-rest` against a real HTTP server: what is asked, and what each answer becomes.

use crate::http::{ClosedPort, Script, Scripted};
use crate::sandbox::{Ended, Sandbox, repository_file};
use serde_json::{Value, json};

const POLICIES: &str = "policies/client-credentials-rest";
const JSON: &str = "application/json";

fn run(sandbox: &Sandbox, policies: &str, address: &str, more: &[&str]) -> Ended {
    let rest = format!("TokenAugmentation=http://{address}/describe");
    sandbox.wayfarer(&[&["run", policies, "--format", "json", "--rest", &rest], more].concat())
}

/// A failed outcome: exit 1, the code, no token anywhere.
#[track_caller]
fn failed(ended: &Ended, code: &str, message: &str) -> Value {
    assert_eq!(ended.code, 1, "{ended:#?}");
    let json = ended.json();
    assert_eq!(json["outcome"], "failed");
    assert_eq!((&json["response"], &json["header"], &json["claims"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(json["error"]["code"], code, "{:#}", json["error"]);
    assert!(json["error"]["message"].as_str().unwrap().contains(message), "{:#}", json["error"]);
    assert_eq!((&json["error"]["step"], &json["error"]["technical_profile"]), (&json!(2), &json!("TokenAugmentation")));
    assert!(!ended.stdout.contains("eyJ") && !ended.stderr.contains("eyJ"), "{ended:#?}");
    json
}

#[test]
fn the_api_is_asked_as_the_readme_says_and_its_answer_is_in_the_token() {
    let sandbox = Sandbox::new();
    // The answer is the README's example.
    let answer = r#"{"customerId":"C-1042","roles":["reader","writer"],"quota":120}"#;
    assert!(repository_file("policies/client-credentials-rest/README.md").contains(answer));
    let server = Scripted::start(Script::new("200 OK", JSON, answer));
    let ended = run(&sandbox, POLICIES, &server.address, &[]);
    ended.fine();
    let json = ended.json();
    assert_eq!(json["claims"]["customer_id"], "C-1042");
    assert_eq!(json["claims"]["roles"], json!(["reader", "writer"]));
    assert_eq!(json["claims"]["quota"], 120);
    let notes = json["trace"][1]["notes"].to_string();
    assert!(notes.contains(&format!("http://{}/describe", server.address)), "the override is told: {notes}");

    let asked = server.asked();
    assert_eq!(asked.len(), 1, "{asked:#?}");
    let head = asked[0].head.to_lowercase();
    assert!(head.starts_with("post /describe http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/json"), "{head}");
    assert!(!head.contains("authorization"), "{head}");
    // Compared as text: the members have the policy's order.
    let body =
        r#"{"clientId":"3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521","scope":"https://contoso.onmicrosoft.com/api/.default"}"#;
    assert_eq!(asked[0].body, body);
}

#[test]
fn an_override_of_a_profile_that_isn_t_there_is_told() {
    let sandbox = Sandbox::new();
    let server = Scripted::start(Script::new("200 OK", JSON, r#"{"customerId":"C-1"}"#));
    let canary = Scripted::start(Script::new("200 OK", JSON, r#"{"customerId":"stolen"}"#));
    let misspelt = format!("TokenAugmentatio=http://{}/", canary.address);
    let ended = run(&sandbox, POLICIES, &server.address, &["--rest", &misspelt]);
    assert!(ended.stderr.contains("the policy has no technical profile `TokenAugmentatio`"), "{ended:#?}");
    assert_eq!((&ended.json()["claims"]["customer_id"], canary.asked().len()), (&json!("C-1"), 0));
}

#[test]
fn answers_that_end_the_journey() {
    let contract = r#"{"version":"1.0.0","status":409,"userMessage":"The contract of Contoso has ended"}"#;
    let big = [b"{\"customerId\":\"".as_slice(), &vec![b'x'; 10_000_000], b"\"}"].concat();
    let text = "returned HTTP error response with Code";
    for (name, script, code, message) in [
        (
            "the API refuses",
            Script::new("409 Conflict", JSON, contract),
            "AADB2C90075",
            "The contract of Contoso has ended",
        ),
        (
            "the same with 400",
            Script::new("400 Bad Request", JSON, contract),
            "AADB2C90075",
            "The contract of Contoso has ended",
        ),
        (
            "500",
            Script::new("500 Internal Server Error", JSON, "{}"),
            "AADB2C90075",
            "Code 'InternalServerError' and Reason 'Internal Server Error'",
        ),
        (
            "502 in HTML",
            Script::new("502 Bad Gateway", "text/html", "<html>no</html>"),
            "AADB2C90075",
            "Code 'BadGateway'",
        ),
        (
            "400 in HTML",
            Script::new("400 Bad Request", "text/html", "<html>no</html>"),
            "AADB2C90261",
            "could not be parsed",
        ),
        ("404", Script::new("404 Not Found", JSON, ""), "AADB2C90075", "Code 'NotFound' and Reason 'Not Found'"),
        ("401", Script::new("401 Unauthorized", JSON, ""), "AADB2C90075", text),
        ("10 MB", Script::new("200 OK", JSON, big), "AADB2C90075", "Failed to establish connection"),
        ("a wrong type", Script::new("200 OK", JSON, r#"{"quota":"many"}"#), "AADB2C90255", "TokenAugmentation"),
        (
            "half an answer",
            Script::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
            "AADB2C90075",
            "Failed to establish connection",
        ),
        (
            "no HTTP",
            Script::Bytes(b"220 mail.contoso.example ESMTP\r\n".to_vec()),
            "AADB2C90075",
            "Failed to establish connection",
        ),
    ] {
        let sandbox = Sandbox::new();
        let server = Scripted::start(script);
        let ended = run(&sandbox, POLICIES, &server.address, &[]);
        println!("{name}");
        failed(&ended, code, message);
        assert_eq!(server.asked().len(), 1, "{name}: only silence is asked again");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let sandbox = Sandbox::new();
    let canary = Scripted::start(Script::new("200 OK", JSON, r#"{"customerId":"stolen"}"#));
    let to = format!("Location: http://{}/", canary.address);
    let server = Scripted::start(Script::with_header("302 Found", JSON, &to, ""));
    failed(&run(&sandbox, POLICIES, &server.address, &[]), "AADB2C90075", "Code 'Found'");
    assert_eq!(canary.asked().len(), 0);
}

#[test]
fn an_api_that_is_down() {
    let sandbox = Sandbox::new();
    let nobody = ClosedPort::new();
    let ended = run(&sandbox, POLICIES, &nobody.address, &[]);
    failed(&ended, "AADB2C90075", &format!("Restful service URL: http://{}/describe", nobody.address));
}

#[test]
fn an_api_that_says_nothing_is_asked_three_times() {
    let sandbox = Sandbox::new();
    let server = Scripted::start(Script::Silence);
    let ended = run(&sandbox, POLICIES, &server.address, &["--rest-timeout", "1"]);
    failed(&ended, "AADB2C90075", "within timeout limit 1 seconds");
    assert_eq!(server.asked().len(), 3);
}

/// Reference "technical-profiles", B1.3: a success without JSON returns no claim, and defaults apply.
#[test]
fn a_success_without_json_returns_no_claim() {
    for (content_type, body, note) in [
        ("text/html", "<html>hello</html>", "the body is not JSON"),
        (JSON, r#"{"customerId":"C-1042","#, "the body is not JSON"),
        (JSON, "", "the body is empty"),
        (JSON, &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), "the body is"),
    ] {
        let sandbox = Sandbox::new();
        let server = Scripted::start(Script::new("200 OK", content_type, body));
        let ended = run(&sandbox, POLICIES, &server.address, &[]);
        ended.fine();
        let json = ended.json();
        let claims = json["claims"].as_object().unwrap();
        assert!(!claims.contains_key("customer_id") && !claims.contains_key("roles"), "{claims:?}");
        assert_eq!(claims["quota"], 60, "its DefaultValue");
        assert!(json["trace"][1]["notes"].to_string().contains(note), "{:#}", json["trace"][1]);
    }
}

#[test]
fn an_api_key_comes_from_a_policy_key() {
    let sandbox = Sandbox::new();
    for name in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
        let text = repository_file(&format!("policies/client-credentials-rest/{name}"));
        let key = "</Metadata>\n<CryptographicKeys><Key Id=\"x-api-key\" StorageReferenceId=\"B2C_1A_CustomerApiKey\" /></CryptographicKeys>\n<InputClaims>";
        let text = text.replace("\"AuthenticationType\">None<", "\"AuthenticationType\">ApiKeyHeader<");
        let text = text.replacen("</Metadata>\n          <InputClaims>", key, 1);
        sandbox.write(&format!("policies/{name}"), text);
    }
    let folder = sandbox.path("policies").display().to_string();
    let server = Scripted::start(Script::new("200 OK", JSON, r#"{"customerId":"C-1"}"#));
    // Without the key: an error that names the container, and no call.
    let missing = run(&sandbox, &folder, &server.address, &[]);
    failed(&missing, "AADB2C90073", "B2C_1A_CustomerApiKey");
    assert_eq!(server.asked().len(), 0);

    let secret = "s3cret-canary-4711";
    let set = sandbox.wayfarer_reading(&["key", "set-secret", "B2C_1A_CustomerApiKey"], &format!("{secret}\n"));
    assert_eq!(set.fine(), "");
    let ended = run(&sandbox, &folder, &server.address, &[]);
    ended.fine();
    assert!(server.asked()[0].head.contains(&format!("x-api-key: {secret}")), "{:?}", server.asked());
    assert!(!format!("{ended:?}{set:?}").contains("canary"), "a secret is never shown");
    sandbox
        .wayfarer_reading(&["key", "set-secret", "B2C_1A_CustomerApiKey"], "another\n")
        .refused(2, &["B2C_1A_CustomerApiKey"]);
    sandbox.wayfarer_reading(&["key", "set-secret", "B2C_1A_Empty"], "\n").refused(2, &["holds no secret"]);
}
