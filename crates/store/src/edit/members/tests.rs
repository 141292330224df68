use std::fs;

use serde_json::{Value, json};

use super::*;
use crate::edit::tests::{folder, load, now, random};
use crate::edit::{AdminConsent, Expiry};

const ROLE: &str = "d6a15e20-f83c-4264-8e61-5082688e14c8";
const OTHER: &str = "204dc4ab-51e1-439f-8c7f-31a1ebf3c7b9";

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

fn role(id: &str, value: &str, enabled: bool) -> Value {
    json!({
        "id": id, "value": value, "displayName": "d", "description": "d", "isEnabled": enabled,
        "allowedMemberTypes": ["Application"]
    })
}

#[test]
fn an_application_is_registered_in_graphs_dialect() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let given = members(json!({
        "displayName": "my-api1", "identifierUris": ["https://contoso.onmicrosoft.com/api"],
        "appRoles": [role(ROLE, "app.read", true)], "@odata.type": "#microsoft.graph.application"
    }));
    let app = tenant.register_app(&given, now(), random).unwrap().clone();
    assert_eq!((app.name.as_str(), app.access_token_version), ("my-api1", Some(2)));
    assert_eq!(app.sign_in_audience.as_deref(), Some("AzureADandPersonalMicrosoftAccount"));
    assert_eq!((app.service_principal_id, app.app_roles.len()), (None, 1));
    assert_eq!(load(&folder).apps()[0].manifest(), app.manifest());
    let written = fs::read_to_string(folder.path().join("apps/my-api1.json")).unwrap();
    assert!(written.contains("\"displayName\": \"my-api1\"") && !written.contains("\"name\""), "{written}");
    assert_eq!(app.graph_members()["publisherDomain"], "contoso.onmicrosoft.com");
}

#[test]
fn an_app_of_the_portal_is_changed_in_its_own_words() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let app_id = tenant.create_app("daemon", now(), random).unwrap().app_id;
    let given = json!({
        "displayName": "renamed", "web": { "redirectUris": ["https://jwt.ms"], "logoutUrl": null },
        "spa": null, "api": { "acceptMappedClaims": true }
    });
    let app = tenant.update_app(app_id, &members(given)).unwrap();
    assert_eq!((app.name.as_str(), app.access_token_version), ("renamed", Some(2)));
    let manifest = app.manifest();
    assert_eq!(manifest["replyUrlsWithType"], json!([{ "url": "https://jwt.ms", "type": "Web" }]));
    assert_eq!((&manifest["name"], &manifest["acceptMappedClaims"]), (&json!("renamed"), &json!(true)));
    for name in ["displayName", "web", "spa", "api"] {
        assert!(manifest.get(name).is_none(), "{name} is no word of the portal");
    }
    assert_eq!(load(&folder).apps()[0].stem(), "daemon", "a file keeps its name");
}

