//! Microsoft's starter packs and samples, from `$WAYFARER_CORPUS`: policies that nobody here wrote.

use crate::jwt::{is_signed_by, names};
use crate::sandbox::Sandbox;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The public policies, or `None` (and a note) where they are not at hand.
fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("WAYFARER_CORPUS").filter(|it| !it.is_empty()).map(PathBuf::from);
    match &corpus {
        Some(folder) => assert!(folder.is_dir(), "WAYFARER_CORPUS names no folder: {}", folder.display()),
        None => println!("not run: WAYFARER_CORPUS names no folder with the public policies"),
    }
    corpus
}

fn below(corpus: &std::path::Path, name: &str) -> String {
    corpus.join(name).display().to_string()
}

#[test]
fn the_client_credentials_sample_runs_unchanged() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let (pack, sample) =
        (below(&corpus, "starterpack/SocialAndLocalAccounts"), below(&corpus, "samples/client_credentials_flow"));
    let tenant = sandbox.tenant("contoso");
    let policy = "B2C_1A_Demo_ClientCredentialsFlow";
    let ended = sandbox.wayfarer(&["run", &pack, &sample, "--policy", policy, "--tenant", &tenant, "--format", "json"]);
    ended.fine();
    let json = ended.json();
    let claims = json["claims"].as_object().unwrap();
    // `displayName` and `tenantId` travel as `name` and `tid` (DefaultPartnerClaimTypes of the starter pack); `objectId`
    // would be `sub`, is empty in this journey, and leaves the row to the service principal.
    let order = [
        "aud",
        "iss",
        "exp",
        "nbf",
        "name",
        "sub",
        "tid",
        "Credentials",
        "RandomValue",
        "scp",
        "azpacr",
        "oid",
        "ver",
        "azp",
        "iat",
    ];
    assert_eq!(names(claims), order);
    assert_eq!(claims["Credentials"], "OAuth 2.0 Client Credentials");
    let random = claims["RandomValue"].as_str().unwrap();
    assert!(!random.is_empty() && random.bytes().all(|it| it.is_ascii_digit()), "{random}");
    assert_eq!(claims["name"], "Empty value 2");
    assert_eq!(claims["tid"], "775527ff-9a37-4307-8b3d-cc311f58d925");
    assert_eq!(claims["sub"], claims["oid"]);
    assert_eq!(claims["scp"], "app.read app.write");
    let keys = sandbox.wayfarer(&["key", "jwks", &pack, &sample, "--policy", policy, "--tenant", &tenant]);
    assert!(is_signed_by(json["response"]["access_token"].as_str().unwrap(), &keys.json()));
}

#[test]
fn the_sample_s_unfillable_claims_are_its_only_warnings() {
    let Some(corpus) = corpus() else { return };
    let (pack, sample) =
        (below(&corpus, "starterpack/SocialAndLocalAccounts"), below(&corpus, "samples/client_credentials_flow"));
    let ended = Sandbox::new().wayfarer(&["check", &sample, "--base", &pack, "--format", "json"]);
    ended.fine();
    let json = ended.json();
    let found: Vec<(&str, &str)> = json
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["severity"] != "info")
        .map(|it| (it["code"].as_str().unwrap(), it["message"].as_str().unwrap()))
        .collect();
    let (masked, found): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|it| it.0 == "client-credentials-default-masks");
    let masks = "`displayName` is `Empty value 2` in the token, always: `ClientCredentialsJourney` does not set it";
    assert_eq!(masked, [("client-credentials-default-masks", masks)]);
    assert!(found.iter().all(|it| it.0 == "client-credentials-output-unfillable"), "{found:?}");
    let claims: Vec<&str> = found.iter().map(|it| it.1.rsplit('`').nth(1).unwrap()).collect();
    assert_eq!(claims, ["givenName", "surname", "email", "objectId"]);
}

#[test]
fn the_starter_packs_have_no_errors() {
    let Some(corpus) = corpus() else { return };
    for pack in ["LocalAccounts", "SocialAccounts", "SocialAndLocalAccounts", "SocialAndLocalAccountsWithMfa"] {
        for folder in ["starterpack", "starterpack/Display Controls Starterpack"] {
            let path = below(&corpus, &format!("{folder}/{pack}"));
            let ended = Sandbox::new().wayfarer(&["check", &path, "--format", "json"]);
            let json = ended.json();
            // The packs' own refresh journey reads neither from the directory nor from the token.
            let known = |it: &Value| it["code"] == "refresh-loses-claims" || it["severity"] == "info";
            let errors: Vec<&Value> = json.as_array().unwrap().iter().filter(|it| !known(it)).collect();
            assert!(errors.is_empty() && ended.code == 0, "{path}: {errors:#?}");
        }
    }
}

#[test]
fn all_public_policies_are_judged_at_once() {
    let Some(corpus) = corpus() else { return };
    let path = corpus.display().to_string();
    let ended = Sandbox::new().wayfarer(&["check", &path, "--format", "json"]);
    assert_eq!(ended.code, 1, "two of the samples are malformed: {}", ended.stderr);
    let json = ended.json();
    let findings = json.as_array().unwrap();
    assert!(findings.iter().any(|it| it["code"] == json!("xml-malformed")));
    for finding in findings {
        let at = |name: &str| (finding[name]["line"].as_u64().unwrap(), finding[name]["column"].as_u64().unwrap());
        assert!(at("location") >= (1, 1) && at("end_location") >= at("location"), "{finding:#}");
        assert!(finding["filename"].as_str().unwrap().starts_with(&path), "{finding:#}");
    }
}
