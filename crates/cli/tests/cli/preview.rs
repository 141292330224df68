//! `preview`: which claims a token will carry, told without running the journey, and held against what a run gives.

use crate::sandbox::{Ended, Sandbox, repository_file};
use serde_json::{Map, Value};
use std::fs;

fn journey(preview: &Ended, at: usize) -> Value {
    preview.json()["journeys"][at].clone()
}

fn claim<'a>(journey: &'a Value, name: &str) -> &'a Value {
    let claims = journey["claims"].as_array().expect("claims");
    claims.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no `{name}` in {journey:#}"))
}

/// What the preview says of each claim holds in a token that was issued.
fn holds(journey: &Value, token: &Map<String, Value>) {
    let claims = journey["claims"].as_array().expect("claims");
    for claim in claims {
        let name = claim["name"].as_str().expect("a name");
        let is_system = journey["systemClaims"].as_array().is_some_and(|it| it.iter().any(|it| it["name"] == name));
        match claim["presence"].as_str() {
            Some("always") => assert!(token.contains_key(name), "`{name}` is missing in {token:#?}"),
            Some("never") => assert!(is_system || !token.contains_key(name), "`{name}` is in {token:#?}"),
            _ => {}
        }
        if claim["constant"] == true {
            let value = claim["values"][0].as_str().expect("a value");
            assert_eq!(token.get(name).map(Value::to_string).as_deref(), Some(value), "{name}");
        }
    }
    for claim in
        journey["systemClaims"].as_array().expect("system claims").iter().filter(|it| it["presence"] == "always")
    {
        assert!(token.contains_key(claim["name"].as_str().expect("a name")), "{claim} is missing in {token:#?}");
    }
}

#[test]
fn what_is_told_holds_in_the_token_of_a_run() {
    let sandbox = Sandbox::new();
    let policies = "policies/client-credentials";
    let preview = sandbox.wayfarer(&["preview", policies, "--flow", "client-credentials", "--format", "json"]);
    let run = sandbox.wayfarer(&["run", policies, "--format", "json"]).json();
    let journey = journey(&preview, 0);
    holds(&journey, run["claims"].as_object().expect("claims"));
    let gty = claim(&journey, "gty");
    assert_eq!((&gty["presence"], &gty["values"][0]), (&"always".into(), &"\"client_credentials\"".into()));
    let origin = gty["origins"][0].clone();
    assert_eq!(origin["step"], "step 1");
    assert!(origin["place"].as_str().is_some_and(|it| it.ends_with("TrustFrameworkBase.xml:65:48")), "{origin}");
}

/// A REST API may leave a claim out, a default fills in where it has one, and a precondition tells on what it depends.
#[test]
fn a_claim_that_may_be_missing_tells_on_what_it_depends() {
    let sandbox = Sandbox::new();
    let rest = "policies/client-credentials-rest";
    let preview = sandbox.wayfarer(&["preview", rest, "--flow", "client-credentials", "--format", "json"]);
    let from_rest = journey(&preview, 0);
    let customer = claim(&from_rest, "customer_id");
    assert_eq!((&customer["presence"], &customer["jsonType"]), (&"maybe".into(), &"string".into()));
    assert_eq!(customer["remarks"][0], "it may be missing after steps 1, 2 and 3");
    let answer = "`customerId` in the answer of `TokenAugmentation` (RESTful service)";
    assert_eq!((&customer["origins"][0]["what"], &customer["origins"][0]["step"]), (&answer.into(), &"step 2".into()));
    assert_eq!(claim(&from_rest, "quota")["presence"], "always", "its default fills in");

    let step = "<Preconditions><Precondition Type=\"ClaimsExist\" ExecuteActionsIf=\"true\"><Value>tier</Value><Action>\
                SkipThisOrchestrationStep</Action></Precondition></Preconditions><ClaimsExchanges>";
    let set = sandbox.policies("set", |_, text| {
        let at = text
            .find("Id=\"TokenAugmentation\" TechnicalProfileReferenceId")
            .and_then(|it| text[..it].rfind("<ClaimsExchanges>"));
        match at {
            Some(at) => format!("{}{step}{}", &text[..at], &text[at + "<ClaimsExchanges>".len()..]),
            None => text,
        }
    });
    let text = sandbox.wayfarer(&["preview", &set, "--flow", "client-credentials"]).fine().to_owned();
    assert!(text.contains("always  ticket"), "no claim `tier` is ever set, so the step always runs: {text}");
}