/// What is wrong, and the place in the request that is told.
#[test]
fn what_azure_would_refuse() {
    let cases = [
        (json!({ "displayName": null }), "`displayName` must be a text"),
        (json!({ "displayName": " " }), "`displayName` is empty"),
        (json!({ "displayname": "x" }), "`displayname` is no member of an application that is kept here"),
        (json!({ "api": { "version": 2 } }), "`api.version` is no member of an application that is kept here"),
        (json!({ "api": 2 }), "`api` must be an object"),
        (json!({ "appId": ROLE }), "`appId` is read-only"),
        (json!({ "id": null }), "`id` is read-only"),
        (
            json!({ "passwordCredentials": [] }),
            "`passwordCredentials` can't be set: use `addPassword` and `removePassword`",
        ),
        (json!({ "identifierUris": ["api"] }), "`identifierUris[0]` is not a URI such as"),
        (json!({ "identifierUris": ["api://a", "api://a"] }), "`identifierUris[1]` is there twice"),
        (json!({ "identifierUris": "api://a" }), "`identifierUris` must be a list"),
        (json!({ "signInAudience": "Everybody" }), "`signInAudience` must be one of AzureADMyOrg"),
        (
            json!({ "api": { "requestedAccessTokenVersion": 3 } }),
            "`api.requestedAccessTokenVersion` must be 1, 2 or null",
        ),
        (json!({ "api": { "requestedAccessTokenVersion": 1 } }), "`api.requestedAccessTokenVersion` must be 2 where"),
        (json!({ "isFallbackPublicClient": "yes" }), "`isFallbackPublicClient` must be `true` or `false`"),
        (json!({ "web": { "redirectUris": ["/here"] } }), "`web.redirectUris[0]` is not an absolute URI"),
        (json!({ "web": { "redirectUris": ["https://x#a"] } }), "`web.redirectUris[0]` must not have a fragment"),
        (json!({ "appRoles": [role("1", "a", true)] }), "`appRoles[0].id` must be a GUID"),
        (json!({ "appRoles": [role(ROLE, "a b", true)] }), "`appRoles[0].value` contains a space"),
        (json!({ "appRoles": [role(ROLE, ".a", true)] }), "`appRoles[0].value` begins with `.`"),
        (json!({ "appRoles": [role(ROLE, &"x".repeat(121), true)] }), "`appRoles[0].value` is longer than 120"),
        (json!({ "appRoles": [role(ROLE, "a", true), role(ROLE, "b", true)] }), "`appRoles[1].id` is there twice"),
        (json!({ "appRoles": [role(ROLE, "a", true), role(OTHER, "a", true)] }), "`appRoles[1].value` is there twice"),
        (
            json!({ "appRoles": [{ "id": ROLE, "displayName": "d", "description": "d" }] }),
            "`appRoles[0].allowedMemberTypes` must have",
        ),
        (json!({ "appRoles": [{ "id": ROLE, "displayName": "d" }] }), "`appRoles[0].description` must be given"),
        (json!({ "appRoles": [{ "id": ROLE, "color": "red" }] }), "`appRoles[0].color` is not known"),
        (
            json!({ "keyCredentials": [{ "type": "Symmetric" }] }),
            "`keyCredentials[0].type` must be one of AsymmetricX509Cert",
        ),
        (
            json!({ "requiredResourceAccess": [{ "resourceAppId": ROLE, "resourceAccess": [{ "id": ROLE, "type": "X" }] }] }),
            "`requiredResourceAccess[0].resourceAccess[0].type` must be one of Role, Scope",
        ),
        (
            json!({
                "appRoles": [role(ROLE, "a", true)],
                "api": { "oauth2PermissionScopes": [{ "id": ROLE, "value": "b", "type": "User", "isEnabled": true }] }
            }),
            "has the id `d6a15e20-f83c-4264-8e61-5082688e14c8` of a scope",
        ),
    ];
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let app_id = tenant.create_app("daemon", now(), random).unwrap().app_id;
    let before = fs::read_to_string(folder.path().join("apps/daemon.json")).unwrap();
    for (given, expected) in cases {
        let error = tenant.update_app(app_id, &members(given.clone())).unwrap_err().to_string();
        assert!(error.contains(expected), "{given}: {error}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("apps/daemon.json")).unwrap(), before);
    let nameless = tenant.register_app(&members(json!({})), now(), random).unwrap_err();
    assert_eq!(nameless.to_string(), "`displayName` must be given");
}

#[test]
fn an_application_id_uri_belongs_to_one_app() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let uri = |name: &str| members(json!({ "displayName": name, "identifierUris": ["api://one"] }));
    let first = tenant.register_app(&uri("one"), now(), random).unwrap().app_id;
    let taken = tenant.register_app(&uri("two"), now(), random).unwrap_err();
    assert!(matches!(&taken, EditError::Taken { value, .. } if value == "api://one"), "{taken}");
    assert_eq!(tenant.apps().len(), 1, "what was refused is not there");
    tenant.update_app(first, &uri("one")).unwrap();
}

#[test]
fn the_audience_decides_the_version() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let own =
        json!({ "displayName": "a", "signInAudience": "AzureADMyOrg", "api": { "requestedAccessTokenVersion": null } });
    let app_id = tenant.register_app(&members(own), now(), random).unwrap().app_id;
    assert_eq!(tenant.app(app_id).unwrap().access_token_version, None);
    let all = json!({ "signInAudience": "AzureADandPersonalMicrosoftAccount" });
    assert_eq!(tenant.update_app(app_id, &members(all)).unwrap().access_token_version, Some(2));
}

#[test]
fn a_role_is_disabled_before_it_goes_and_takes_its_grants_along() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let roles = |enabled| json!({ "appRoles": [role(ROLE, "app.read", enabled), role(OTHER, "app.write", true)] });
    let left = members(json!({ "appRoles": [role(OTHER, "app.write", true)] }));
    let api = tenant.create_app("api", now(), random).unwrap().app_id;
    tenant.update_app(api, &members(roles(true))).unwrap();
    tenant.create_app("daemon", now(), random).unwrap();
    tenant.grant("daemon", "api", &["app.read", "app.write"], AdminConsent::Granted, random).unwrap();
    let enabled = tenant.update_app(api, &left).unwrap_err();
    assert!(matches!(&enabled, EditError::Enabled { member: "appRoles", value } if value == "app.read"), "{enabled}");
    tenant.update_app(api, &members(roles(false))).unwrap();
    tenant.update_app(api, &left).unwrap();
    let daemon = load(&folder).find("daemon").unwrap().clone();
    assert_eq!(daemon.app_role_assignments.len(), 1);
    assert!(daemon.has_assignment(api, OTHER.parse().unwrap()));
}

