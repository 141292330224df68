//! `wayfarer app import`, `export`, `remove` and `remove-secret`.

use crate::sandbox::{Ended, Sandbox};
use serde_json::{Value, json};

const SETTINGS: &str = "name = \"fabrikam.onmicrosoft.com\"\nid = \"11111111-2222-4333-8444-555555555555\"\nhosts = [\"fabrikam.b2clogin.com\"]\n";
const API: &str = "8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11";
const CLIENT: &str = "3b5c2d1e-7f60-4a8b-b9c0-d1e2f3a4b521";

/// A tenant folder without apps.
fn fabrikam(sandbox: &Sandbox) -> String {
    sandbox.write("fabrikam/tenant.toml", SETTINGS);
    sandbox.path("fabrikam").display().to_string()
}

fn app(sandbox: &Sandbox, tenant: &str, arguments: &[&str]) -> Ended {
    sandbox.wayfarer(&[&["app", "--tenant", tenant], arguments].concat())
}

#[test]
fn all_apps_of_a_tenant_go_to_another() {
    let sandbox = Sandbox::new();
    let tenant = fabrikam(&sandbox);
    let contoso = sandbox.wayfarer(&["app", "list", "--format", "json"]);
    let file = sandbox.write("apps.json", contoso.fine());
    let imported = app(&sandbox, &tenant, &["import", &file]);
    assert_eq!(imported.fine(), format!("{CLIENT}  ClientCredentials_app  (new)\n{API}  my-api1  (new)\n"));
    let told = format!(
        "ClientCredentials_app: 1 client secret can't be checked here, as a manifest holds none; make a new one with\n  \
         wayfarer app add-secret {CLIENT} --tenant {tenant}"
    );
    assert!(imported.stderr.contains(&told), "{imported:#?}");
    let there = app(&sandbox, &tenant, &["list", "--format", "json"]);
    assert_eq!(there.json(), contoso.json(), "every member in its place");
    assert_eq!(there.stdout, contoso.stdout);

    let again = app(&sandbox, &tenant, &["import", &file]);
    again.refused(2, &["apps.json[0]: app `ClientCredentials_app", "is there already", "`--replace`"]);
    let replaced = app(&sandbox, &tenant, &["import", &file, "--replace", "--format", "json"]);
    let expected = json!({ "appId": API, "name": "my-api1", "replaced": true, "lostSecrets": 0 });
    assert_eq!(replaced.json()["apps"][1], expected);
}

#[test]
fn one_app_comes_with_what_the_file_beside_it_tells() {
    let sandbox = Sandbox::new();
    let tenant = fabrikam(&sandbox);
    for api in ["my-api1", "ClientCredentials_app"] {
        app(&sandbox, &tenant, &["import", &format!("fixtures/contoso/apps/{api}.json")]).fine();
    }
    let run = [
        "run",
        "policies/client-credentials",
        "--tenant",
        &tenant,
        "--scope",
        "https://contoso.onmicrosoft.com/api/.default",
        "--format",
        "json",
    ];
    let claims = sandbox.wayfarer(&run).json()["claims"].clone();
    assert_eq!((&claims["aud"], &claims["azp"]), (&json!(API), &json!(CLIENT)));
    assert_eq!(claims["scp"], "app.read app.write", "the grants are in the side file");
    assert_eq!(claims["oid"], "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b23", "and so is the service principal");
    let listing = sandbox.write("several.json", "[]");
    sandbox.write("several.wayfarer.toml", "account_enabled = false\n");
    let several = app(&sandbox, &tenant, &["import", &listing]);
    assert!(several.fine().is_empty() && several.stderr.contains("is not read"), "{several:#?}");
}

