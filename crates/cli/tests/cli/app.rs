//! `wayfarer app`: steps 1 to 2.2 of the client credentials article, in a tenant folder of the test's own.

use crate::jwt::names;
use crate::sandbox::{Ended, Sandbox};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const SETTINGS: &str = "name = \"fabrikam.onmicrosoft.com\"\nid = \"11111111-2222-4333-8444-555555555555\"\nhosts = [\"fabrikam.b2clogin.com\"]\n";

struct Tenant {
    sandbox: Sandbox,
    folder: String,
}

impl Tenant {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("fabrikam/tenant.toml", SETTINGS);
        let folder = sandbox.path("fabrikam").display().to_string();
        Self { sandbox, folder }
    }

    #[track_caller]
    fn app(&self, arguments: &[&str]) -> Ended {
        self.sandbox.wayfarer(&[&["app", "--tenant", &self.folder, "--format", "json"], arguments].concat())
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> Value {
        let ended = self.app(arguments);
        ended.fine();
        ended.json()
    }

    #[track_caller]
    fn claims(&self) -> Value {
        let ended = self.sandbox.wayfarer(&[
            "run",
            "policies/client-credentials",
            "--tenant",
            &self.folder,
            "--client",
            "ClientCredentials_app",
            "--scope",
            "https://fabrikam.onmicrosoft.com/api/.default",
            "--format",
            "json",
        ]);
        ended.fine();
        ended.json()["claims"].clone()
    }

    /// Steps 1 to 2: two registrations and the API's roles.
    fn registered() -> Self {
        let tenant = Self::new();
        tenant.done(&["create", "my-api1"]);
        tenant.done(&["set-uri", "my-api1", "api"]);
        tenant.done(&["add-role", "my-api1", "app.read"]);
        tenant.done(&["add-role", "my-api1", "app.write"]);
        tenant.done(&["create", "ClientCredentials_app"]);
        tenant
    }
}

/// Every file below a folder, as text.
fn all_text(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        text +=
            &if entry.path().is_dir() { all_text(&entry.path()) } else { fs::read_to_string(entry.path()).unwrap() };
    }
    text
}

fn is_guid(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
}

