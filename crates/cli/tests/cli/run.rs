//! `wayfarer run`: the journey of `policies/client-credentials`, whose README and files say what must come out.

use crate::jwt;
use crate::sandbox::{Sandbox, repository_file};
use serde_json::{Value, json};

const POLICIES: &str = "policies/client-credentials";
const API: &str = "8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11";
const CLIENT: &str = "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521";
const PRINCIPAL: &str = "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b23";
const TENANT: &str = "775527ff-9a37-4307-8b3d-cc311f58d925";
/// 2026-01-31T08:00:00Z: `date -u -d 2026-01-31T08:00:00Z +%s`.
const NOW: (&str, i64) = ("2026-01-31T08:00:00Z", 1_769_846_400);

#[test]
fn the_json_has_the_members_of_the_contract() {
    let sandbox = Sandbox::new();
    let ended = sandbox.wayfarer(&["run", POLICIES, "--format", "json", "--now", NOW.0, "--seed", "7"]);
    ended.fine();
    let json = ended.json();
    let contract = ["outcome", "policy", "journey", "response", "header", "claims", "bag", "trace", "error"];
    assert_eq!(jwt::names(json.as_object().unwrap()), contract);
    assert_eq!(json["outcome"], "completed");
    assert_eq!(json["policy"], "B2C_1A_ClientCredentials");
    assert_eq!(json["journey"], "ClientCredentialsJourney");
    assert_eq!(json["error"], Value::Null);

    // The six members of the documented answer, in its order.
    let response = json["response"].as_object().unwrap();
    let six = ["access_token", "token_type", "not_before", "expires_in", "expires_on", "resource"];
    assert_eq!(jwt::names(response), six);
    assert_eq!(response["token_type"], "Bearer");
    assert_eq!(response["not_before"], NOW.1);
    assert_eq!(response["expires_in"], 3600);
    assert_eq!(response["expires_on"], NOW.1 + 3600);
    assert_eq!(response["resource"], API);

    // `header` and `claims` are the token's own, in the token's order.
    let (header, payload) = jwt::read(response["access_token"].as_str().unwrap());
    assert_eq!(json["header"], Value::Object(header.clone()));
    assert_eq!(json["claims"].to_string(), Value::Object(payload).to_string());
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_eq!(header.len(), 3, "alg, kid and typ: {header:?}");

    // What the steps left in the bag: see the extensions' middle step.
    let bag = json["bag"].as_object().unwrap();
    let claims = ["grantType", "correlationId", "plan", "ticketNumber", "ticket", "features"];
    assert_eq!(jwt::names(bag), claims);
    assert_eq!((&bag["grantType"], &bag["plan"]), (&json!("client_credentials"), &json!("standard")));
    let number = bag["ticketNumber"].as_str().unwrap();
    assert!(number.parse::<u32>().unwrap() <= 1_000_000 && !number.starts_with('0'), "{number}");
    assert_eq!(bag["ticket"], format!("ticket-{number}@contoso.onmicrosoft.com"));
    assert_eq!(bag["features"], json!(["standard"]));
}