#[test]
fn service_principals_and_assignments_come_and_go() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let register = |tenant: &mut Tenant, name: &str, random: &mut dyn FnMut(&mut [u8])| {
        let given = members(json!({ "displayName": name, "appRoles": [role(ROLE, "app.read", true)] }));
        let app_id = tenant.register_app(&given, now(), random).unwrap().app_id;
        (app_id, tenant.create_service_principal(app_id, random).unwrap().service_principal_id.unwrap())
    };
    let (api, resource) = register(&mut tenant, "api", random);
    let (client, principal) = register(&mut tenant, "daemon", random);
    assert!(matches!(tenant.create_service_principal(api, random), Err(EditError::Exists { .. })));
    let role: Guid = ROLE.parse().unwrap();
    let nil: Guid = "00000000-0000-0000-0000-000000000000".parse().unwrap();
    assert!(tenant.assign_role(principal, resource, nil).is_err(), "the API has roles");
    assert!(
        matches!(tenant.assign_role(client, resource, role), Err(EditError::Missing { .. })),
        "not a principal's id"
    );
    tenant.assign_role(principal, resource, role).unwrap();
    assert!(matches!(tenant.assign_role(principal, resource, role), Err(EditError::Exists { .. })));
    let assignment = tenant.app(client).unwrap().app_role_assignments[0];
    tenant.unassign_role(principal, assignment).unwrap();
    assert!(matches!(tenant.unassign_role(principal, assignment), Err(EditError::Missing { .. })));
    tenant.assign_role(principal, resource, role).unwrap();
    assert!(!tenant.set_account_enabled(principal, false).unwrap().account_enabled);
    tenant.delete_service_principal(resource).unwrap();
    let now_there = load(&folder);
    let (api, client) = (now_there.app(api).unwrap(), now_there.app(client).unwrap());
    assert_eq!((api.service_principal_id, client.app_role_assignments.len()), (None, 0));
    assert!(!client.account_enabled && client.service_principal_id == Some(principal));
}

#[test]
fn a_deleted_app_leaves_nothing_behind() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let api = tenant.create_app("api", now(), random).unwrap().app_id;
    tenant.add_role("api", "app.read", random).unwrap();
    tenant.create_app("daemon", now(), random).unwrap();
    tenant.grant("daemon", "api", &["app.read"], AdminConsent::Granted, random).unwrap();
    tenant.delete_app(api).unwrap();
    assert!(tenant.app(api).is_none() && matches!(tenant.delete_app(api), Err(EditError::Find(_))));
    let tenant = load(&folder);
    assert!(tenant.find("daemon").unwrap().app_role_assignments.is_empty());
    let mut left: Vec<_> =
        fs::read_dir(folder.path().join("apps")).unwrap().map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["daemon.json", "daemon.wayfarer.toml"]);
}

#[test]
fn a_removed_secret_is_known_no_more() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let app = tenant.create_app("daemon", now(), random).unwrap().app_id;
    let add = |tenant: &mut Tenant, random: &mut dyn FnMut(&mut [u8])| {
        tenant.add_secret("daemon", None, Expiry::two_years(now()), now(), random).unwrap()
    };
    let (gone, kept) = (add(&mut tenant, random), add(&mut tenant, random));
    tenant.remove_secret(app, gone.key_id).unwrap();
    assert!(matches!(tenant.remove_secret(app, gone.key_id), Err(EditError::Missing { .. })));
    let tenant = load(&folder);
    let credentials = &tenant.app(app).unwrap().password_credentials;
    assert_eq!(credentials.iter().map(|it| it.key_id).collect::<Vec<_>>(), [kept.key_id]);
    assert!(!tenant.present(&gone.secret_text).matches(credentials[0].digest.as_ref()));
    let side = fs::read_to_string(folder.path().join("apps/daemon.wayfarer.toml")).unwrap();
    assert!(!side.contains(&gone.key_id.to_string()), "{side}");
}

#[test]
fn no_manifest_grows_beyond_what_can_be_read_again() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    let app = tenant.create_app("daemon", now(), random).unwrap().app_id;
    let claims: Vec<Value> = vec![json!("x".repeat(1000)); 5000];
    let error = tenant.update_app(app, &members(json!({ "optionalClaims": { "many": claims } }))).unwrap_err();
    assert!(error.to_string().contains("more than 4194304 bytes"), "{error}");
    assert_eq!(load(&folder).apps().len(), 1);
}
