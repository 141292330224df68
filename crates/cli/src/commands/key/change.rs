use super::Keys;
use super::shown::{note, time};
use crate::output::{self, Failure};
use crate::secrets;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::path::Path;
use wayfarer_store::{
    Key, KeyError, KeySet, KeySetError, KeySize, KeyStatus, KeyUse, Rotated, Rotation, Successor, Validity,
};

/// As long as middleware keeps metadata (`tokens.md` 7), and as long as a token lives at most (`tokens.md` 5).
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A keyset before and after a change.
struct Changed {
    before: KeySet,
    after: KeySet,
}

impl Keys<'_> {
    pub(super) fn generate(
        &self,
        container: &str,
        size: KeySize,
        usage: KeyUse,
        validity: Validity,
    ) -> Result<(), Failure> {
        if let Some(exp) = validity.exp.filter(|exp| *exp <= self.now.as_second()) {
            return Err(Failure::new(format!("`--exp` {} has passed: the key would never be used", time(exp))));
        }
        self.add(container, vec![Key::generate(size, usage, validity, self.now).map_err(Failure::new)?])
    }

    /// Adds keys to a container, which is made where there is none.
    pub(super) fn add(&self, container: &str, keys: Vec<Key>) -> Result<(), Failure> {
        let kids: Vec<String> = keys.iter().map(|it| it.kid.clone()).collect();
        let add = |set: &mut KeySet| recording(set, |set| keys.into_iter().try_for_each(|it| set.add(it)));
        let changed = self.store.change_or_create(container, add).map_err(Failure::new)?;
        self.print_as_kept(container, done("added", kids.into()))?;
        if let Some((old, new)) = self.successor(&changed) {
            note(format_args!(
                "`{new}` signs from now on instead of `{old}`, and whoever keeps the JWKS can't verify that before reading \
                 it again: `wayfarer key rotate` publishes a key before it signs"
            ));
        }
        Ok(())
    }

    pub(super) fn rotate(&self, container: &str, rotation: Rotation, size: Option<KeySize>) -> Result<(), Failure> {
        let rotate = |keys: &mut KeySet| {
            let old = keys.active(self.now).map(|it| it.kid.clone());
            let size = size.unwrap_or_else(|| size_of(keys.active(self.now)));
            Ok((old, keys.rotate(rotation, size, self.now)?))
        };
        let (old, rotated) = self.store.change(container, rotate).map_err(Failure::new)?;
        if self.is_json() {
            self.print_as_kept(container, done("rotation", rotation_json(&rotated)))?;
        } else {
            output::result(&rotation_text(&rotated, old.as_deref()));
        }
        if old.is_some() {
            tell_limits(rotation);
        }
        Ok(())
    }

    pub(super) fn withdraw(&self, container: &str, kid: &str, size: Option<KeySize>) -> Result<(), Failure> {
        let withdraw = |keys: &mut KeySet| {
            let size = size.unwrap_or_else(|| size_of(keys.keys().iter().find(|it| it.kid == kid)));
            keys.withdraw(kid, size, self.now)
        };
        let successor = self.store.change(container, withdraw).map_err(Failure::new)?;
        self.print_as_kept(container, done("successor", successor_json(&successor)))?;
        match successor {
            Successor::Unchanged => note(format_args!("`{kid}` is out of use")),
            Successor::Published { kid: next } => {
                note(format_args!("`{kid}` is out of use; `{next}`, which was published before, signs from now on"));
            }
            Successor::New { kid: next } => note(format_args!(
                "`{kid}` is out of use; `{next}` was made and signs from now on: whoever keeps the JWKS has to read it again"
            )),
        }
        Ok(())
    }

    pub(super) fn set_status(&self, container: &str, kid: &str, status: KeyStatus) -> Result<(), Failure> {
        let change = |keys: &mut KeySet| recording(keys, |keys| keys.set_status(kid, status));
        let changed = self.store.change(container, change).map_err(Failure::new)?;
        self.print_as_kept(container, Map::new())?;
        if let Some((old, new)) = self.successor(&changed) {
            note(format_args!("`{new}` signs from now on instead of `{old}`"));
        }
        if status == KeyStatus::Disabled && changed.before.active(self.now).is_some_and(|it| it.kid == kid) {
            note(format_args!(
                "what `{kid}` signed can't be verified any more, and a key that signs again may be withdrawn before its \
                 tokens end: `wayfarer key withdraw` sees to a successor"
            ));
        }
        Ok(())
    }

    pub(super) fn remove(&self, container: &str) -> Result<(), Failure> {
        let copy = self.store.remove(container).map_err(Failure::new)?.display().to_string();
        if self.is_json() {
            self.print_json(&json!({"container": container, "copy": copy}));
        }
        output::remark(format_args!("removed `{container}`; a copy is in {copy}"));
        Ok(())
    }

    pub(super) fn encrypt(&self, old: Option<&Path>) -> Result<(), Failure> {
        let passphrase = self.store.passphrase().ok_or_else(no_passphrase)?;
        let old = old.map(|it| secrets::in_file(it, "passphrase")).transpose()?;
        let names = self.store.rewrite(Some(old.as_ref().unwrap_or(passphrase))).map_err(|error| match error {
            KeyError::KeySet(KeySetError::WrongPassphrase { .. }) => Failure::new(error)
                .help("`--old-passphrase-file` names the file of the one that they are encrypted with so far"),
            other => Failure::new(other),
        })?;
        self.rewritten(&names, "encrypted");
        note("`run` and `serve` need the passphrase from now on");
        Ok(())
    }

    pub(super) fn decrypt(&self) -> Result<(), Failure> {
        let passphrase = self.store.passphrase().ok_or_else(no_passphrase)?;
        let names = self.store.clone().with_passphrase(None).rewrite(Some(passphrase)).map_err(Failure::new)?;
        self.rewritten(&names, "decrypted");
        Ok(())
    }

    fn rewritten(&self, names: &[String], how: &str) {
        if self.is_json() {
            self.print_json(&done(how, names.into()).into());
        } else {
            output::result(&names.iter().map(|it| format!("{how} {it}\n")).collect::<String>());
        }
    }

    /// Who signed before a change and who does after it, where that is another key.
    fn successor<'c>(&self, changed: &'c Changed) -> Option<(&'c str, &'c str)> {
        let active = |keys: &'c KeySet| keys.active(self.now).map(|it| it.kid.as_str());
        active(&changed.before).zip(active(&changed.after)).filter(|(old, new)| old != new)
    }
}

