//! Rows of reference "errors", section 5, that need another policy, another key or an API that refuses.

use super::answer::mark;
use super::request::{TOKEN, good_form};
use super::{KEYS, refused, tenant};
use crate::http::{Answer, ClosedPort, Script, Scripted, get, post_form};
use crate::sandbox::{Sandbox, Server, repository_file};
use serde_json::Value;
use std::fs;

const REST: &str = "/contoso.onmicrosoft.com/B2C_1A_ClientCredentialsRest/oauth2/v2.0/token";

/// Error, code and message of a refusal that is well-formed, of status 400, and without a secret.
#[track_caller]
fn refusal(answer: &Answer) -> (String, String, String) {
    assert_eq!(answer.status, 400, "{answer:#?}");
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
    assert_eq!((answer.header("www-authenticate"), mark(&answer.body)), (None, None));
    let json = answer.json();
    assert_eq!(crate::jwt::names(json.as_object().expect("an object")), ["error", "error_description"]);
    let text = json["error_description"].as_str().expect("a description");
    let (told, rest) = text.rsplit_once("\r\nCorrelation ID: ").expect("a correlation id");
    assert!(rest.contains("\r\nTimestamp: ") && rest.ends_with("Z\r\n"), "{rest:?}");
    let (code, message) = told.split_once(": ").expect("a code");
    (json["error"].as_str().expect("an error").to_owned(), code.to_owned(), message.to_owned())
}

fn ask(server: &Server, path: &str) -> Answer {
    post_form(&server.address, path, "localhost", &good_form(&[]))
}

/// The three files of `policies/client-credentials-rest`, the extensions changed.
fn rest_policies(sandbox: &Sandbox, change: impl Fn(&str) -> String) -> String {
    for name in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
        let text = repository_file(&format!("policies/client-credentials-rest/{name}"));
        let text = if name == "TrustFrameworkExtensions.xml" { change(&text) } else { text };
        sandbox.write(&format!("policies/{name}"), text);
    }
    sandbox.path("policies").to_str().expect("a path that is text").to_owned()
}

fn serve_rest(sandbox: &Sandbox, policies: &str, address: &str) -> Server {
    let rest = format!("TokenAugmentation=http://{address}/");
    sandbox.serve(&[policies, "--tenant", &tenant(sandbox), "--rest", &rest])
}

#[test]
fn what_an_api_refuses_is_the_client_s_answer() {
    let contract = r#"{"version":"1.0.0","status":409,"userMessage":"The contract of Contoso has ended"}"#;
    let json = "application/json";
    let nobody = ClosedPort::new();
    let scripts = [
        (Script::new("409 Conflict", json, contract), "AADB2C90075", "The contract of Contoso has ended"),
        (Script::new("503 Service Unavailable", json, "{}"), "AADB2C90075", "Code 'ServiceUnavailable'"),
        (Script::new("400 Bad Request", "text/html", "<html>no</html>"), "AADB2C90261", "could not be parsed"),
    ];
    let sandbox = Sandbox::new();
    let policies = "policies/client-credentials-rest";
    for (script, code, text) in scripts {
        let api = Scripted::start(script);
        let server = serve_rest(&sandbox, policies, &api.address);
        let (error, told, message) = refusal(&ask(&server, REST));
        assert_eq!((error.as_str(), told.as_str()), ("server_error", code), "{message}");
        assert!(message.contains(text) && !message.contains('<'), "{message}");
        assert!(api.asked().iter().all(|it| mark(&it.body).is_none() && mark(&it.head).is_none()), "{:?}", api.asked());
    }
    let server = serve_rest(&sandbox, policies, &nobody.address);
    assert_eq!(refusal(&ask(&server, REST)).1, "AADB2C90075", "nobody is there");
}

