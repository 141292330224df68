use super::*;

const CONTAINER: &str = "B2C_1A_TokenSigningKeyContainer";
const START: i64 = 1_750_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn key(nbf: Option<i64>, exp: Option<i64>) -> Key {
    Key::generate(KeySize::Rsa2048, KeyUse::Signature, Validity { nbf, exp }, at(START)).unwrap()
}

fn set(keys: impl IntoIterator<Item = Key>) -> KeySet {
    let mut set = KeySet::new(CONTAINER);
    keys.into_iter().for_each(|it| set.add(it).unwrap());
    set
}

fn rotation(lead: i64, overlap: i64) -> Rotation {
    Rotation { lead: SignedDuration::from_secs(lead), overlap: SignedDuration::from_secs(overlap) }
}

fn kid(key: Option<&Key>) -> &str {
    key.map_or("none", |it| &it.kid)
}

/// `limits.md` 7, R4: a client that keeps the JWKS for `CACHE`, tokens that live for `LIFE`, a rotation every `EVERY`.
/// Every token, at each moment of its life, is verified with each JWKS that a client may still hold then.
#[test]
fn no_token_fails_in_a_client_that_keeps_the_jwks() {
    const STEP: i64 = 300;
    const CACHE: i64 = 3600;
    const LIFE: i64 = 7200;
    const EVERY: i64 = 5400;
    let mut keys = set([key(None, None)]);
    let (mut published, mut signed): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
    let mut signers = Vec::new();
    for step in 0..=(12 * EVERY / STEP) {
        let now = at(START + step * STEP);
        if step > 0 && step * STEP % EVERY == 0 {
            keys.rotate(rotation(CACHE, LIFE + STEP), KeySize::Rsa2048, now).unwrap();
        }
        published.push(keys.published(now).iter().map(|it| it.kid.clone()).collect());
        signed.push(keys.active(now).unwrap().kid.clone());
        signers.extend(signed.last().filter(|it| !signers.contains(*it)).cloned());
        let held = &published[published.len().saturating_sub((CACHE / STEP) as usize + 1)..];
        let alive = &signed[signed.len().saturating_sub((LIFE / STEP) as usize + 1)..];
        for kid in alive {
            assert!(held.iter().all(|jwks| jwks.contains(kid)), "step {step}: {kid} is not in {held:?}");
        }
    }
    assert_eq!(signers.len(), 12, "all keys but the last, which waits");
    assert!(keys.keys().len() <= 5, "what has ended is removed");
}

#[test]
fn the_old_key_signs_until_the_new_one_does_and_verifies_until_its_tokens_end() {
    let mut keys = set([key(None, None)]);
    let old = keys.keys()[0].kid.clone();
    let rotated = keys.rotate(rotation(100, 1000), KeySize::Rsa3072, at(START)).unwrap();
    let ending = vec![Ending { kid: old.clone(), before: None, exp: START + 1100 }];
    let new = rotated.kid.clone();
    assert_eq!(rotated, Rotated { kid: new.clone(), signs_from: START + 100, ending, removed: Vec::new() });
    assert_eq!(keys.keys()[1].bits(), Some(3072));
    let active = |second| kid(keys.active(at(START + second)));
    assert_eq!([active(0), active(99), active(100), active(5000)], [&old, &old, &new, &new]);
    let published = |second| keys.published(at(START + second)).len();
    assert_eq!([published(0), published(100), published(1099), published(1100)], [2, 2, 2, 1]);
}

/// An end that was set before would leave nobody to sign, or tokens that can't be verified.
#[test]
fn an_end_that_comes_too_soon_is_put_off() {
    let mut keys = set([key(None, Some(START + 50))]);
    let old = keys.keys()[0].kid.clone();
    let rotated = keys.rotate(rotation(100, 1000), KeySize::Rsa2048, at(START)).unwrap();
    assert_eq!(rotated.ending, [Ending { kid: old.clone(), before: Some(START + 50), exp: START + 1100 }]);
    assert_eq!(kid(keys.active(at(START + 99))), old);
    let mut keys = set([key(None, Some(START + 9999))]);
    keys.rotate(rotation(100, 1000), KeySize::Rsa2048, at(START)).unwrap();
    assert_eq!(keys.keys()[0].exp, Some(START + 1100), "one that comes late is brought forward");
}

