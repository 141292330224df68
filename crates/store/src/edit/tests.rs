use std::fs;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::guid::Guid;
use crate::secret::Secret;

pub(super) fn now() -> Timestamp {
    "2025-06-01T10:00:00.5Z".parse().unwrap()
}

/// Randomness that repeats: 1, 2, 3 …
pub(super) fn random() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_add(1);
            *byte = next;
        }
    }
}

pub(super) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        "name = \"contoso.onmicrosoft.com\"\nid = \"aaaabbbb-0000-cccc-1111-dddd2222eeee\"\nhosts = [\"h\"]\n";
    fs::write(folder.path().join("tenant.toml"), settings).unwrap();
    folder
}

pub(super) fn load(folder: &TempDir) -> Tenant {
    Tenant::load(folder.path()).unwrap()
}

/// The article's steps 1 to 2.2, and what is on disk after them.
#[test]
fn the_articles_steps() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    tenant.create_app("my-api1", now(), random).unwrap();
    let api = tenant.set_uri("my-api1", "api").unwrap();
    assert_eq!(api.identifier_uris, ["https://contoso.onmicrosoft.com/api"]);
    tenant.add_role("my-api1", "app.read", random).unwrap();
    let api = tenant.add_role("my-api1", "app.write", random).unwrap().clone();
    let client = tenant.create_app("ClientCredentials_app", now(), random).unwrap().clone();
    assert_eq!((client.access_token_version, client.service_principal_id.is_some()), (Some(2), true));
    let secret = tenant
        .add_secret("ClientCredentials_app", Some("clientsecret1"), Expiry::two_years(now()), now(), random)
        .unwrap();
    tenant
        .grant(&client.app_id.to_string(), "my-api1", &["app.write", "app.read"], AdminConsent::Granted, random)
        .unwrap();

    let tenant = load(&folder);
    let client = tenant.find("ClientCredentials_app").unwrap();
    let ids: Vec<Guid> = api.app_roles.iter().map(|role| role.id).collect();
    assert!(ids.iter().all(|id| client.has_assignment(api.app_id, *id)));
    assert_eq!(client.required_resource_access[0].resource_access.len(), 2);
    let credential = &client.password_credentials[0];
    assert_eq!(credential.end.unwrap().to_string(), "2027-06-01T10:00:00Z");
    assert_eq!(
        (credential.display_name.as_deref(), credential.hint.as_deref()),
        (Some("clientsecret1"), Some(&*secret.hint))
    );
    assert!(tenant.present(&secret.secret_text).matches(credential.digest.as_ref()));
    assert!(!tenant.present(&Secret::new("wrong")).matches(credential.digest.as_ref()));
    assert!(tenant.warnings().is_empty());
}

#[test]
fn a_secret_is_told_once_and_only_its_digest_kept() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    tenant.create_app("daemon", now(), random).unwrap();
    let secret = tenant.add_secret("daemon", None, Expiry::two_years(now()), now(), random).unwrap();
    assert_eq!(secret.secret_text.expose().len(), 40);
    assert!(secret.secret_text.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte)));
    assert!(!format!("{secret:?} {tenant:?}").contains(secret.secret_text.expose()));
    for path in ["apps/daemon.json", "apps/daemon.wayfarer.toml", "keys/client-secrets.pepper"] {
        assert!(!fs::read_to_string(folder.path().join(path)).unwrap().contains(secret.secret_text.expose()), "{path}");
    }
    fs::remove_file(folder.path().join("keys/client-secrets.pepper")).unwrap();
    let tenant = load(&folder);
    let credential = &tenant.apps()[0].password_credentials[0];
    assert!(credential.digest.is_none(), "without the pepper a digest is worth nothing");
    assert!(tenant.warnings()[0].contains("client-secrets.pepper"));
}

#[test]
fn without_consent_nothing_is_granted() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    tenant.create_app("api", now(), random).unwrap();
    tenant.create_app("daemon", now(), random).unwrap();
    tenant.add_role("api", "app.read", random).unwrap();
    let configured = tenant.grant("daemon", "api", &["app.read"], AdminConsent::NotYet, random).unwrap();
    assert_eq!((configured.required_resource_access.len(), configured.app_role_assignments.len()), (1, 0));
    let granted = tenant.grant("daemon", "api", &["app.read"], AdminConsent::Granted, random).unwrap();
    assert_eq!(granted.required_resource_access[0].resource_access.len(), 1);
    assert_eq!(granted.app_role_assignments.len(), 1);
    let again = tenant.grant("daemon", "api", &["app.read"], AdminConsent::Granted, random).unwrap();
    assert_eq!(again.app_role_assignments.len(), 1);
    let unknown = tenant.grant("daemon", "api", &["app.write"], AdminConsent::Granted, random).unwrap_err();
    assert_eq!(unknown.to_string(), "role `app.write` is not a role of `api`: it has app.read");
}

