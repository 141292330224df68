use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

const SETTINGS: &str = "name = \"contoso.onmicrosoft.com\"\nid = \"aaaabbbb-0000-cccc-1111-dddd2222eeee\"\nhosts = [\"contoso.b2clogin.com\"]\n";
const APP: &str = r#"{"appId":"11112222-bbbb-3333-cccc-4444dddd5555","name":"daemon"}"#;

/// A tenant folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("apps")).unwrap();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

/// The error of loading, with the folder's path cut off and `/` between the parts.
fn error(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let error = Tenant::load(folder.path()).unwrap_err().to_string();
    error.replace(&format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR), "").replace('\\', "/")
}

#[test]
fn the_embedded_tenant_is_the_fixture_on_disk() {
    let home = tempfile::tempdir().unwrap();
    let embedded = embedded_contoso(home.path()).unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/contoso");
    let on_disk = Tenant::load(&fixture).unwrap();
    assert_eq!((embedded.name(), embedded.id()), (on_disk.name(), on_disk.id()));
    let manifests = |tenant: &Tenant| tenant.apps().iter().map(|app| app.manifest().clone()).collect::<Vec<_>>();
    assert_eq!(manifests(&embedded), manifests(&on_disk));
    assert_eq!(embedded.user_flows(), ["B2C_1_susi"]);
    assert!(embedded.is_fixture() && embedded.warnings().is_empty() && embedded.is_embedded());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "loading writes nothing");
    assert!(embedded.keys().place("B2C_1A_X").starts_with(home.path().join("tenants").join("contoso.onmicrosoft.com")));
}

#[test]
fn a_byte_order_mark_and_crlf_do_no_harm() {
    let settings = format!("\u{feff}{}", SETTINGS.replace('\n', "\r\n"));
    let app = format!("\u{feff}{}", APP.replace(',', ",\r\n"));
    let folder = folder(&[("tenant.toml", &settings), ("apps/daemon.json", &app)]);
    let tenant = Tenant::load(folder.path()).unwrap();
    assert_eq!(tenant.find("11112222-BBBB-3333-CCCC-4444DDDD5555").unwrap().name, "daemon");
    assert!(tenant.is_called("CONTOSO.onmicrosoft.com") && tenant.is_called("AAAABBBB-0000-cccc-1111-dddd2222eeee"));
}

#[test]
fn errors_name_the_file_and_the_place() {
    let missing = Tenant::load(Path::new("no-such-folder")).unwrap_err().to_string();
    assert_eq!(missing, "`no-such-folder` is not a folder: give a tenant folder, one that holds `tenant.toml`");
    assert!(error(&[]).contains("holds no `tenant.toml`"));
    assert!(error(&[("tenant.toml", "name = \n")]).starts_with("tenant.toml:1:"));
    let bad_id = SETTINGS.replace("aaaabbbb-0000", "aaaabbbb");
    let expected = "tenant.toml:2:6: `aaaabbbb-cccc-1111-dddd2222eeee` is not a GUID";
    assert!(error(&[("tenant.toml", &bad_id)]).starts_with(expected));
    let unknown = format!("{SETTINGS}host = 1\n");
    assert!(error(&[("tenant.toml", &unknown)]).starts_with("tenant.toml:4:1: unknown field `host`"));
    let url = SETTINGS.replace("contoso.b2c", "https://contoso.b2c");
    assert!(error(&[("tenant.toml", &url)]).starts_with("tenant.toml:3:"));
    let truncated = error(&[("tenant.toml", SETTINGS), ("apps/a.json", "{\n  \"appId\": }")]);
    assert_eq!(truncated, "apps/a.json:2:12: expected value");
}

