use serde_json::{Value, json};

use super::*;
use crate::secret::Digester;

const APP_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

fn shown(manifest: Value) -> Value {
    let app = App::new("a".into(), manifest, crate::app::Registration::default(), &Digester::new(None)).unwrap();
    app.graph_members().into()
}

/// Every row of `graph.md` 1.1 that has two names.
#[test]
fn a_portals_manifest_is_shown_in_graphs_words() {
    let shown = shown(json!({
        "id": "6c4d8e9f-0a1b-4c2d-8e3f-4a5b6c7d8e22", "appId": APP_ID, "name": "n", "accessTokenAcceptedVersion": 2,
        "allowPublicClient": true, "oauth2AllowIdTokenImplicitFlow": true, "oauth2AllowImplicitFlow": false,
        "logoutUrl": "https://x/out", "signInUrl": "https://x", "acceptMappedClaims": true,
        "knownClientApplications": [APP_ID],
        "oauth2Permissions": [{ "id": APP_ID, "value": "demo", "type": "User", "isEnabled": true, "lang": null }],
        "preAuthorizedApplications": [{ "appId": APP_ID, "permissionIds": [APP_ID] }],
        "informationalUrls": { "termsOfService": "t", "support": "s", "privacy": "p", "marketing": "m" }, "logoUrl": "l",
        "replyUrlsWithType": [
            { "url": "https://web", "type": "Web" }, { "url": "https://spa", "type": "Spa" },
            { "url": "urn:ietf:wg:oauth:2.0:oob", "type": "InstalledClient" }
        ],
        "passwordCredentials": [{
            "keyId": APP_ID, "hint": "abc", "displayName": "d", "startDate": "2025-01-01T00:00:00Z",
            "endDate": "2027-01-01T00:00:00Z", "value": "a secret that must not be shown", "createdOn": null
        }],
        "keyCredentials": [{ "keyId": APP_ID, "type": "AsymmetricX509Cert", "usage": "Verify", "value": "certificate" }]
    }));
    assert_eq!(shown["displayName"], "n");
    assert_eq!(shown["isFallbackPublicClient"], true);
    assert_eq!(
        shown["api"],
        json!({
            "acceptMappedClaims": true, "knownClientApplications": [APP_ID], "requestedAccessTokenVersion": 2,
            "oauth2PermissionScopes": [{ "id": APP_ID, "value": "demo", "type": "User", "isEnabled": true }],
            "preAuthorizedApplications": [{ "appId": APP_ID, "delegatedPermissionIds": [APP_ID] }]
        })
    );
    assert_eq!(
        shown["web"],
        json!({
            "homePageUrl": "https://x", "logoutUrl": "https://x/out", "redirectUris": ["https://web"],
            "implicitGrantSettings": { "enableAccessTokenIssuance": false, "enableIdTokenIssuance": true }
        })
    );
    assert_eq!(shown["spa"], json!({ "redirectUris": ["https://spa"] }));
    assert_eq!(shown["publicClient"], json!({ "redirectUris": ["urn:ietf:wg:oauth:2.0:oob"] }));
    assert_eq!(
        shown["info"],
        json!({
            "logoUrl": "l", "marketingUrl": "m", "privacyStatementUrl": "p", "supportUrl": "s", "termsOfServiceUrl": "t"
        })
    );
    assert_eq!(
        shown["passwordCredentials"],
        json!([{
            "customKeyIdentifier": null, "displayName": "d", "endDateTime": "2027-01-01T00:00:00Z", "hint": "abc",
            "keyId": APP_ID, "secretText": null, "startDateTime": "2025-01-01T00:00:00Z"
        }])
    );
    assert_eq!(shown["keyCredentials"][0]["key"], Value::Null);
}

