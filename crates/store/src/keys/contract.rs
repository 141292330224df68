//! What holds for a tenant's keys wherever they lie: each test runs on a folder and on a database.

use std::fs;
use std::path::Path;
use std::thread;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::SignedDuration;
use tempfile::TempDir;

use super::*;
use crate::documents::Database;
use crate::documents::contract::places;

const CONTAINER: &str = "B2C_1A_TokenSigningKeyContainer";
const API: &str = "B2C_1A_Api";
const START: i64 = 1_750_000_000;
const MARKER: &str = "marker-of-a-secret";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn passphrase() -> Secret {
    Secret::new("test passphrase")
}

fn stores() -> Vec<(TempDir, KeyStore)> {
    places().into_iter().map(|(place, documents)| (place, KeyStore::new(documents))).collect()
}

fn locked(stores: Vec<(TempDir, KeyStore)>) -> Vec<(TempDir, KeyStore)> {
    stores.into_iter().map(|(place, store)| (place, store.with_passphrase(Some(passphrase())))).collect()
}

/// A second way to the same keys, as another process has it.
fn another(place: &Path, store: &KeyStore) -> KeyStore {
    match Database::open_existing(&place.join("a/t.sqlite")).unwrap() {
        Some(database) => KeyStore { documents: Arc::new(database), ..store.clone() },
        None => KeyStore { documents: Arc::new(crate::Folder::new(place)), ..store.clone() },
    }
}

fn read(store: &KeyStore, container: &str) -> KeySet {
    store.get(container).unwrap().unwrap()
}

/// `limits.md` 7, R4, through what is stored: whoever reads the keyset at a moment sees it signed by a key that every JWKS
/// of the hour before has, and still has every key that signed in the two hours before.
#[test]
fn rotations_through_the_store_lose_no_token() {
    const STEP: i64 = 600;
    const CACHE: i64 = 3600;
    const LIFE: i64 = 7200;
    let rotation = Rotation { lead: SignedDuration::from_secs(CACHE), overlap: SignedDuration::from_secs(LIFE + STEP) };
    for (_place, store) in stores() {
        store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        let (mut published, mut signed): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
        for step in 0..=48 {
            let now = at(START + step * STEP);
            if step % 9 == 8 {
                store.change(CONTAINER, |keys| keys.rotate(rotation, KeySize::Rsa2048, now)).unwrap();
            }
            let keys = read(&store, CONTAINER);
            published.push(keys.published(now).iter().map(|it| it.kid.clone()).collect());
            signed.push(keys.active(now).unwrap().kid.clone());
            let held = &published[published.len().saturating_sub((CACHE / STEP) as usize + 1)..];
            for kid in &signed[signed.len().saturating_sub((LIFE / STEP) as usize + 1)..] {
                assert!(held.iter().all(|jwks| jwks.contains(kid)), "step {step}: {kid} is not in {held:?}");
            }
        }
        signed.dedup();
        assert_eq!(signed.len(), 5, "the first, and four of five that were made");
    }
}