#[test]
fn unknown_members_keep_their_place() {
    let folder = folder();
    fs::create_dir(folder.path().join("apps")).unwrap();
    let path = folder.path().join("apps/odd.json");
    let manifest = "{\n  \"zeta\": {\n    \"b\": 1,\n    \"a\": [\n      1.5,\n      null\n    ]\n  },\n  \"displayName\": \"odd\",\n  \"api\": {\n    \"requestedAccessTokenVersion\": null,\n    \"other\": true\n  },\n  \"appId\": \"11112222-bbbb-3333-cccc-4444dddd5555\",\n  \"alpha\": \"é\"\n}\n";
    fs::write(&path, format!("\u{feff}{}", manifest.replace('\n', "\r\n"))).unwrap();
    let mut tenant = load(&folder);
    assert_eq!(tenant.set_version("odd", 2).unwrap().access_token_version, Some(2));
    assert_eq!(fs::read_to_string(&path).unwrap(), manifest.replace("Version\": null", "Version\": 2"));
    tenant.add_role("odd", "app.read", &mut random()).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written.starts_with(&manifest.replace("Version\": null", "Version\": 2").replace("\n}\n", "")),
        "{written}"
    );
    assert!(written.contains("\"appRoles\"") && written.ends_with("}\n"));
    assert_eq!(tenant.set_version("odd", 3).unwrap_err().to_string(), "version `3` is neither 1 nor 2");
}

#[test]
fn role_values_follow_graphs_rules() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    tenant.create_app("api", now(), random).unwrap();
    let long = "x".repeat(120);
    for good in ["app.read", "~", "a:b/c[d]{e}!#$%&'()*+,-.;<=>?@^_`|", &long] {
        tenant.add_role("api", good, random).unwrap();
    }
    for bad in ["", "app read", " app", ".app", "a\"b", "a\\b", "a\tb", "é", "a\u{7f}", "app.read", &(long + "x")] {
        assert!(matches!(tenant.add_role("api", bad, random), Err(EditError::Invalid { .. })), "{bad}");
    }
    assert_eq!(load(&folder).apps()[0].app_roles.len(), 4);
}

#[test]
fn uris_are_uris_and_unique() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    tenant.create_app("one", now(), random).unwrap();
    tenant.create_app("two", now(), random).unwrap();
    tenant.set_uri("one", "api://one").unwrap();
    assert_eq!(tenant.set_uri("one", "https://contoso.com/one").unwrap().identifier_uris, ["https://contoso.com/one"]);
    let taken = tenant.set_uri("two", "https://contoso.com/one").unwrap_err().to_string();
    assert!(taken.contains("belongs to `one`"), "{taken}");
    for bad in ["", "a b", "https://", ":x", "1:x", "https://x/\"", "https://x/é", "https://x?a", "https://x#a"] {
        assert!(matches!(tenant.set_uri("two", bad), Err(EditError::Invalid { .. })), "{bad}");
    }
}

#[test]
fn any_name_gets_a_safe_file_of_its_own() {
    let (folder, random) = (folder(), &mut random());
    let mut tenant = load(&folder);
    for name in ["../../evil", "con", "My API: 1", "my-api--1", "日本", "日本", "daemon", "DAEMON"] {
        tenant.create_app(name, now(), random).unwrap();
    }
    for bad in ["", "  ", "a\nb", &"x".repeat(121)] {
        assert!(tenant.create_app(bad, now(), random).is_err(), "{bad}");
    }
    assert_eq!(load(&folder).apps().len(), 8);
    assert!(folder.path().join("apps/evil.json").is_file() && folder.path().join("apps/app-con.json").is_file());
    assert!(tenant.find("日本").unwrap_err().to_string().starts_with("several apps are named"));
}

#[test]
fn two_loaded_tenants_do_not_undo_each_others_edits() {
    let (folder, random) = (folder(), &mut random());
    let mut one = load(&folder);
    one.create_app("api", now(), random).unwrap();
    let mut two = load(&folder);
    one.add_role("api", "app.read", random).unwrap();
    two.add_role("api", "app.write", random).unwrap();
    assert_eq!(load(&folder).apps()[0].app_roles.len(), 2);
    assert!(two.add_role("api", "app.read", random).is_err());
}

#[test]
fn the_embedded_tenant_can_not_be_changed() {
    let home = tempfile::tempdir().unwrap();
    let mut tenant = crate::embedded_contoso(home.path()).unwrap();
    let error = tenant.create_app("x", now(), &mut random()).unwrap_err().to_string();
    assert!(error.contains("use --tenant DIR"), "{error}");
    assert!(tenant.set_version("my-api1", 2).is_err());
    let expiry = Expiry::two_years(now());
    assert!(tenant.add_secret("my-api1", None, expiry, now(), &mut random()).is_err());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}