#[test]
fn what_is_written_is_what_is_shown_in_either_dialect() {
    let values = [
        ("displayName", json!("new")),
        ("isFallbackPublicClient", json!(true)),
        ("api.requestedAccessTokenVersion", json!(2)),
        ("api.oauth2PermissionScopes", json!([{ "id": APP_ID, "value": "demo", "type": "User", "isEnabled": true }])),
        ("api.preAuthorizedApplications", json!([{ "appId": APP_ID, "delegatedPermissionIds": [APP_ID] }])),
        ("web.redirectUris", json!(["https://a", "https://b"])),
        ("spa.redirectUris", json!(["https://c"])),
        ("publicClient.redirectUris", json!([])),
        ("web.implicitGrantSettings.enableIdTokenIssuance", json!(true)),
        ("web.logoutUrl", Value::Null),
        ("info.supportUrl", json!("https://support")),
        ("appRoles", json!([])),
        ("tags", json!(["one"])),
    ];
    let portal = json!({
        "appId": APP_ID, "name": "old", "logoutUrl": "https://x/out", "informationalUrls": null,
        "replyUrlsWithType": [{ "url": "https://old", "type": "Spa" }]
    });
    let graph = json!({ "appId": APP_ID, "displayName": "old", "web": { "logoutUrl": "https://x/out", "other": 1 } });
    for (mut manifest, dialect) in [(portal, Dialect::Portal), (graph, Dialect::Graph)] {
        for (name, value) in &values {
            let member = MEMBERS.iter().find(|it| it.name() == *name).unwrap();
            member.write(&mut manifest, dialect, value).unwrap();
            assert_eq!(Dialect::of(&manifest), dialect, "{name}");
            assert_eq!(member.read(&manifest, dialect), *value, "{name} in {dialect:?}");
        }
        let app = crate::app::manifest::view(manifest.clone()).unwrap();
        assert_eq!((app.name.as_str(), app.access_token_version), ("new", Some(2)));
        assert_eq!(app.web_redirect_uris, ["https://a", "https://b"]);
        assert_eq!(app.spa_redirect_uris, ["https://c"]);
        assert_eq!(manifest.get("web").is_some(), dialect == Dialect::Graph, "{manifest}");
        assert_eq!(manifest.get("replyUrlsWithType").is_some(), dialect == Dialect::Portal, "{manifest}");
    }
}

#[test]
fn a_manifest_of_both_dialects_has_each_member_once_after_it_is_written() {
    let mut manifest = json!({
        "appId": APP_ID, "name": "n", "accessTokenAcceptedVersion": 1, "api": { "requestedAccessTokenVersion": 1 },
        "spa": { "redirectUris": ["https://graph"] },
        "replyUrlsWithType": [{ "url": "https://portal", "type": "Spa" }, { "url": "https://web", "type": "Web" }]
    });
    let member = |name: &str| MEMBERS.iter().find(|it| it.name() == name).unwrap();
    assert_eq!(member("spa.redirectUris").read(&manifest, Dialect::Portal), json!(["https://graph", "https://portal"]));
    member("spa.redirectUris").write(&mut manifest, Dialect::Portal, &json!(["https://new"])).unwrap();
    member("api.requestedAccessTokenVersion").write(&mut manifest, Dialect::Portal, &json!(2)).unwrap();
    let expected = json!({
        "appId": APP_ID, "name": "n", "accessTokenAcceptedVersion": 2, "api": {}, "spa": {},
        "replyUrlsWithType": [{ "url": "https://web", "type": "Web" }, { "url": "https://new", "type": "Spa" }]
    });
    assert_eq!(manifest, expected);
}

#[test]
fn what_is_in_the_way_is_left_alone() {
    let mut manifest = json!({ "appId": APP_ID, "displayName": "n", "api": 5 });
    let version = MEMBERS.iter().find(|it| it.form == Form::Version).unwrap();
    assert_eq!(version.write(&mut manifest, Dialect::Graph, &json!(2)), None);
    assert_eq!(manifest["api"], 5);
}

#[test]
fn an_app_without_an_object_id_is_addressed_by_its_application_id() {
    assert_eq!(shown(json!({ "appId": APP_ID, "name": "n" }))["id"], APP_ID);
}