fn recording(
    keys: &mut KeySet,
    change: impl FnOnce(&mut KeySet) -> Result<(), KeySetError>,
) -> Result<Changed, KeySetError> {
    let before = keys.clone();
    change(keys)?;
    Ok(Changed { before, after: keys.clone() })
}

fn done(what: &str, value: Value) -> Map<String, Value> {
    [(what.to_owned(), value)].into_iter().collect()
}

fn no_passphrase() -> Failure {
    Failure::new("there is no passphrase")
        .help("set WAYFARER_KEY_PASSPHRASE, or name its file with `--passphrase-file`")
}

fn rotation_json(rotated: &Rotated) -> Value {
    let ending = |it: &wayfarer_store::Ending| json!({"kid": it.kid, "before": it.before, "exp": it.exp});
    json!({
        "kid": rotated.kid,
        "signs_from": rotated.signs_from,
        "ending": rotated.ending.iter().map(ending).collect::<Vec<_>>(),
        "removed": rotated.removed,
    })
}

fn rotation_text(rotated: &Rotated, old: Option<&str>) -> String {
    let mut text = format!("{}  new: published from now on, signs from {}\n", rotated.kid, time(rotated.signs_from));
    for it in &rotated.ending {
        let signs =
            if old == Some(&it.kid) { format!("signs until {}, ", time(rotated.signs_from)) } else { String::new() };
        text += &format!("{}  old: {signs}verifies until {}\n", it.kid, time(it.exp));
    }
    rotated.removed.iter().for_each(|kid| text += &format!("{kid}  had ended, and was removed\n"));
    text
}

fn successor_json(successor: &Successor) -> Value {
    match successor {
        Successor::Unchanged => Value::Null,
        Successor::Published { kid } => json!({"kid": kid, "published_before": true}),
        Successor::New { kid } => json!({"kid": kid, "published_before": false}),
    }
}

/// What the times of a rotation mean for clients.
fn tell_limits(Rotation { lead, overlap }: Rotation) {
    if lead < DAY {
        note(format_args!(
            "a client that keeps the JWKS for longer than {lead:#} can't verify the new key's first tokens: many keep it for \
             a day"
        ));
    }
    if overlap < DAY {
        note(format_args!(
            "a token that lives for longer than {overlap:#} can't be verified to its end: they live as long as \
             `token_lifetime_secs` says, 3600 by default and 86400 at most"
        ));
    }
}

/// A key is followed by one of its own size, where keys of that size are made.
fn size_of(key: Option<&Key>) -> KeySize {
    let bits = key.and_then(Key::bits).and_then(|it| u32::try_from(it).ok());
    bits.and_then(KeySize::from_bits).unwrap_or_default()
}