#[test]
fn two_writers_lose_nothing() {
    for (place, store) in stores() {
        store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        let stores = [another(place.path(), &store), store];
        thread::scope(|scope| {
            for store in &stores {
                scope.spawn(|| {
                    for _ in 0..4 {
                        let rotate = |keys: &mut KeySet| keys.rotate(Rotation::default(), KeySize::Rsa2048, at(START));
                        store.change(CONTAINER, rotate).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(&stores[0], CONTAINER).keys().len(), 9);
    }
}

#[test]
fn a_removed_keyset_leaves_a_copy_that_no_policy_can_name() {
    for (_place, store) in stores() {
        store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        let text = store.documents.read(&document(CONTAINER)).unwrap().unwrap();
        store.remove(CONTAINER).unwrap();
        assert!(store.get(CONTAINER).unwrap().is_none() && store.containers().unwrap().is_empty());
        let copy = format!("{CONTAINER}.bak");
        assert_eq!(store.documents.read(&document(&copy)).unwrap(), Some(text));
        assert!(matches!(store.get(&copy), Err(KeyError::Container { .. })));
        let another = store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        store.remove(CONTAINER).unwrap();
        let copied = KeySet::parse(&copy, &store.documents.read(&document(&copy)).unwrap().unwrap()).unwrap();
        assert_eq!(copied.keys()[0].kid, another.keys()[0].kid, "the last one counts");
    }
}

#[test]
fn with_a_passphrase_what_is_kept_opens_with_it_alone() {
    for (_place, store) in locked(stores()) {
        let mut keys = store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        assert!(
            keys.is_encrypted() && matches!(keys.active(at(START)).unwrap().pkcs8(), Err(KeySetError::Locked { .. }))
        );
        store.unlock(&mut keys, at(START)).unwrap();
        let pkcs8 = keys.active(at(START)).unwrap().pkcs8().unwrap();
        assert_eq!(keys.active(at(START)).unwrap().public_jwk(), read(&store, CONTAINER).keys()[0].public_jwk());
        store.create_secret(API, &Secret::new(MARKER), at(START)).unwrap();

        let without = store.clone().with_passphrase(None);
        let refused = without.unlock(&mut read(&without, CONTAINER), at(START)).unwrap_err().to_string();
        assert!(refused.contains("set WAYFARER_KEY_PASSPHRASE") && refused.contains("--passphrase-file"), "{refused}");
        let adding = without.change(API, |keys| keys.add(secret("in clear"))).unwrap_err();
        assert!(matches!(adding, KeyError::KeySet(KeySetError::Locked { .. })), "never in clear beside it");

        let mut again = read(&store, CONTAINER);
        again.remember(&keys);
        assert_eq!(again.active(at(START)).unwrap().pkcs8().unwrap(), pkcs8, "nothing is decrypted a second time");
        assert_eq!(*again.to_text(None).unwrap(), *store.documents.read(&document(CONTAINER)).unwrap().unwrap());
    }
}

fn secret(text: &str) -> Key {
    Key::secret(text.as_bytes(), KeyUse::Encryption, Validity::default(), at(START)).unwrap()
}

#[test]
fn a_misspelt_passphrase_locks_nothing() {
    for (_place, store) in locked(stores()) {
        store.create_secret(API, &Secret::new("x"), at(START)).unwrap();
        let misspelt = store.clone().with_passphrase(Some(Secret::new("tset passphrase")));
        let refused = misspelt.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap_err();
        assert!(matches!(&refused, KeyError::OtherPassphrase { container } if container == API), "{refused}");
        assert!(misspelt.replace_secret(API, &Secret::new("y"), at(START)).is_err());
        assert!(misspelt.rewrite(misspelt.passphrase()).is_err());
        assert_eq!(store.containers().unwrap(), [API]);
        assert_eq!(read(&store, API).keys().len(), 1);
    }
}

/// All bytes below a folder.
fn bytes_in(place: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { bytes_in(&path) } else { fs::read(&path).unwrap() });
    }
    all
}

/// Whether any form of a private part can be seen in the bytes of a place.
fn shows(place: &Path, private: &[u8]) -> bool {
    let bytes = bytes_in(place);
    // The middle, so that no part of a base64 group at either end decides.
    let middle = &private[private.len() / 3 / 3 * 3..];
    let middle = &middle[..middle.len() / 3 * 3];
    let forms = [private.to_vec(), BASE64_STANDARD.encode(middle).into(), BASE64_URL_SAFE_NO_PAD.encode(middle).into()];
    forms.iter().any(|form| bytes.windows(form.len()).any(|it| it == form))
}

/// Encrypting everything leaves nothing in clear behind, also not of what was removed, and takes no key away; the same for
/// another passphrase and for none.
#[test]
fn all_keys_get_a_passphrase_another_one_and_none() {
    for (place, documents) in places() {
        let place = place.path();
        let clear = KeyStore::new(documents);
        let pkcs8 = clear.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        let pkcs8 = pkcs8.keys()[0].pkcs8().unwrap().to_vec();
        let ended = Key::secret(b"ended", KeyUse::Encryption, Validity { nbf: None, exp: Some(5) }, at(0)).unwrap();
        clear.create_secret("B2C_1A_Gone", &Secret::new("gone-by-now"), at(START)).unwrap();
        clear.remove("B2C_1A_Gone").unwrap();
        clear.create_secret(API, &Secret::new(MARKER), at(START)).unwrap();
        clear.change(API, |keys| keys.add(ended)).unwrap();
        let hidden = [pkcs8.as_slice(), MARKER.as_bytes(), b"gone-by-now"];
        assert!(hidden.iter().all(|it| shows(place, it)));

        let kept = clear.clone().with_passphrase(Some(passphrase()));
        assert_eq!(kept.rewrite(None).unwrap(), [API, "B2C_1A_Gone.bak", CONTAINER]);
        drop((clear, kept));
        // What a database has beside itself goes when the last one closes it.
        assert!(!hidden.iter().any(|it| shows(place, it)));
        let nowhere = KeyStore::new(Arc::new(crate::Folder::new(place)));
        let reopened = another(place, &nowhere.with_passphrase(Some(passphrase())));

        let other = reopened.clone().with_passphrase(Some(Secret::new("another")));
        assert!(matches!(other.rewrite(None), Err(KeyError::KeySet(KeySetError::Locked { .. }))));
        other.rewrite(Some(&passphrase())).unwrap();
        assert!(reopened.unlock(&mut read(&reopened, API), at(START)).is_err());
        let mut keys = read(&other, API);
        other.unlock(&mut keys, at(START)).unwrap();
        assert_eq!(keys.secret_text(at(START)).unwrap().expose(), MARKER);

        let clear = other.clone().with_passphrase(None);
        clear.rewrite(other.passphrase()).unwrap();
        assert_eq!(read(&clear, CONTAINER).keys()[0].pkcs8().unwrap(), pkcs8);
        assert_eq!(read(&clear, API).keys()[1].secret_bytes().unwrap(), b"ended");
        assert_eq!(read(&clear, API).secret_text(at(START)).unwrap().expose(), MARKER);
    }
}

#[test]
fn it_is_known_when_nobody_will_sign() {
    let key = |nbf, exp| Key::generate(KeySize::Rsa2048, KeyUse::Signature, Validity { nbf, exp }, at(0)).unwrap();
    let mut keys = KeySet::new(CONTAINER);
    assert_eq!(keys.signs_until(at(7)), Some(7), "nobody does");
    keys.add(key(None, Some(100))).unwrap();
    assert_eq!(keys.signs_until(at(7)), Some(100));
    keys.add(key(Some(50), Some(90))).unwrap();
    assert_eq!(keys.signs_until(at(7)), Some(100), "the older one signs again");
    keys.add(key(Some(99), Some(200))).unwrap();
    assert_eq!(keys.signs_until(at(7)), Some(200));
    keys.add(key(Some(300), None)).unwrap();
    assert_eq!(keys.signs_until(at(7)), Some(200), "a gap");
    keys.add(key(Some(200), None)).unwrap();
    assert_eq!((keys.signs_until(at(7)), keys.signs_until(at(400))), (None, None));
}

/// `limits.md` 7, R4: whatever was done with a keyset, its file and that of its copy are the owner's.
#[cfg(unix)]
#[test]
fn every_file_of_a_key_is_the_owner_s() {
    use std::os::unix::fs::PermissionsExt;
    for (place, store) in stores() {
        store.get_or_create(CONTAINER, KeyUse::Signature, at(START)).unwrap();
        store.change(CONTAINER, |keys| keys.rotate(Rotation::default(), KeySize::Rsa2048, at(START))).unwrap();
        store.replace_secret(API, &Secret::new("x"), at(START)).unwrap();
        store.create_secret("B2C_1A_Gone", &Secret::new("x"), at(START)).unwrap();
        store.remove("B2C_1A_Gone").unwrap();
        store.rewrite(None).unwrap();
        let folder = if place.path().join("keys").exists() { "keys" } else { "a" };
        let files: Vec<_> = fs::read_dir(place.path().join(folder)).unwrap().map(|it| it.unwrap().path()).collect();
        let secret = files.iter().filter(|it| !it.ends_with(".gitignore") && !it.ends_with(".edit.lock"));
        let modes = secret.map(|it| fs::metadata(it).unwrap().permissions().mode() & 0o777);
        let modes: Vec<u32> = modes.collect();
        assert!(!modes.is_empty() && modes.iter().all(|it| *it == 0o600), "{files:?} {modes:?}");
    }
}
