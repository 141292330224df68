use std::fs;
use std::path::Path;
use std::thread;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::*;

const CONTAINER: &str = "B2C_1A_TokenSigningKeyContainer";

fn now() -> Timestamp {
    "2025-06-01T00:00:00Z".parse().unwrap()
}

/// The keys of a tenant folder.
fn keys(tenant: &Path) -> KeyStore {
    KeyStore::new(Arc::new(crate::Folder::new(tenant)))
}

fn make(store: &KeyStore) -> KeySet {
    store.get_or_create(CONTAINER, KeyUse::Signature, now()).unwrap()
}

/// The example of RFC 7638 §3.1.
#[test]
fn key_ids_are_rfc_7638_thumbprints() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let modulus = BASE64_URL_SAFE_NO_PAD.decode(n).unwrap();
    assert_eq!(keyset::thumbprint(&modulus, &[1, 0, 1]), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn a_key_is_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    assert!(store.get(CONTAINER).unwrap().is_none());
    let first = make(&store);
    let second = keys(folder.path()).get(CONTAINER).unwrap().unwrap();
    assert_eq!(first.keys()[0].public_jwk(), second.keys()[0].public_jwk());
    assert_eq!(first.keys()[0].public_jwk()["e"], "AQAB");
    assert_eq!(first.keys()[0].kid.len(), 43);
    let long_ago = "1990-01-01T00:00:00Z".parse().unwrap();
    assert!(first.active(long_ago).is_some(), "a made key signs at every --now");
}

#[test]
fn of_many_that_race_all_get_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    let kids: Vec<String> = thread::scope(|scope| {
        let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| make(&store).keys()[0].kid.clone())).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
    let mut left: Vec<_> = fs::read_dir(folder.path().join("keys"))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, [".edit.lock".to_owned(), ".gitignore".to_owned(), format!("{CONTAINER}.json")]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    make(&store);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store.place(CONTAINER)), 0o600);
    assert_eq!(mode(&folder.path().join("keys")), 0o700);
}

#[test]
fn a_name_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    for name in [
        "",
        "B2C_1A_",
        "TokenSigningKeyContainer",
        "B2C_1A_../x",
        "B2C_1A_a/b",
        "B2C_1A_a\\b",
        "B2C_1A_a.b",
        "b2c_1a_x",
        "B2C_1A_a\0",
    ] {
        assert!(matches!(store.get(name), Err(KeyError::Container { .. })), "{name}");
        assert!(
            matches!(store.get_or_create(name, KeyUse::Signature, now()), Err(KeyError::Container { .. })),
            "{name}"
        );
    }
}

#[test]
fn a_damaged_keyset_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    let path = store.place(CONTAINER);
    fs::create_dir(folder.path().join("keys")).unwrap();
    let not_a_key = r#"{"keys":[{"kid":"k","use":"sig","kty":"RSA","pkcs8":"c2VjcmV0"}]}"#;
    for text in
        ["", "{", r#"{"keys":[]}"#, not_a_key, &not_a_key.replace("RSA", "oct"), &not_a_key.replace("c2V", "***")]
    {
        fs::write(&path, text).unwrap();
        let error = store.get_or_create(CONTAINER, KeyUse::Signature, now()).unwrap_err();
        assert!(matches!(error, KeyError::Corrupt { .. }), "{text}: {error}");
        assert!(!error.to_string().contains("c2VjcmV0"));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_place_that_can_not_be_written_comes_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = keys(&file).get_or_create(CONTAINER, KeyUse::Signature, now()).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("set WAYFARER_HOME") && message.contains("--tenant DIR") && message.contains("keys"),
        "{message}"
    );
}

/// `tokens.md` 1 and `endpoints.md` 1.4.
#[test]
fn the_latest_started_key_signs_and_the_published_are_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let made = make(&keys(folder.path()));
    let text = fs::read_to_string(keys(folder.path()).place(CONTAINER)).unwrap();
    let pkcs8 = serde_json::from_str::<serde_json::Value>(&text).unwrap()["keys"][0]["pkcs8"].clone();
    let key = |kid: &str, more: serde_json::Value| {
        let mut key = serde_json::json!({"kid": kid, "use": "sig", "kty": "RSA", "pkcs8": pkcs8});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    };
    let set = serde_json::json!({"keys": [
        key("future", serde_json::json!({"nbf": 3000})),
        key("current", serde_json::json!({"nbf": 2000, "exp": 2800})),
        key("old", serde_json::json!({"nbf": 1000, "exp": 2500})),
        key("off", serde_json::json!({"nbf": 2100, "enabled": false})),
        key("dateless", serde_json::json!({}))
    ]});
    let keys = KeySet::parse(CONTAINER, &set.to_string()).unwrap();
    let at = |second| Timestamp::from_second(second).unwrap();
    let active = |second| keys.active(at(second)).map(|key| key.kid.as_str());
    assert_eq!(
        [active(500), active(1500), active(2000), active(2799)],
        [Some("dateless"), Some("old"), Some("current"), Some("current")]
    );
    assert_eq!([active(2800), active(3000)], [Some("dateless"), Some("future")]);
    let published: Vec<_> = keys.published(at(2600)).iter().map(|key| key.kid.as_str()).collect();
    assert_eq!(published, ["dateless", "current", "future"]);
    let jwk = keys.keys()[1].public_jwk();
    assert_eq!(jwk.keys().collect::<Vec<_>>(), ["kid", "nbf", "use", "kty", "e", "n"]);
    assert_eq!(jwk["n"], made.keys()[0].public_jwk()["n"]);
}