#[test]
fn the_article_from_registration_to_token() {
    let tenant = Tenant::new();
    // Step 1: register the web API. Step 1.1: its Application ID URI and its roles.
    let created = tenant.done(&["create", "my-api1"]);
    assert_eq!(created["name"], "my-api1");
    assert!(is_guid(&created["appId"]) && is_guid(&created["id"]) && created["appId"] != created["id"], "{created:#}");
    assert_eq!(created["accessTokenAcceptedVersion"], 2, "client credentials need it");
    let with_uri = tenant.done(&["set-uri", "my-api1", "api"]);
    assert_eq!(with_uri["identifierUris"], json!(["https://fabrikam.onmicrosoft.com/api"]));
    tenant.done(&["add-role", "my-api1", "app.read"]);
    let api = tenant.done(&["add-role", "my-api1", "app.write"]);
    let roles = api["appRoles"].as_array().unwrap();
    let values: Vec<&Value> = roles.iter().map(|it| &it["value"]).collect();
    assert_eq!(values, ["app.read", "app.write"]);
    for role in roles {
        assert_eq!(role["allowedMemberTypes"], json!(["Application"]));
        assert!(is_guid(&role["id"]) && role["isEnabled"] == json!(true), "{role:#}");
    }

    // Step 2: register the app. Step 2.1: its secret.
    let app = tenant.done(&["create", "ClientCredentials_app"]);
    let added =
        tenant.app(&["add-secret", "ClientCredentials_app", "--expires", "90d", "--description", "clientsecret1"]);
    let secret = serde_json::from_str::<Value>(added.fine()).unwrap();
    assert_eq!(names(secret.as_object().unwrap()), ["keyId", "hint", "startDateTime", "endDateTime", "secretText"]);
    let text = secret["secretText"].as_str().unwrap();
    assert!(text.len() >= 32 && text.starts_with(secret["hint"].as_str().unwrap()), "{secret:#}");
    let day = |name: &str| secret[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(day("endDateTime").duration_since(day("startDateTime")).as_hours(), 90 * 24);

    // Step 2.2: permissions; without admin consent the token has no `scp`.
    let configured = tenant.app(&["grant", "ClientCredentials_app", "my-api1", "app.read", "app.write"]);
    assert!(configured.stderr.contains("--admin-consent"), "{configured:#?}");
    let access = &serde_json::from_str::<Value>(configured.fine()).unwrap()["requiredResourceAccess"];
    assert_eq!(access[0]["resourceAppId"], created["appId"]);
    let wanted: Vec<Value> = roles.iter().map(|it| json!({ "id": it["id"], "type": "Role" })).collect();
    assert_eq!(access[0]["resourceAccess"], json!(wanted));
    let before = tenant.claims();
    assert_eq!((&before["azp"], before.get("scp")), (&app["appId"], None));

    let granted =
        tenant.app(&["grant", "ClientCredentials_app", "my-api1", "app.read", "app.write", "--admin-consent"]);
    granted.fine();
    let claims = tenant.claims();
    assert_eq!(claims["scp"], "app.read app.write");
    assert_eq!((&claims["aud"], &claims["azp"]), (&created["appId"], &app["appId"]));
    assert!(is_guid(&claims["oid"]) && claims["oid"] != app["id"], "the service principal, not the application object");
    assert_eq!(claims["iss"], "https://fabrikam.b2clogin.com/11111111-2222-4333-8444-555555555555/v2.0/");
    // With one app that was granted roles, `run` needs neither --client nor --scope.
    let plain = tenant.sandbox.wayfarer(&[
        "run",
        "policies/client-credentials",
        "--tenant",
        &tenant.folder,
        "--format",
        "json",
    ]);
    assert_eq!(plain.json()["claims"]["scp"], "app.read app.write");

    // The secret that was shown once works at the service.
    let server = tenant.sandbox.serve(&["policies/client-credentials", "--tenant", &tenant.folder]);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={text}&scope=https://fabrikam.onmicrosoft.com/api/.default",
        app["appId"].as_str().unwrap()
    );
    let path = "/fabrikam.onmicrosoft.com/B2C_1A_ClientCredentials/oauth2/v2.0/token";
    crate::http::post_form(&server.address, path, &server.address, &form).token();
    assert!(!server.log().contains(text));
}

#[test]
fn a_secret_is_shown_once_and_kept_as_a_digest() {
    let tenant = Tenant::registered();
    let secret = tenant.done(&["add-secret", "ClientCredentials_app"]);
    let text = secret["secretText"].as_str().unwrap();
    let disk = all_text(Path::new(&tenant.folder));
    assert!(!disk.contains(text), "the secret is on disk");
    assert!(disk.contains("digest = "), "{disk}");
    for arguments in
        [vec!["list"], vec!["show", "ClientCredentials_app"], vec!["set-version", "ClientCredentials_app", "2"]]
    {
        assert!(!format!("{:?}", tenant.app(&arguments)).contains(text), "{arguments:?}");
    }
    let shown = tenant.done(&["show", "ClientCredentials_app"]);
    let credential = &shown["passwordCredentials"][0];
    assert_eq!(
        (&credential["hint"], &credential["keyId"], &credential["value"]),
        (&secret["hint"], &secret["keyId"], &Value::Null)
    );
    // Two years, unless told otherwise.
    let year = |value: &Value| value.as_str().unwrap()[..4].parse::<i32>().unwrap();
    assert_eq!(year(&secret["endDateTime"]), year(&secret["startDateTime"]) + 2);
    // For people the secret alone is on stdout, so that it can be piped.
    let human = tenant.sandbox.wayfarer(&["app", "--tenant", &tenant.folder, "add-secret", "ClientCredentials_app"]);
    assert_eq!(human.fine().lines().count(), 1);
    assert!(human.stderr.contains("it can't be shown again"), "{human:#?}");
}