#[test]
fn a_page_is_one_file_and_holds_no_markup_of_the_policy() {
    let sandbox = Sandbox::new();
    let set = sandbox.policies("set", |_, text| {
        text.replace("DefaultValue=\"client_credentials\"", "DefaultValue=\"&lt;script&gt;alert(1)&lt;/script&gt;\"")
    });
    let page = sandbox.wayfarer(&["preview", &set, "--format", "html"]).fine().to_owned();
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script"), "escaped");
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing is loaded from elsewhere");
}

#[test]
fn what_can_t_be_told_is_an_error_with_a_next_step() {
    let sandbox = Sandbox::new();
    let unknown = sandbox.wayfarer(&["preview", "policies/client-credentials", "--policy", "B2C_1A_ClientCredential"]);
    unknown.refused(2, &["there is no policy", "did you mean `B2C_1A_ClientCredentials`?"]);
    let lone = sandbox.write("lone/Rp.xml", repository_file("policies/client-credentials/ClientCredentials.xml"));
    sandbox.wayfarer(&["preview", &lone]).refused(1, &["base-missing", "the chain is not sound"]);
    let none = sandbox.policies("none", |_, text| text.replace("ClientCredentialsUserJourneyId", "Nothing"));
    let ended = sandbox.wayfarer(&["preview", &none, "--flow", "client-credentials"]);
    ended.refused(2, &["names no client credentials journey that exists"]);
}

/// The public sample: `displayName` is always its default, and `No Value` would hide a claim that goes missing.
#[test]
fn the_public_sample_is_told_as_it_is() {
    let Some(corpus) = std::env::var_os("WAYFARER_CORPUS").filter(|it| !it.is_empty()) else {
        println!("not run: WAYFARER_CORPUS names no folder with the public policies");
        return;
    };
    let corpus = fs::canonicalize(corpus).expect("the corpus");
    let below = |name: &str| corpus.join(name).display().to_string();
    let (pack, sample) = (below("starterpack/SocialAndLocalAccounts"), below("samples/client_credentials_flow"));
    let sandbox = Sandbox::new();
    let policy = "B2C_1A_Demo_ClientCredentialsFlow";
    let preview = sandbox.wayfarer(&["preview", &sample, "--base", &pack, "--policy", policy, "--format", "json"]);
    let client_credentials = journey(&preview, 0);
    let name = claim(&client_credentials, "name");
    assert_eq!((&name["presence"], &name["values"][0]), (&"always".into(), &"\"Empty value 2\"".into()));
    assert_eq!(name["remarks"][0], "nothing in this journey sets `displayName`: `Empty value 2` stands in for it");
    let random = claim(&client_credentials, "RandomValue");
    let hides = "the default `No Value` is never used, and would hide it if the journey no longer set the claim";
    assert_eq!(random["remarks"][0], hides);
    for absent in ["given_name", "family_name", "email"] {
        assert_eq!(claim(&client_credentials, absent)["presence"], "never", "{absent}");
    }
    // For a user, `No Value` stands in for what only the client credentials journey sets; the subject is always there.
    let default = journey(&preview, 1);
    let remark = "nothing in this journey sets `RandomValue`: `No Value` stands in for it";
    assert_eq!(claim(&default, "RandomValue")["remarks"][0], remark);
    assert_eq!(claim(&default, "sub")["presence"], "always");
    let tenant = sandbox.tenant("contoso");
    let run = sandbox.wayfarer(&["run", &pack, &sample, "--policy", policy, "--tenant", &tenant, "--format", "json"]);
    holds(&client_credentials, run.json()["claims"].as_object().expect("claims"));
}
