use std::path::Path;

use serde_json::json;

use super::*;
use crate::edit::tests::{folder, load, now, random};
use crate::edit::{AdminConsent, Expiry};

const DAEMON: &str = "11112222-bbbb-3333-cccc-4444dddd5555";
const API: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
const ROLE: &str = "d6a15e20-f83c-4264-8e61-5082688e14c8";
const KEY: &str = "4e5f6a7b-8c9d-4e0f-a1b2-c3d4e5f6a724";
const PRINCIPAL: &str = "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b23";

fn daemon() -> Value {
    json!({ "appId": DAEMON, "name": "daemon", "odd": { "z": 1, "a": [] }, "passwordCredentials": [
        { "keyId": KEY, "endDate": "2099-01-01T00:00:00Z", "startDate": "2025-01-01T00:00:00Z", "value": null }
    ]})
}

/// An API in Graph's dialect with one role.
fn api(value: &str) -> Value {
    let role = json!({
        "id": ROLE, "value": value, "displayName": "d", "description": "d", "isEnabled": true,
        "allowedMemberTypes": ["Application"]
    });
    json!({ "@odata.context": "c", "appId": API, "displayName": "api", "identifierUris": ["api://one"],
        "api": { "requestedAccessTokenVersion": 2 }, "appRoles": [role] })
}

fn files(text: &Value) -> Vec<AppFile> {
    AppFile::read(Path::new("apps.json"), &format!("\u{feff}{text:#}")).unwrap()
}

fn import(tenant: &mut Tenant, text: &Value, existing: Existing) -> Result<Vec<ImportedApp>, EditError> {
    tenant.import_apps(&files(text), existing, &mut random())
}

#[track_caller]
fn refusal(tenant: &mut Tenant, text: &Value) -> String {
    tenant.import_apps(&files(text), Existing::Replace, &mut |it| it.fill(9)).unwrap_err().to_string()
}

#[test]
fn an_app_keeps_its_id_and_every_member() {
    let folder = folder();
    let mut tenant = load(&folder);
    let imported = import(&mut tenant, &json!([daemon(), api("app.read")]), Existing::Refuse).unwrap();
    let told: Vec<_> = imported.iter().map(|it| (it.name.as_str(), it.replaced, it.lost_secrets)).collect();
    assert_eq!(told, [("daemon", false, 1), ("api", false, 0)]);
    let tenant = load(&folder);
    assert_eq!(tenant.find(DAEMON).unwrap().manifest(), &daemon());
    assert_eq!(tenant.find(API).unwrap().manifest(), &api("app.read"));
    assert!(tenant.apps().iter().all(|app| app.service_principal_id.is_some()));
    assert!(tenant.warnings()[0].contains("make a new one with `wayfarer app add-secret`"));
    assert!(folder.path().join("apps/daemon.json").is_file() && folder.path().join("apps/api.wayfarer.toml").is_file());
}

#[test]
fn graphs_answer_to_a_listing_is_a_list() {
    let folder = folder();
    let listing = json!({ "@odata.context": "c", "value": [daemon(), api("app.read")] });
    assert_eq!(import(&mut load(&folder), &listing, Existing::Refuse).unwrap().len(), 2);
    assert_eq!(load(&folder).apps().len(), 2);
}

#[test]
fn the_file_beside_it_tells_what_a_manifest_does_not() {
    let folder = folder();
    let mut tenant = load(&folder);
    let side = format!(
        "service_principal_id = \"{PRINCIPAL}\"\n[[app_role_assignments]]\nresource_app_id = \"{API}\"\n\
         app_role_id = \"{ROLE}\"\n[[secrets]]\nkey_id = \"{KEY}\"\ndigest = \"{}\"\n",
        "A".repeat(43)
    );
    let read = |text: &str| files(&daemon()).remove(0).with_side_file(Path::new("daemon.wayfarer.toml"), text);
    tenant.import_apps(&[read(&side).unwrap()], Existing::Refuse, &mut random()).unwrap();
    let app = load(&folder).find("daemon").unwrap().clone();
    assert_eq!(app.service_principal_id.unwrap().to_string(), PRINCIPAL);
    assert!(app.has_assignment(API.parse().unwrap(), ROLE.parse().unwrap()));
    assert!(app.password_credentials[0].digest.is_none());
    let written = std::fs::read_to_string(folder.path().join("apps/daemon.wayfarer.toml")).unwrap();
    assert!(!written.contains("digest"), "another tenant's digest says nothing here: {written}");
    assert!(read("service_principal_id = 1").unwrap_err().to_string().starts_with("daemon.wayfarer.toml:1:"));
}