#[test]
fn list_is_an_array_and_show_one_object() {
    let tenant = Tenant::registered();
    let list = tenant.done(&["list"]);
    let found: Vec<&Value> = list.as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(found, ["ClientCredentials_app", "my-api1"]);
    let shown = tenant.done(&["show", "my-api1"]);
    assert_eq!(shown, list[1]);
    assert_eq!(tenant.done(&["show", shown["appId"].as_str().unwrap()]), shown, "an appId is a name too");
    // The members of the portal's manifest editor that the article names.
    for member in [
        "appId",
        "accessTokenAcceptedVersion",
        "appRoles",
        "identifierUris",
        "requiredResourceAccess",
        "passwordCredentials",
    ] {
        assert!(shown.get(member).is_some(), "{member}");
    }
    let human = tenant.sandbox.wayfarer(&["app", "list", "--tenant", &tenant.folder]);
    assert!(human.fine().contains("https://fabrikam.onmicrosoft.com/api"), "{human:#?}");
}

#[test]
fn mistakes_change_nothing() {
    let tenant = Tenant::registered();
    let before = all_text(&Path::new(&tenant.folder).join("apps"));
    for (arguments, expected) in [
        (vec!["add-role", "my-api1", "app.write"], "`app.write` is there already"),
        (vec!["add-role", "my-api1", "app admin"], "contains a space"),
        (vec!["add-role", "my-api1", ""], "role value"),
        (vec!["set-uri", "ClientCredentials_app", "api"], "belongs to `my-api1`"),
        (vec!["set-version", "my-api1", "3"], "neither 1 nor 2"),
        (vec!["grant", "ClientCredentials_app", "my-api1", "app.none"], "app.none"),
        (vec!["grant", "ClientCredentials_app", "nobody", "app.read"], "no app `nobody`"),
        (vec!["add-secret", "nobody"], "no app `nobody`"),
        (vec!["add-secret", "ClientCredentials_app", "--expires", "0d"], "has passed already"),
        (vec!["add-secret", "ClientCredentials_app", "--expires", "2020-01-01"], "has passed already"),
        (vec!["add-secret", "ClientCredentials_app", "--expires", "soon"], "`90d`"),
        (vec!["show", "nobody"], "no app `nobody`"),
        (vec!["create", ""], "name"),
        (vec!["create", "a/../../b\n"], "name"),
    ] {
        let ended = tenant.app(&arguments);
        assert!(
            ended.code == 2 && ended.stdout.is_empty() && ended.stderr.contains(expected),
            "{arguments:?}: {ended:#?}"
        );
    }
    assert_eq!(all_text(&Path::new(&tenant.folder).join("apps")), before);
}

#[test]
fn the_built_in_tenant_is_read_only() {
    let sandbox = Sandbox::new();
    sandbox.wayfarer(&["app", "create", "x"]).refused(2, &["the built-in tenant can't be changed", "--tenant DIR"]);
    assert!(sandbox.wayfarer(&["app", "list"]).fine().contains("ClientCredentials_app"));
    sandbox.wayfarer(&["app", "list", "--tenant", "fixtures"]).refused(2, &["tenant.toml"]);
}

#[test]
fn one_role_can_be_granted_alone() {
    let tenant = Tenant::registered();
    tenant.done(&["grant", "ClientCredentials_app", "my-api1", "app.write", "--admin-consent"]);
    assert_eq!(tenant.claims()["scp"], "app.write");
    // `scp` has the order of the API's roles, not that of the grants.
    tenant.done(&["grant", "ClientCredentials_app", "my-api1", "app.read", "--admin-consent"]);
    assert_eq!(tenant.claims()["scp"], "app.read app.write");
}

#[test]
fn an_app_of_version_1_gets_no_token() {
    let tenant = Tenant::registered();
    tenant.done(&["grant", "ClientCredentials_app", "my-api1", "app.read", "--admin-consent"]);
    tenant.done(&["set-version", "ClientCredentials_app", "1"]);
    let ended = tenant.sandbox.wayfarer(&[
        "run",
        "policies/client-credentials",
        "--tenant",
        &tenant.folder,
        "--format",
        "json",
    ]);
    assert_eq!((ended.code, &ended.json()["error"]["code"]), (1, &json!("AADB2C90085")));
}