#[test]
fn manifests_that_can_not_be() {
    let app = |text: &str| error(&[("tenant.toml", SETTINGS), ("apps/a.json", text)]);
    assert_eq!(app("[]"), "apps/a.json: `manifest` must be a JSON object");
    assert_eq!(app("{}"), "apps/a.json: `appId` must be there: it is the client id");
    assert_eq!(app(r#"{"appId":7}"#), "apps/a.json: `appId` must be a GUID");
    let role = APP.replace("daemon\"", "daemon\",\"appRoles\":[{\"id\":null}]");
    assert_eq!(app(&role), "apps/a.json: `appRoles[0].id` must be a GUID");
    assert!(app(&"[".repeat(100_000)).starts_with("apps/a.json:1:128: recursion limit exceeded"));
    let twice = error(&[("tenant.toml", SETTINGS), ("apps/a.json", APP), ("apps/b.json", APP)]);
    assert_eq!(
        twice,
        "apps/a.json and apps/b.json have the same appId 11112222-bbbb-3333-cccc-4444dddd5555: remove one"
    );
}

#[test]
fn a_secret_in_clear_needs_a_fixture() {
    let side = "[[secrets]]\nkey_id = \"4e5f6a7b-8c9d-4e0f-a1b2-c3d4e5f6a724\"\ndevelopment_secret = \"clear\"\n";
    let files = [("tenant.toml", SETTINGS), ("apps/a.json", APP), ("apps/a.wayfarer.toml", side)];
    assert!(error(&files).contains("this tenant is no fixture"));
    assert!(!error(&files).contains("\"clear\""));
    let pasted = APP.replace("daemon\"", "daemon\",\"passwordCredentials\":[{\"secretText\":\"clear\"}]");
    assert!(error(&[("tenant.toml", SETTINGS), ("apps/a.json", &pasted)]).contains("a client secret in clear"));
    let settings = format!("{SETTINGS}fixture = true\n");
    let folder = folder(&[("tenant.toml", &settings), ("apps/a.json", APP), ("apps/a.wayfarer.toml", side)]);
    let tenant = Tenant::load(folder.path()).unwrap();
    assert!(!format!("{tenant:?}").contains("\"clear\""));
}

#[test]
fn both_dialects_say_the_same() {
    let portal = r#"{"appId":"11112222-bbbb-3333-cccc-4444dddd5555","id":"00001111-aaaa-2222-bbbb-3333cccc4444","name":"daemon",
        "accessTokenAcceptedVersion":2,"allowPublicClient":true,
        "replyUrlsWithType":[{"url":"https://w","type":"Web"},{"url":"https://s","type":"Spa"},{"url":"app://n","type":"InstalledClient"}],
        "passwordCredentials":[{"keyId":"4e5f6a7b-8c9d-4e0f-a1b2-c3d4e5f6a724","startDate":"2022-01-01T00:00:00Z","endDate":"2024-01-01T00:00:00Z","value":null}]}"#;
    let graph = r#"{"appId":"11112222-bbbb-3333-cccc-4444dddd5555","id":"00001111-aaaa-2222-bbbb-3333cccc4444","displayName":"daemon",
        "api":{"requestedAccessTokenVersion":2},"isFallbackPublicClient":true,
        "web":{"redirectUris":["https://w"]},"spa":{"redirectUris":["https://s"]},"publicClient":{"redirectUris":["app://n"]},
        "passwordCredentials":[{"keyId":"4e5f6a7b-8c9d-4e0f-a1b2-c3d4e5f6a724","startDateTime":"2022-01-01T00:00:00Z","endDateTime":"2024-01-01T00:00:00Z","secretText":null}]}"#;
    let view = |manifest: &str| {
        let folder = folder(&[("tenant.toml", SETTINGS), ("apps/a.json", manifest)]);
        let tenant = Tenant::load(folder.path()).unwrap();
        assert_eq!(tenant.warnings().len(), 1, "the secret can't be checked here");
        let app = tenant.apps()[0].clone();
        let ends: Vec<_> = app.password_credentials.iter().map(|it| (it.start, it.end)).collect();
        let redirects = (app.web_redirect_uris, app.spa_redirect_uris, app.public_client_redirect_uris);
        (app.object_id, app.name, app.access_token_version, app.is_fallback_public_client, redirects, ends)
    };
    assert_eq!(view(portal), view(graph));
    assert_eq!(view(portal).2, Some(2));
}

#[test]
fn names_that_are_unknown_or_ambiguous() {
    let other = APP.replace("11112222", "99992222");
    let folder = folder(&[("tenant.toml", SETTINGS), ("apps/a.json", APP), ("apps/b.json", &other)]);
    let tenant = Tenant::load(folder.path()).unwrap();
    let message = tenant.find("daemon").unwrap_err().to_string();
    assert_eq!(
        message,
        "several apps are named `daemon`: 11112222-bbbb-3333-cccc-4444dddd5555, 99992222-bbbb-3333-cccc-4444dddd5555; give the appId"
    );
    assert!(
        tenant
            .find("Daemon")
            .unwrap_err()
            .to_string()
            .starts_with("no app `Daemon` in tenant `contoso.onmicrosoft.com`; it has daemon (")
    );
}
