use super::*;
use jiff::SignedDuration;
use std::cell::Cell;
use std::path::Path;
use wayfarer_store::{Folder, KeySize, Rotation};

const CONTAINER: &str = "B2C_1A_TokenSigningKeyContainer";

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn store(folder: &Path, passphrase: &str) -> KeyStore {
    let passphrase = Some(passphrase).filter(|it| !it.is_empty()).map(Secret::new);
    KeyStore::new(Arc::new(Folder::new(folder))).with_passphrase(passphrase)
}

fn active(keys: &Arc<PolicyKeys>) -> impl Future<Output = Result<String, String>> + use<> {
    let keys = Arc::clone(keys);
    async move {
        let container = keys.signing(CONTAINER, now()).await.map_err(|error| error.to_string())?;
        container.signing_key(now()).map(|it| it.kid().to_owned()).map_err(|error| error.to_string())
    }
}

/// Making, encrypting and decrypting a key takes a while, in which a service goes on.
#[tokio::test]
async fn who_waits_for_a_key_keeps_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let keys = PolicyKeys::aside(store(folder.path(), "test passphrase"));
    let (done, turns) = (Cell::new(false), Cell::new(0));
    let asked = async {
        let signing = active(&keys).await;
        done.set(true);
        signing
    };
    let others = async {
        while !done.get() {
            turns.set(turns.get() + 1);
            tokio::task::yield_now().await;
        }
    };
    let (signing, ()) = tokio::join!(asked, others);
    assert!(turns.get() > 0, "the thread was taken");
    assert_eq!(signing.unwrap().len(), 43);
}

#[tokio::test]
async fn of_many_that_ask_first_all_get_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = PolicyKeys::aside(store(folder.path(), "test passphrase"));
    let asking: Vec<_> = (0..50).map(|_| tokio::spawn(active(&keys))).collect();
    let mut kids = Vec::new();
    for asked in asking {
        kids.push(asked.await.unwrap().unwrap());
    }
    kids.dedup();
    assert_eq!(kids.len(), 1);
}

#[tokio::test]
async fn without_its_passphrase_a_keyset_is_published_and_signs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let kid = active(&PolicyKeys::new(store(folder.path(), "test passphrase"))).await.unwrap();
    for (passphrase, why) in [("", "set WAYFARER_KEY_PASSPHRASE"), ("another", "is not the one that the key")] {
        let keys = PolicyKeys::new(store(folder.path(), passphrase));
        let refused = active(&keys).await.unwrap_err();
        assert!(refused.contains(why) && refused.contains(&kid), "{refused}");
        let container = keys.signing(CONTAINER, now()).await.unwrap();
        assert_eq!(container.keyset().published(now())[0].kid, kid);
    }
}

#[test]
fn why_a_keyset_does_not_open_is_told_before_anybody_asks_and_whenever_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    PolicyKeys::new(store(folder.path(), "test passphrase")).prepare(CONTAINER, now()).unwrap();
    let keys = PolicyKeys::new(store(folder.path(), ""));
    for told in [keys.prepare(CONTAINER, now()), keys.refresh(now())] {
        assert!(told.unwrap_err().to_string().contains("WAYFARER_KEY_PASSPHRASE"));
    }
    assert!(keys.prepare(CONTAINER, now()).is_ok(), "it was told");
}

/// Nothing is decrypted twice: what reads the keyset anew has no passphrase.
#[test]
fn a_keyset_that_is_read_again_is_not_decrypted_again() {
    let folder = tempfile::tempdir().unwrap();
    let keys = PolicyKeys::new(store(folder.path(), "test passphrase"));
    keys.prepare(CONTAINER, now()).unwrap();
    let kid = keys.known(CONTAINER).unwrap().signing_key(now()).unwrap().kid().to_owned();
    let mut keys = Arc::into_inner(keys).unwrap();
    keys.store = store(folder.path(), "");
    keys.refresh(now()).unwrap();
    assert_eq!(keys.known(CONTAINER).unwrap().signing_key(now()).unwrap().kid(), kid);
}

#[tokio::test]
async fn a_rotation_is_seen_when_keysets_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let keys = PolicyKeys::new(store(folder.path(), ""));
    let old = active(&keys).await.unwrap();
    let rotation = Rotation { lead: SignedDuration::ZERO, ..Rotation::default() };
    let rotate = |keys: &mut KeySet| keys.rotate(rotation, KeySize::Rsa2048, now());
    let new = store(folder.path(), "").change(CONTAINER, rotate).unwrap().kid;
    assert_eq!(active(&keys).await.unwrap(), old);
    tokio::task::spawn_blocking({
        let keys = Arc::clone(&keys);
        move || keys.refresh(now()).unwrap()
    })
    .await
    .unwrap();
    assert_eq!(active(&keys).await.unwrap(), new);
    let published = keys.signing(CONTAINER, now()).await.unwrap();
    let published: Vec<&str> = published.keyset().published(now()).iter().map(|it| it.kid.as_str()).collect();
    assert_eq!(published, [old, new]);
}

#[tokio::test]
async fn secrets_are_read_where_they_are_and_never_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), "test passphrase");
    let keys = PolicyKeys::aside(store.clone());
    assert!(keys.secret("B2C_1A_Api", now()).await.unwrap().is_none());
    store.create_secret("B2C_1A_Api", &Secret::new("päss"), now()).unwrap();
    assert_eq!(keys.secret("B2C_1A_Api", now()).await.unwrap().unwrap().expose(), "päss");
    assert!(active(&keys).await.is_ok());
    let refused = keys.secret(CONTAINER, now()).await.unwrap_err().to_string();
    assert!(refused.contains("has no secret that is valid now"), "{refused}");
}