#[test]
fn the_payload_has_the_order_and_the_values_of_the_documentation() {
    let sandbox = Sandbox::new();
    let json = sandbox.wayfarer(&["run", POLICIES, "--format", "json", "--now", NOW.0]).json();
    let claims = json["claims"].as_object().unwrap();
    // aud, iss, exp, nbf; the relying party's rows in policy order; then the rest of the system's.
    let order = [
        "aud",
        "iss",
        "exp",
        "nbf",
        "sub",
        "tid",
        "tfp",
        "gty",
        "correlation_id",
        "ticket",
        "features",
        "scp",
        "azpacr",
        "oid",
        "ver",
        "azp",
        "iat",
    ];
    assert_eq!(jwt::names(claims), order);
    for (name, value) in [
        ("aud", json!(API)),
        ("iss", json!(format!("https://contoso.b2clogin.com/{TENANT}/v2.0/"))),
        ("exp", json!(NOW.1 + 3600)),
        ("nbf", json!(NOW.1)),
        ("sub", json!(PRINCIPAL)),
        ("tid", json!(TENANT)),
        ("tfp", json!("B2C_1A_ClientCredentials")),
        ("gty", json!("client_credentials")),
        ("features", json!(["standard"])),
        ("scp", json!("app.read app.write")),
        ("azpacr", json!("1")),
        ("oid", json!(PRINCIPAL)),
        ("ver", json!("2.0")),
        ("azp", json!(CLIENT)),
        ("iat", json!(NOW.1)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    let correlation = claims["correlation_id"].as_str().unwrap();
    assert_eq!(correlation.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{correlation}");
}

#[test]
fn the_trace_tells_each_step_and_each_change_with_its_place() {
    let sandbox = Sandbox::new();
    let json = sandbox.wayfarer(&["run", POLICIES, "--format", "json"]).json();
    let steps = json["trace"].as_array().unwrap();
    let told: Vec<_> = steps.iter().map(|it| (it["order"].as_i64().unwrap(), &it["technical_profile"])).collect();
    let profiles = [json!("ClientCredentials_Setup"), json!("TokenAugmentation"), json!("JwtIssuer")];
    assert_eq!(told, [(1, &profiles[0]), (2, &profiles[1]), (3, &profiles[2])]);
    let changed = |step: usize| -> Vec<(&str, &str)> {
        let changes = steps[step]["changes"].as_array().unwrap();
        changes.iter().map(|it| (it["claim"].as_str().unwrap(), it["by"].as_str().unwrap())).collect()
    };
    let claims: Vec<&str> = changed(1).iter().map(|it| it.0).collect();
    assert_eq!(claims, ["correlationId", "plan", "ticketNumber", "ticket", "features"]);
    assert!(changed(1)[3].1.contains("FormatTicket"), "{:?}", changed(1));
    assert_eq!((changed(0)[0].0, changed(2).len()), ("grantType", 0));

    // The place of a change is where the policy says so: the first `DefaultValue="client_credentials"` of the base.
    let origin = &steps[0]["changes"][0]["origin"];
    let base = repository_file("policies/client-credentials/TrustFrameworkBase.xml");
    let line = 1 + base.lines().position(|it| it.contains("DefaultValue=\"client_credentials\"")).unwrap();
    assert_eq!(origin["filename"], "policies/client-credentials/TrustFrameworkBase.xml");
    assert_eq!(origin["location"]["line"], line);
}

#[test]
fn people_see_chain_steps_response_and_token() {
    let sandbox = Sandbox::new();
    let ended = sandbox.wayfarer(&["run", POLICIES]);
    let text = ended.fine();
    let mut rest = text;
    for part in [
        "B2C_1A_CC_Base",
        "B2C_1A_CC_Extensions",
        "B2C_1A_ClientCredentials",
        "ClientCredentialsJourney",
        "contoso.onmicrosoft.com",
        CLIENT,
        "https://contoso.onmicrosoft.com/api/.default",
        "Step 1",
        "grantType = \"client_credentials\"",
        "Step 2",
        "features = [\"standard\"]",
        "Step 3",
        "\"access_token\"",
        "Token payload",
        "scp: \"app.read app.write\"",
        "wayfarer serve policies/client-credentials",
        "curl -d grant_type=client_credentials",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` is missing, or not in its place: {text}"));
        rest = &rest[at + part.len()..];
    }
    assert!(!text.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn the_token_verifies_with_the_keys_that_are_published() {
    let sandbox = Sandbox::new();
    let ended = sandbox.wayfarer(&["run", POLICIES, "--format", "token"]);
    let token = ended.fine().strip_suffix('\n').expect("one line");
    assert!(!token.contains(char::is_whitespace), "{token:?}");
    let keys = sandbox.wayfarer(&["key", "jwks", POLICIES]);
    keys.fine();
    let payload = jwt::verified(token, &keys.json());
    assert_eq!(payload["aud"], API);
    let key = keys.json()["keys"][0].as_object().unwrap().clone();
    for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        assert!(!key.contains_key(private), "`{private}` is private");
    }

    // Another home is another signing key.
    let other = Sandbox::new().wayfarer(&["key", "jwks", POLICIES]).json();
    assert_ne!(other["keys"][0]["kid"], keys.json()["keys"][0]["kid"]);
}

#[test]
fn now_and_seed_make_runs_identical() {
    let sandbox = Sandbox::new();
    for format in ["json", "token", "human"] {
        let run = |seed: &str| {
            sandbox.wayfarer(&["run", POLICIES, "--format", format, "--now", NOW.0, "--seed", seed]).fine().to_owned()
        };
        assert_eq!(run("7"), run("7"), "{format}");
        assert_ne!(run("7"), run("8"), "{format}: the ticket is random");
    }
    let run = || sandbox.wayfarer(&["run", POLICIES, "--format", "json", "--now", NOW.0]).json();
    assert_ne!(run()["bag"]["correlationId"], run()["bag"]["correlationId"], "without a seed, nothing repeats");

    // Keys are never drawn from the seed: another home has another key.
    let elsewhere = Sandbox::new();
    let token = |it: &Sandbox| {
        let ended = it.wayfarer(&["run", POLICIES, "--format", "token", "--now", NOW.0, "--seed", "7"]);
        jwt::read(ended.fine().trim_end()).0["kid"].clone()
    };
    assert_ne!(token(&sandbox), token(&elsewhere));
}

#[test]
fn a_request_parameter_reaches_the_policy() {
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("policies", |_, text| {
        text.replace("DefaultValue=\"standard\"", "DefaultValue=\"{OAUTH-KV:plan}\" AlwaysUseDefaultValue=\"true\"")
    });
    let run = |parameters: &[&str]| {
        let ended = sandbox.wayfarer(&[&["run", &folder, "--format", "json"], parameters].concat());
        ended.fine();
        ended.json()["claims"].clone()
    };
    assert_eq!(run(&["--param", "plan=gold = best"])["features"], json!(["gold = best"]));
    assert_eq!(run(&["--param", "other=1", "--param", "plan=é"])["features"], json!(["é"]));
}

#[test]
fn a_policy_without_a_journey_for_the_grant_and_a_user_flow_give_system_claims_only() {
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("policies", |_, text| {
        let lines = text.lines().filter(|it| !it.contains("ClientCredentialsUserJourneyId"));
        lines.collect::<Vec<_>>().join("\n")
    });
    let system = ["aud", "iss", "exp", "nbf", "sub", "scp", "azpacr", "oid", "tid", "ver", "azp", "iat"];
    for arguments in [
        vec!["run", &folder, "--flow", "client-credentials", "--format", "json"],
        vec!["run", &folder, "--policy", "B2C_1_susi", "--format", "json"],
    ] {
        let ended = sandbox.wayfarer(&arguments);
        ended.fine();
        assert_eq!(jwt::names(ended.json()["claims"].as_object().unwrap()), system, "{arguments:?}");
    }
    sandbox.wayfarer(&["run", &folder]).refused(2, &["can't be run yet", "--flow client-credentials"]);
}

#[test]
fn a_refused_request_is_a_failed_outcome_with_its_code() {
    let sandbox = Sandbox::new();
    for (scope, code, error) in [
        ("https://contoso.onmicrosoft.com/unknown/.default", "AADB2C90117", "invalid_request"),
        ("https://contoso.onmicrosoft.com/api/app.read", "AADB2C90117", "invalid_request"),
        ("openid", "AADB2C90055", "invalid_request"),
    ] {
        let ended = sandbox.wayfarer(&["run", POLICIES, "--scope", scope, "--format", "json", "--now", NOW.0]);
        assert_eq!(ended.code, 1, "{ended:#?}");
        let json = ended.json();
        assert_eq!(
            (&json["outcome"], &json["response"], &json["claims"]),
            (&json!("failed"), &Value::Null, &Value::Null)
        );
        assert_eq!((&json["error"]["code"], &json["error"]["error"]), (&json!(code), &json!(error)), "{scope}");
        let description = json["error"]["description"].as_str().unwrap();
        assert!(description.starts_with(code) && description.ends_with("\r\nTimestamp: 2026-01-31 08:00:00Z\r\n"));
    }
    let ended = sandbox.wayfarer(&["run", POLICIES, "--scope", "openid", "--format", "token"]);
    ended.refused(1, &["AADB2C90055"]);
}

#[test]
fn what_can_t_be_chosen_is_asked_for() {
    let sandbox = Sandbox::new();
    sandbox
        .wayfarer(&["run", POLICIES, "--client", "nobody"])
        .refused(2, &["nobody", "`wayfarer app list` shows the apps of a tenant"]);
    sandbox.wayfarer(&["run", POLICIES, "--policy", "B2C_1A_ClientCredential"]).refused(
        2,
        &["there is no policy `B2C_1A_ClientCredential` in this set", "did you mean `B2C_1A_ClientCredentials`?"],
    );
    sandbox.wayfarer(&["run", "policies/client-credentials", "policies/client-credentials-rest"]).refused(
        2,
        &[
            "several policies of this set run",
            "B2C_1A_ClientCredentials ",
            "B2C_1A_ClientCredentialsRest",
            "--policy ID",
        ],
    );
    sandbox.wayfarer(&["run", POLICIES, "--tenant", "fixtures/nowhere"]).refused(2, &["fixtures/nowhere"]);
    sandbox.wayfarer(&["run", POLICIES, "--now", "tomorrow"]).refused(2, &["--now", "tomorrow"]);
    sandbox.wayfarer(&["run", POLICIES, "--param", "novalue"]).refused(2, &["KEY=VALUE"]);
    sandbox.wayfarer(&["run", POLICIES, "--rest", "=http://127.0.0.1/"]).refused(2, &["KEY=VALUE"]);
    sandbox.wayfarer(&["run", POLICIES, "--frmat", "json"]).refused(2, &["--frmat", "--format"]);
    sandbox.wayfarer(&["rum"]).refused(2, &["rum", "run"]);
}

#[test]
fn a_home_that_can_t_be_written_is_no_failed_journey() {
    let sandbox = Sandbox::new();
    sandbox.write("home", "a file where the folder should be");
    sandbox
        .wayfarer(&["run", POLICIES, "--format", "token"])
        .refused(2, &["home", "set WAYFARER_HOME to a folder that is", "--tenant DIR"]);
}

#[cfg(unix)]
#[test]
fn the_signing_key_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.wayfarer(&["run", POLICIES, "--format", "token"]).fine();
    let key = sandbox.home().join("tenants/contoso.onmicrosoft.com/keys/B2C_1A_TokenSigningKeyContainer.json");
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn runs_at_the_same_time_share_one_key() {
    let sandbox = Sandbox::new();
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let run = || sandbox.wayfarer(&["run", POLICIES, "--format", "token"]).fine().trim_end().to_owned();
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        runs.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let keys = sandbox.wayfarer(&["key", "jwks", POLICIES]).json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    tokens.iter().for_each(|it| assert!(jwt::is_signed_by(it, &keys)));
}