#[test]
fn an_api_whose_key_is_missing() {
    let sandbox = Sandbox::new();
    let policies = rest_policies(&sandbox, |text| {
        let key = "</Metadata>\n<CryptographicKeys><Key Id=\"x-api-key\" StorageReferenceId=\"B2C_1A_CustomerApiKey\" /></CryptographicKeys>\n<InputClaims>";
        text.replace("\"AuthenticationType\">None<", "\"AuthenticationType\">ApiKeyHeader<").replacen(
            "</Metadata>\n          <InputClaims>",
            key,
            1,
        )
    });
    let nobody = ClosedPort::new();
    let server = serve_rest(&sandbox, &policies, &nobody.address);
    let (error, code, message) = refusal(&ask(&server, REST));
    assert_eq!((error.as_str(), code.as_str()), ("server_error", "AADB2C90073"));
    let expected = "KeyContainer with 'id': 'B2C_1A_CustomerApiKey' cannot be found in the directory";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn a_bearer_claim_that_has_no_value() {
    let sandbox = Sandbox::new();
    let policies = rest_policies(&sandbox, |text| {
        let bearer = "\"AuthenticationType\">Bearer</Item>\n<Item Key=\"UseClaimAsBearerToken\">customerId<";
        text.replace("\"AuthenticationType\">None<", bearer)
            .replace("<InputClaims>\n", "<InputClaims>\n<InputClaim ClaimTypeReferenceId=\"customerId\" />\n")
    });
    let nobody = ClosedPort::new();
    let server = serve_rest(&sandbox, &policies, &nobody.address);
    let (error, code, _) = refusal(&ask(&server, REST));
    assert_eq!((error.as_str(), code.as_str()), ("server_error", "AADB2C90194"), "{}", server.log());
}

/// A policy that Azure would not have taken answers with the catch-all, and only the log says why (decisions: a missing
/// journey is AADB2C90085 too).
#[test]
fn a_policy_that_can_t_run() {
    let sandbox = Sandbox::new();
    for (from, to, reason) in [
        (
            "\"ClientCredentialsUserJourneyId\">ClientCredentialsJourney<",
            "\"ClientCredentialsUserJourneyId\">Nowhere<",
            "`Nowhere`",
        ),
        ("TechnicalProfileReferenceId=\"ClientCredentials_Setup\"", "TechnicalProfileReferenceId=\"Gone\"", "`Gone`"),
        (
            "Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"JwtIssuer\"",
            "Type=\"SendClaims\"",
            "SendClaims",
        ),
    ] {
        let policies = sandbox.policies("policies", |_, text| text.replace(from, to));
        let server = sandbox.serve(&[&policies, "--tenant", &tenant(&sandbox)]);
        refused(&ask(&server, TOKEN), "400 invalid_grant 90085", None, to);
        assert!(server.log().contains(reason), "{}", server.log());
    }
}

/// Reference "tokens", section 1: the only key has expired, so nothing is signed and nothing is published.
#[test]
fn a_signing_key_that_has_expired() {
    let sandbox = Sandbox::new();
    let folder = tenant(&sandbox);
    let serve = || sandbox.serve(&["policies/client-credentials", "--tenant", &folder]);
    ask(&serve(), TOKEN).token();
    let file = sandbox.path("tenant/keys/B2C_1A_TokenSigningKeyContainer.json");
    let text = fs::read_to_string(&file).expect("the keyset");
    fs::write(&file, text.replacen("\"kty\"", "\"exp\": 1600000000, \"kty\"", 1)).expect("the keyset");
    let server = serve();
    let (error, code, message) = refusal(&ask(&server, TOKEN));
    assert_eq!((error.as_str(), code.as_str()), ("server_error", "AADB2C90019"));
    let expected = "The key container with ID 'B2C_1A_TokenSigningKeyContainer' in tenant 'contoso.onmicrosoft.com' does not have a valid key. Reason: ";
    assert!(message.starts_with(expected), "{message}");
    assert_eq!(get(&server.address, KEYS).json()["keys"], Value::Array(vec![]));
}

/// A keyset that is damaged: the client is not told what is in it, and no other key takes its place.
#[test]
fn a_signing_key_that_is_damaged() {
    let sandbox = Sandbox::new();
    let folder = tenant(&sandbox);
    let file = "tenant/keys/B2C_1A_TokenSigningKeyContainer.json";
    sandbox.write(file, "{\"keys\":[{\"kid\":\"canary\"");
    let server = sandbox.serve(&["policies/client-credentials", "--tenant", &folder]);
    let (error, code, message) = refusal(&ask(&server, TOKEN));
    assert_eq!((error.as_str(), code.as_str()), ("server_error", "AADB2C90019"));
    assert!(!message.contains("json") && !message.contains('/'), "{message}");
    assert_eq!(fs::read_to_string(sandbox.path(file)).expect("the keyset"), "{\"keys\":[{\"kid\":\"canary\"");
}