#[test]
fn an_exported_manifest_holds_no_secret_and_comes_back() {
    let sandbox = Sandbox::new();
    let tenant = fabrikam(&sandbox);
    app(&sandbox, &tenant, &["create", "daemon"]).fine();
    let secret = app(&sandbox, &tenant, &["add-secret", "daemon", "--format", "json"]).json();
    let digest = sandbox.read("fabrikam/apps/daemon.wayfarer.toml");
    let digest = digest.lines().find_map(|it| it.strip_prefix("digest = ")).unwrap().trim_matches('"').to_owned();
    let exported = app(&sandbox, &tenant, &["export", "daemon"]);
    for hidden in [secret["secretText"].as_str().unwrap(), &digest] {
        assert!(!exported.fine().contains(hidden));
    }
    assert_eq!(exported.json()["passwordCredentials"][0]["keyId"], secret["keyId"]);

    let file = sandbox.path("daemon.json").display().to_string();
    assert!(app(&sandbox, &tenant, &["export", "daemon", "--out", &file]).fine().is_empty());
    assert_eq!(sandbox.read("daemon.json"), exported.stdout);
    // The same tenant knows the secret still; another one can't.
    let back = app(&sandbox, &tenant, &["import", &file, "--replace"]);
    assert!(back.fine().ends_with("(replaced)\n") && back.stderr.is_empty(), "{back:#?}");
    let other = sandbox.path("other").display().to_string();
    sandbox.wayfarer(&["tenant", "create", &other, "other.onmicrosoft.com"]).fine();
    assert!(app(&sandbox, &other, &["import", &file]).stderr.contains("1 client secret can't be checked here"));
    // From standard input, too.
    let piped = sandbox.wayfarer_reading(&["app", "--tenant", &tenant, "import", "-", "--replace"], &exported.stdout);
    assert!(piped.fine().ends_with("(replaced)\n"));
}

#[test]
fn what_is_no_app_is_refused() {
    let sandbox = Sandbox::new();
    let tenant = fabrikam(&sandbox);
    let import = |name: &str, bytes: &[u8]| app(&sandbox, &tenant, &["import", &sandbox.write(name, bytes)]);
    import("words.json", b"words").refused(2, &["words.json:1:1"]);
    import("utf-16.json", b"\xff\xfe{\0}\0").refused(2, &["is not UTF-8", "app export APP --out FILE"]);
    let clear =
        json!({ "appId": API, "name": "x", "passwordCredentials": [{ "keyId": CLIENT, "secretText": "hush" }] });
    let refused = import("clear.json", clear.to_string().as_bytes());
    refused.refused(2, &["`passwordCredentials[0].secretText` is a secret in clear", "wayfarer app add-secret"]);
    assert!(!refused.stderr.contains("hush"));
    let role = json!({ "appId": API, "name": "x", "appRoles": [{ "id": CLIENT, "value": "a b", "displayName": "d",
        "description": "d", "allowedMemberTypes": ["Application"] }] });
    import("role.json", role.to_string().as_bytes()).refused(2, &["`appRoles[0].value` contains a space"]);
    app(&sandbox, &tenant, &["import", "no-such-file.json"]).refused(2, &["cannot read `no-such-file.json`"]);
    sandbox
        .wayfarer(&["app", "import", "fixtures/contoso/apps/my-api1.json"])
        .refused(2, &["can't be changed", "--database URL"]);
    assert!(!sandbox.path("fabrikam/apps").exists(), "nothing was written");
}

#[test]
fn apps_and_secrets_are_removed() {
    let sandbox = Sandbox::new();
    let tenant = fabrikam(&sandbox);
    let id = app(&sandbox, &tenant, &["create", "daemon", "--format", "json"]).json()["appId"].clone();
    let key_id = app(&sandbox, &tenant, &["add-secret", "daemon", "--format", "json"]).json()["keyId"].clone();
    let key_id = key_id.as_str().unwrap();
    let left = app(&sandbox, &tenant, &["remove-secret", "daemon", key_id, "--format", "json"]).json();
    assert_eq!(left["passwordCredentials"], json!([]));
    app(&sandbox, &tenant, &["remove-secret", "daemon", key_id]).refused(2, &["there is no password credential"]);
    app(&sandbox, &tenant, &["remove-secret", "daemon", "x"]).refused(2, &["is not a GUID"]);
    let removed = app(&sandbox, &tenant, &["remove", "daemon", "--format", "json"]).json();
    assert_eq!(removed, json!({ "appId": id, "name": "daemon" }));
    assert_eq!(app(&sandbox, &tenant, &["list", "--format", "json"]).json(), Value::Array(vec![]));
    app(&sandbox, &tenant, &["remove", "daemon"]).refused(2, &["no app `daemon`"]);
}
