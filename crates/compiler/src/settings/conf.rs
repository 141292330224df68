//! `conf.json`, `TENANT.json` and `secrets.json` of the IEFPolicies module.

use super::find::Source;
use super::json::{Json, Kind, without_comments};
use super::{Dialect, Environment, Place, Setting, Settings, SettingsError, Value, fold};
use crate::files::{Entry, Files};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep keys nest: no one writes `{a:b:c:d:e:f:g:h:…}`.
const DEPTH: usize = 32;

/// A file of the module. The environment is the tenant that would be signed in to: its name stands for `yourtenant`, and a
/// file of its name beside this one comes before this one.
pub(super) fn parse(
    files: &dyn Files,
    path: &Path,
    source: Source,
    environment: Option<&str>,
) -> Result<Settings, SettingsError> {
    let tenant = environment.map(|it| it.split('.').next().unwrap_or(it).to_owned());
    let own = tenant.as_deref().filter(|it| is_plain(it)).and_then(|it| own_file(files, path, it));
    let source = match own {
        Some(own) => Source::read(files, &own)?,
        None => source,
    };
    let mut reading = Reading { settings: Vec::new(), seen: HashMap::new() };
    let prefix = reading.file(&source, 0)?;
    let mut texts = vec![(source.name, Arc::clone(&source.text))];
    let secrets = path.with_file_name("secrets.json");
    if files.entry(&secrets) == Some(Entry::File) && path.file_name() != secrets.file_name() {
        let source = Source::read(files, &secrets)?;
        reading.file(&source, 1)?;
        texts.push((source.name.clone(), masked(&source, &reading.settings)));
    }
    let name = environment.unwrap_or_default().to_owned();
    let name_at = Place { file: 0, range: 0..0 };
    let environments = vec![Environment { name, name_at, tenant: None, settings: reading.settings }];
    Ok(Settings::new(Dialect::Conf { tenant, prefix }, texts, environments, 0))
}

/// The text of the secrets with stars for values: findings show the lines around their places.
fn masked(source: &Source, settings: &[Setting]) -> Arc<str> {
    let mut bytes = without_comments(&source.text).into_owned().into_bytes();
    for at in settings.iter().filter(|it| it.value_at.file > 0).map(|it| it.value_at.range.clone()) {
        bytes.iter_mut().take(at.end).skip(at.start).filter(|it| **it != b'\n').for_each(|it| *it = b'*');
    }
    // Whole characters became stars.
    String::from_utf8(bytes).map_or_else(|_| Arc::from(""), Arc::from)
}

/// A name that can't lead to another folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
}

/// The module prefers `TENANT.json` to `conf.json`, not to a file that was named otherwise.
fn own_file(files: &dyn Files, path: &Path, tenant: &str) -> Option<PathBuf> {
    let is_default = path.file_name().is_some_and(|it| it.eq_ignore_ascii_case("conf.json"));
    let own = path.with_file_name(format!("{tenant}.json"));
    (is_default && files.entry(&own) == Some(Entry::File)).then_some(own)
}

struct Reading {
    settings: Vec<Setting>,
    /// Names without regard to case, since PowerShell's tables compare so.
    seen: HashMap<String, usize>,
}

impl Reading {
    /// Reads a file; hands back its `Prefix`.
    fn file(&mut self, source: &Source, file: usize) -> Result<Option<String>, SettingsError> {
        let text = without_comments(&source.text);
        let json = Json::parse(&text).map_err(|error| source.no_json(&error, "mend it there"))?;
        if json.kind() != Kind::Object {
            let message = format!("a file of settings is an object, not {}", json.kind().name());
            return Err(source.error(json.at(), message, "write { \"Key\": \"value\", … }"));
        }
        self.object(source, file, "", json, 0)?;
        let prefix = self.settings.iter().find(|it| it.key_at.file == 0 && it.key.eq_ignore_ascii_case("Prefix"));
        Ok(prefix.and_then(|it| match &it.value {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }))
    }

    fn object(
        &mut self,
        source: &Source,
        file: usize,
        outer: &str,
        json: Json<'_>,
        depth: usize,
    ) -> Result<(), SettingsError> {
        if depth > DEPTH {
            return Err(source.error(
                json.at(),
                format!("settings nest deeper than {DEPTH} levels"),
                "make them flatter",
            ));
        }
        for member in json.members() {
            let key = if outer.is_empty() { member.key } else { format!("{outer}:{}", member.key) };
            if member.value.kind() == Kind::Object {
                self.object(source, file, &key, member.value, depth + 1)?;
                continue;
            }
            if let Some(&first) = self.seen.get(&fold(&key)) {
                let other = self.settings.get(first);
                let elsewhere = other.is_some_and(|it| it.key_at.file != file);
                let where_ = if elsewhere { "in the other file too" } else { "here twice" };
                let help = "remove one: the module gives up at the second one";
                return Err(source.error(member.key_at, format!("`{key}` is {where_}"), help));
            }
            let value = match member.value.kind() {
                Kind::Text => member.value.as_text().map_or(Value::Unusable("half a character"), Value::Text),
                other => Value::Unusable(other.name()),
            };
            self.seen.insert(fold(&key), self.settings.len());
            let (key_at, value_at) = (Place { file, range: member.key_at }, Place { file, range: member.value.at() });
            self.settings.push(Setting { key, key_at, value, value_at });
        }
        Ok(())
    }
}
