use std::fs;
use std::path::Path;
use std::thread;

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

#[test]
fn a_key_is_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = keys(folder.path());
    assert!(store.get(CONTAINER).unwrap().is_none());
    let first = make(&store);
    let second = keys(folder.path()).get(CONTAINER).unwrap().unwrap();
    assert_eq!(first.keys()[0].public_jwk().unwrap(), second.keys()[0].public_jwk().unwrap());
    assert_eq!(first.keys()[0].public_jwk().unwrap()["e"], "AQAB");
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
        ["", "{", r#"{"keys":[{}]}"#, not_a_key, &not_a_key.replace("RSA", "oct"), &not_a_key.replace("c2V", "***")]
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
    let jwk = keys.keys()[1].public_jwk().unwrap();
    assert_eq!(jwk.keys().collect::<Vec<_>>(), ["kid", "nbf", "use", "kty", "e", "n"]);
    assert_eq!(jwk["n"], made.keys()[0].public_jwk().unwrap()["n"]);
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn rsa(validity: Validity) -> Key {
    Key::generate(KeySize::Rsa2048, KeyUse::Signature, validity, now()).unwrap()
}

fn secret(text: &str) -> Key {
    Key::secret(text.as_bytes(), KeyUse::Encryption, Validity::default(), now()).unwrap()
}

#[test]
fn a_keyset_takes_keys_of_one_kind_once_and_not_too_many() {
    let container = || CONTAINER.to_owned();
    let mut keys = KeySet::new(CONTAINER);
    let first = rsa(Validity::default());
    keys.add(first.clone()).unwrap();
    let kid = first.kid.clone();
    assert_eq!(keys.add(first.clone()), Err(KeySetError::Exists { container: container(), kid }));
    assert_eq!(keys.add(secret("x")), Err(KeySetError::OtherKind { container: container() }));
    let mut secrets = KeySet::new(CONTAINER);
    for at in 0..20 {
        secrets.add(secret(&at.to_string())).unwrap();
    }
    assert_eq!(secrets.add(secret("x")), Err(KeySetError::Full { container: container() }));
}

#[test]
fn a_key_is_disabled_enabled_and_removed() {
    let validity = Validity { nbf: None, exp: Some(2000) };
    let (first, second) = (rsa(validity), rsa(Validity::default()));
    let mut keys = KeySet::new(CONTAINER);
    keys.add(first.clone()).unwrap();
    keys.add(second.clone()).unwrap();
    let active = |keys: &KeySet, second| keys.active(at(second)).map(|it| it.kid.clone());
    assert_eq!(active(&keys, 1000), Some(second.kid.clone()), "of two without a date the last signs");
    keys.set_status(&second.kid, KeyStatus::Disabled).unwrap();
    assert_eq!((active(&keys, 1000), active(&keys, 2000)), (Some(first.kid.clone()), None));
    assert_eq!(keys.published(at(1000)).len(), 1);
    keys.set_status(&second.kid, KeyStatus::Enabled).unwrap();
    assert_eq!(keys.remove_expired(at(1999)), [""; 0]);
    assert_eq!(keys.remove_expired(at(2000)), [first.kid.as_str()]);
    let unknown = KeySetError::Unknown { container: CONTAINER.into(), kid: first.kid.clone() };
    assert_eq!(keys.set_status(&first.kid, KeyStatus::Enabled), Err(unknown.clone()));
    assert_eq!(keys.remove(&first.kid).unwrap_err(), unknown);
    assert_eq!(keys.remove(&second.kid).unwrap().kid, second.kid);
    assert_eq!(keys.active(now()).map(|it| &it.kid), None);
}

#[test]
fn a_key_that_would_end_before_it_begins_is_refused() {
    let validity = |exp| Validity { nbf: Some(2000), exp: Some(exp) };
    assert!(Key::secret(b"x", KeyUse::Encryption, validity(2001), now()).is_ok());
    let refused = Key::secret(b"x", KeyUse::Encryption, validity(2000), now()).unwrap_err();
    assert_eq!(refused, KeySetError::Validity { nbf: 2000, exp: 2000 });
}

/// `graph.md` 3: what generateKey, uploadSecret and uploadPkcs12 answer.
#[test]
fn graph_sees_public_members_alone() {
    let members = |key: &Key| key.graph_members().keys().cloned().collect::<Vec<_>>();
    let key = rsa(Validity { nbf: Some(1000), exp: Some(2000) });
    assert_eq!(members(&key), ["x5c", "kty", "use", "status", "exp", "nbf", "kid", "e", "n"]);
    assert_eq!(key.graph_members()["x5c"], serde_json::json!([]));
    let mut secret = Key::generate_secret(KeyUse::Encryption, Validity::default(), now()).unwrap();
    secret.enabled = false;
    assert_eq!(members(&secret), ["x5c", "kty", "use", "status", "kid"]);
    assert_eq!(secret.graph_members()["kty"], "OCT");
    assert_eq!(secret.graph_members()["status"], "disabled");
    assert_eq!((secret.secret_bytes().unwrap().len(), secret.public_jwk()), (43, None));
    let file = include_bytes!("import/vectors/modern.p12");
    let imported = import_keys(file, Some(&crate::Secret::new("test passphrase"))).unwrap().remove(0);
    let key = imported.into_key(KeyUse::Signature, now()).unwrap();
    assert_eq!(members(&key), ["x5c", "x5t", "kty", "use", "status", "exp", "nbf", "kid", "e", "n"]);
    assert_eq!(key.graph_members()["x5t"], "XI36lIms98gwww9ULC5TZ-F-W0U");
    assert_eq!(key.graph_members()["x5c"].as_array().unwrap().len(), 2);
}

/// `rsa-aes256.key` of the vectors, as OpenSSL encrypted it.
#[test]
fn a_key_that_openssl_encrypted_can_stand_in_a_keyset() {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let public = import_keys(include_bytes!("import/vectors/rsa.key"), None).unwrap().remove(0);
    let public = public.into_key(KeyUse::Signature, now()).unwrap().public_jwk().unwrap();
    let encrypted = pem::parse(include_bytes!("import/vectors/rsa-aes256.key")).unwrap();
    let key = serde_json::json!({"kid": "k", "use": "sig", "kty": "RSA", "e": public["e"], "n": public["n"],
        "encrypted_pkcs8": BASE64_STANDARD.encode(encrypted.contents())});
    let mut keys = KeySet::parse(CONTAINER, &serde_json::json!({ "keys": [key] }).to_string()).unwrap();
    keys.unlock(Some(&crate::Secret::new("test passphrase")), now()).unwrap();
    let expected = include_bytes!("import/vectors/rsa-pkcs8.der").as_slice();
    assert_eq!(keys.active(now()).unwrap().pkcs8().unwrap(), expected);
}