#[test]
fn an_app_that_is_there_is_replaced_only_when_that_is_asked_for() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let id = tenant.create_app("daemon", now(), random).unwrap().app_id;
    let secret = tenant.add_secret("daemon", None, Expiry::two_years(now()), now(), random).unwrap();
    let before = tenant.find("daemon").unwrap().clone();
    let mut manifest = before.shared_manifest();
    manifest["notes"] = json!("changed");
    let refused = import(&mut tenant, &manifest, Existing::Refuse).unwrap_err().to_string();
    assert_eq!(refused, format!("apps.json: app `daemon ({id})` is there already"));

    let imported = import(&mut tenant, &manifest, Existing::Replace).unwrap();
    assert_eq!((imported[0].replaced, imported[0].lost_secrets), (true, 0));
    let tenant = load(&folder);
    let after = tenant.find("daemon").unwrap();
    assert_eq!(after.manifest()["notes"], "changed");
    assert_eq!(after.service_principal_id, before.service_principal_id);
    assert!(tenant.present(&secret.secret_text).matches(after.password_credentials[0].digest.as_ref()));

    manifest["passwordCredentials"] = json!([]);
    import(&mut load(&folder), &manifest, Existing::Replace).unwrap();
    let side = std::fs::read_to_string(folder.path().join("apps/daemon.wayfarer.toml")).unwrap();
    assert!(!side.contains("digest"), "{side}");
    assert_eq!(std::fs::read_dir(folder.path().join("apps")).unwrap().count(), 2, "it kept its files");
}

#[test]
fn whoever_was_granted_a_role_that_goes_loses_it() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    import(&mut tenant, &api("app.read"), Existing::Refuse).unwrap();
    tenant.create_app("client", now(), random).unwrap();
    tenant.grant("client", API, &["app.read"], AdminConsent::Granted, random).unwrap();
    let mut without = api("app.read");
    without["appRoles"] = json!([]);
    import(&mut tenant, &without, Existing::Replace).unwrap();
    assert!(load(&folder).find("client").unwrap().app_role_assignments.is_empty());
}

#[test]
fn what_is_refused_and_why() {
    let folder = folder();
    let mut tenant = load(&folder);
    import(&mut tenant, &api("app.read"), Existing::Refuse).unwrap();
    let with = |name: &str, value: Value| {
        let mut manifest = daemon();
        manifest[name] = value;
        manifest
    };
    let role = |value: &str| {
        json!([{ "id": ROLE, "value": value, "displayName": "d", "description": "d",
        "isEnabled": true, "allowedMemberTypes": ["Application"], "lang": null, "origin": "Application" }])
    };
    let mut clear = daemon();
    clear["passwordCredentials"][0]["value"] = json!("hush");
    let cases = [
        (json!("text"), "apps.json: `manifest` must be a JSON object"),
        (json!([daemon(), { "name": "x" }]), "apps.json[1]: `appId` must be there"),
        (json!([daemon(), daemon()]), "apps.json[1]: app `11112222-bbbb-3333-cccc-4444dddd5555 in this file` is there"),
        (
            clear,
            "apps.json: `passwordCredentials[0].value` is a secret in clear: take it out; `wayfarer app add-secret`",
        ),
        (with("name", json!("")), "apps.json: `name` is empty"),
        (with("identifierUris", json!(["api"])), "apps.json: `identifierUris[0]` is not a URI"),
        (with("identifierUris", json!(["api://one"])), "apps.json: Application ID URI `api://one` belongs to `api`"),
        (with("appRoles", role("app read")), "apps.json: `appRoles[0].value` contains a space"),
        (with("oauth2Permissions", json!([{ "id": "x" }])), "apps.json: `oauth2Permissions[0].type` must be one of"),
        (with("accessTokenAcceptedVersion", json!(3)), "apps.json: `accessTokenAcceptedVersion` must be 1, 2 or null"),
        (with("id", json!(API)), "object id `00001111-aaaa-2222-bbbb-3333cccc4444` belongs to `api`"),
    ];
    for (text, expected) in cases {
        let refusal = refusal(&mut tenant, &text);
        assert!(refusal.contains(expected), "{expected}\n{refusal}");
        assert!(!refusal.contains("hush"));
    }
    assert_eq!(load(&folder).apps().len(), 1, "nothing of a list was written");
    let malformed = AppFile::read(Path::new("apps.json"), "[{").unwrap_err().to_string();
    assert!(malformed.starts_with("apps.json:1:"), "{malformed}");
}

#[test]
fn two_apps_have_no_service_principal_in_common() {
    let folder = folder();
    let mut tenant = load(&folder);
    let side = format!("service_principal_id = \"{PRINCIPAL}\"\n");
    let with = |manifest: &Value| files(manifest).remove(0).with_side_file(Path::new("s"), &side).unwrap();
    let both = [with(&daemon()), with(&api("app.read"))];
    let refused = tenant.import_apps(&both, Existing::Refuse, &mut random()).unwrap_err().to_string();
    assert!(refused.contains(&format!("service principal id `{PRINCIPAL}` belongs to `daemon`")), "{refused}");
    assert!(load(&folder).apps().is_empty());
}

/// A fixture may hold a secret in clear; what is shown to others may not.
#[test]
fn a_manifest_for_others_holds_no_secret() {
    let mut manifest = daemon();
    manifest["passwordCredentials"][0]["value"] = json!("hush");
    manifest["passwordCredentials"].as_array_mut().unwrap().push(json!({ "keyId": ROLE, "secretText": "hush" }));
    let app = App::new("a".into(), manifest, Registration::default(), &crate::secret::Digester::new(None)).unwrap();
    let shared = app.shared_manifest().to_string();
    assert!(!shared.contains("hush") && shared.contains("\"secretText\":null"), "{shared}");
}