#[test]
fn what_was_replaced_before_keeps_its_end_and_what_waits_gets_one() {
    let replaced = key(Some(START - 900), Some(START + 10));
    let dateless = key(None, None);
    let active = key(Some(START - 100), None);
    let waiting = key(Some(START + 50), None);
    let mut off = key(Some(START - 50), None);
    off.enabled = false;
    let later = key(Some(START + 100), None);
    let mut keys = set([replaced, dateless, active, waiting, off, later]);
    keys.rotate(rotation(100, 1000), KeySize::Rsa2048, at(START)).unwrap();
    let ends: Vec<Option<i64>> = keys.keys().iter().map(|it| it.exp).collect();
    let end = Some(START + 1100);
    assert_eq!(ends, [Some(START + 10), end, end, end, None, None, None]);
    assert_eq!(kid(keys.active(at(START + 100))), keys.keys()[6].kid, "of two that begin at once the last added signs");
}

#[test]
fn where_nobody_signs_the_new_key_does_at_once() {
    let mut keys = set([key(None, Some(START - 1))]);
    let ended = keys.keys()[0].kid.clone();
    let rotated = keys.rotate(Rotation::default(), KeySize::Rsa2048, at(START)).unwrap();
    assert_eq!((rotated.signs_from, rotated.removed), (START, vec![ended]));
    assert_eq!(kid(keys.active(at(START))), rotated.kid);
    let mut keys = KeySet::new(CONTAINER);
    let rotated = keys.rotate(Rotation::default(), KeySize::Rsa2048, at(START)).unwrap();
    assert_eq!(keys.active(at(START)).unwrap().usage, KeyUse::Signature);
    assert!(rotated.ending.is_empty() && rotated.removed.is_empty());
}

#[test]
fn a_failed_rotation_changes_nothing() {
    let mut keys = set([key(None, None)]);
    let template = keys.keys()[0].clone();
    for at in 1..20 {
        keys.add(Key { kid: format!("k{at}"), ..template.clone() }).unwrap();
    }
    let error = keys.rotate(Rotation::default(), KeySize::Rsa2048, at(START)).unwrap_err();
    assert_eq!(error, KeySetError::Full { container: CONTAINER.into() });
    assert!(keys.keys().iter().all(|it| it.exp.is_none()));
    let secret = Key::secret(b"x", KeyUse::Encryption, Validity::default(), at(START)).unwrap();
    let error = set([secret]).rotate(Rotation::default(), KeySize::Rsa2048, at(START)).unwrap_err();
    assert_eq!(error, KeySetError::NotRotatable { container: CONTAINER.into() });
}

#[test]
fn a_rotation_by_default_outlasts_the_longest_token_and_the_longest_cache() {
    let Rotation { lead, overlap } = Rotation::default();
    assert_eq!((lead.as_secs(), overlap.as_secs()), (86_400, 86_700));
}

#[test]
fn a_withdrawn_key_neither_signs_nor_is_published_and_no_older_one_signs_again() {
    let now = at(START);
    let mut keys = set([key(None, None), key(Some(START - 100), None)]);
    let bad = keys.keys()[1].kid.clone();
    let Successor::New { kid: new } = keys.withdraw(&bad, KeySize::Rsa2048, now).unwrap() else {
        panic!("nobody waits")
    };
    assert_eq!(kid(keys.active(now)), new);
    assert!(keys.published(now).iter().all(|it| it.kid != bad));

    let rotated = keys.rotate(rotation(100, 1000), KeySize::Rsa2048, now).unwrap();
    let next = Successor::Published { kid: rotated.kid.clone() };
    assert_eq!(keys.withdraw(&new, KeySize::Rsa2048, now).unwrap(), next);
    assert_eq!(kid(keys.active(now)), rotated.kid);
    assert_eq!(keys.withdraw(&bad, KeySize::Rsa2048, now).unwrap(), Successor::Unchanged);
    let unknown = keys.withdraw("k", KeySize::Rsa2048, now).unwrap_err();
    assert_eq!(unknown, KeySetError::Unknown { container: CONTAINER.into(), kid: "k".into() });
}
