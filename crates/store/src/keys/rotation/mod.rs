//! Changing the key that signs without a token that can't be verified.

use jiff::{SignedDuration, Timestamp};

use super::key::{Key, KeyType, KeyUse, Validity};
use super::keyset::{KeySet, KeySetError, KeyStatus};
use super::rsa::KeySize;

/// How far apart the steps of a rotation are: publish, wait, sign, wait, withdraw (`limits.md` 7, R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// From publishing the new key to signing with it: as long as anybody keeps a JWKS without asking again.
    pub lead: SignedDuration,
    /// From signing with the new key to withdrawing the old one: the life of the longest token, and the tolerance that
    /// verifiers give to clocks.
    pub overlap: SignedDuration,
}

impl Default for Rotation {
    /// A day each, as middleware keeps metadata for up to a day and `token_lifetime_secs` is at most 86,400; and five
    /// minutes of tolerance.
    fn default() -> Self {
        let day = SignedDuration::from_hours(24);
        Self { lead: day, overlap: day + SignedDuration::from_mins(5) }
    }
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The new key's id.
    pub kid: String,
    /// When it begins to sign, in epoch seconds.
    pub signs_from: i64,
    /// The keys whose `exp` was set.
    pub ending: Vec<Ending>,
    /// The keys that had ended before and were removed.
    pub removed: Vec<String>,
}

/// A key that a rotation replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Its id.
    pub kid: String,
    /// Its `exp` before.
    pub before: Option<i64>,
    /// Its `exp` now. Later than before where it would have ended before the last token that it may sign.
    pub exp: i64,
}

/// Who signs after a key was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    /// The withdrawn key didn't sign; who does is unchanged.
    Unchanged,
    /// A key that was published before and signs from now on: clients that keep the JWKS know it.
    Published {
        /// Its id.
        kid: String,
    },
    /// A key that was made for it: clients that keep the JWKS must read it again.
    New {
        /// Its id.
        kid: String,
    },
}

impl KeySet {
    /// Adds a key that signs after `lead`, and sets the end of those before it so that every token can be verified until it
    /// ends: the new key is published from now on, the present one signs until the new one does and stays published for
    /// `overlap` after that. Where no key signs now, the new one does at once. Keys that have ended are removed.
    ///
    /// Whoever holds a copy of the keyset has to read it again within `lead`.
    ///
    /// # Errors
    /// [`KeySetError::NotRotatable`], [`KeySetError::Full`], [`KeySetError::Generate`].
    pub fn rotate(&mut self, rotation: Rotation, size: KeySize, now: Timestamp) -> Result<Rotated, KeySetError> {
        if self.keys.iter().any(|it| it.kty() == KeyType::Oct) {
            return Err(KeySetError::NotRotatable { container: self.container.clone() });
        }
        let active = self.active(now).map(|it| it.kid.clone());
        let signs_from = if active.is_some() { later(now.as_second(), rotation.lead) } else { now.as_second() };
        let new = Key::generate(size, self.usage(now), Validity { nbf: Some(signs_from), exp: None }, now)?;
        let kid = new.kid.clone();
        let mut next = self.clone();
        let removed = next.remove_expired(now);
        let ends = later(signs_from, rotation.overlap);
        let ending = next.keys.iter_mut().filter_map(|key| {
            let signs_yet = active.as_ref() == Some(&key.kid) || key.nbf.is_some_and(|nbf| nbf > now.as_second());
            end(key, signs_yet, signs_from, ends)
        });
        let ending = ending.collect();
        next.add(new)?;
        *self = next;
        Ok(Rotated { kid, signs_from, ending, removed })
    }

    /// Takes a key out of use at once, because it is no longer to be trusted: it neither signs nor is published. When it
    /// was the one that signed, the key that was to sign next does from now on, and where there is none, a new one. An
    /// older key never signs again: it may be withdrawn before its tokens end.
    ///
    /// # Errors
    /// [`KeySetError::Unknown`], [`KeySetError::Generate`]; then the keyset is to be read again.
    pub fn withdraw(&mut self, kid: &str, size: KeySize, now: Timestamp) -> Result<Successor, KeySetError> {
        let usage = self.usage(now);
        let signed = self.active(now).is_some_and(|it| it.kid == kid);
        self.set_status(kid, KeyStatus::Disabled)?;
        if !signed {
            return Ok(Successor::Unchanged);
        }
        let second = now.as_second();
        let waiting = |key: &&mut Key| key.enabled && key.nbf.is_some_and(|nbf| nbf > second);
        if let Some(next) = self.keys.iter_mut().filter(waiting).min_by_key(|key| key.nbf) {
            next.nbf = Some(second);
            return Ok(Successor::Published { kid: next.kid.clone() });
        }
        let new = Key::generate(size, usage, Validity { nbf: Some(second), exp: None }, now)?;
        let kid = new.kid.clone();
        // Not by way of `add`: that a keyset is full must not keep a bad key in use.
        self.keys.push(new);
        Ok(Successor::New { kid })
    }

    /// What the keyset's next key is for.
    fn usage(&self, now: Timestamp) -> KeyUse {
        self.active(now).or(self.keys.last()).map_or(KeyUse::Signature, |it| it.usage)
    }
}

/// Sets the end of a key that the new one replaces. One that may sign yet ends with the last token that it can sign, also
/// where it would have ended before: its tokens could not be verified, or nobody would sign until the new key does. One
/// that was replaced before keeps its end when that is earlier. One that begins after the new key is the next.
fn end(key: &mut Key, signs_yet: bool, signs_from: i64, ends: i64) -> Option<Ending> {
    if !key.enabled || key.nbf.is_some_and(|nbf| nbf >= signs_from) {
        return None;
    }
    let before = key.exp;
    let exp = before.filter(|&exp| !signs_yet && exp <= ends).unwrap_or(ends);
    key.exp = Some(exp);
    (before != Some(exp)).then(|| Ending { kid: key.kid.clone(), before, exp })
}

fn later(second: i64, by: SignedDuration) -> i64 {
    second.saturating_add(by.as_secs().max(0))
}

#[cfg(test)]
mod tests;
