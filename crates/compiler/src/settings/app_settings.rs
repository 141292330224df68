//! `appsettings.json` of the VS Code extension.

use super::find::Source;
use super::json::{Json, Kind, Member};
use super::{Dialect, Environment, Place, Setting, Settings, SettingsError, Value};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use wayfarer_diagnostics::closest;

const SHAPE: &str = "write { \"Environments\": [{ \"Name\": …, \"Tenant\": …, \"PolicySettings\": { … } }] }";

/// Whether a file of this name is about environments of policies at all. One that is no JSON may be.
pub(super) fn is_one(text: &str) -> bool {
    match Json::parse(text) {
        Ok(json) => json.kind() == Kind::Object && json.member("Environments").is_some(),
        Err(_) => text.contains("\"Environments\""),
    }
}

/// Where the extension writes what it builds, below the folder of its settings: `EnvironmentsFolder`.
pub(super) fn output_folder(text: &str) -> Option<String> {
    let json = Json::parse(text).ok().filter(|it| it.kind() == Kind::Object && it.member("Environments").is_some())?;
    let named = json.member("EnvironmentsFolder").and_then(|it| it.as_text()).filter(|it| !it.trim().is_empty());
    Some(named.unwrap_or_else(|| "Environments".to_owned()))
}

/// `Environments` with `Name`, `Tenant`, `Production` and `PolicySettings`, names spelt exactly so.
pub(super) fn parse(source: Source, chosen: Option<&str>) -> Result<Settings, SettingsError> {
    // The extension reads it with JSON.parse: no comments, no commas at the end.
    let json = Json::parse(&source.text).map_err(|error| {
        source.no_json(&error, "mend it there; the extension takes no comments and no trailing commas")
    })?;
    let list = member(&source, json, "Environments", Kind::List, "the file")?;
    let environments = list.items().into_iter().map(|it| environment(&source, it)).collect::<Result<Vec<_>, _>>()?;
    let chosen = choose(&source, &environments, chosen)?;
    if let Some(it) = environments.get(chosen).filter(|it| it.1 == Kind::Null) {
        let message = format!("environment `{}` has no `PolicySettings`", it.0.name);
        let help = "add \"PolicySettings\": { … }; without it the extension builds nothing for this environment";
        return Err(source.error(it.0.name_at.range.clone(), message, help));
    }
    let environments = environments.into_iter().map(|(it, _)| it).collect();
    let file = (source.name, Arc::clone(&source.text));
    Ok(Settings::new(Dialect::AppSettings, vec![file], environments, chosen))
}

/// The one of that name, also in another case where that leaves no doubt; the only one, where none is named.
fn choose(source: &Source, environments: &[(Environment, Kind)], name: Option<&str>) -> Result<usize, SettingsError> {
    let file = source.name.clone();
    let known = || environments.iter().map(|(it, _)| it.name.clone()).collect();
    let Some(name) = name else {
        return if environments.len() == 1 { Ok(0) } else { Err(SettingsError::NoneChosen { file, known: known() }) };
    };
    let positions = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
        environments.iter().enumerate().filter(|(_, (it, _))| is(&it.name)).map(|(at, _)| at).collect()
    };
    match positions(&|it| it == name)[..] {
        [only] => return Ok(only),
        [_, second, ..] => {
            let at = environments.get(second).map_or(0..0, |(it, _)| it.name_at.range.clone());
            return Err(source.error(at, format!("two environments are called `{name}`"), "give one another name"));
        }
        [] => {}
    }
    match positions(&|it| it.eq_ignore_ascii_case(name))[..] {
        [only] => Ok(only),
        _ => Err(SettingsError::UnknownEnvironment { file, name: name.to_owned(), known: known() }),
    }
}

/// An environment, and what its `PolicySettings` are: null where there are none.
fn environment(source: &Source, json: Json<'_>) -> Result<(Environment, Kind), SettingsError> {
    if json.kind() != Kind::Object {
        let message = format!("an environment is an object, not {}", json.kind().name());
        return Err(source.error(json.at(), message, SHAPE));
    }
    let named = member(source, json, "Name", Kind::Text, "an environment")?;
    let Some(name) = named.as_text().filter(|it| !it.is_empty()) else {
        return Err(source.error(named.at(), "the name of an environment is empty", "give it one, such as `Test`"));
    };
    let name_at = place(named.at());
    let tenant = json.member("Tenant").map(value);
    let held = json.member("PolicySettings").filter(|it| it.kind() != Kind::Null);
    let Some(held) = held else {
        return Ok((Environment { name, name_at, tenant, settings: Vec::new() }, Kind::Null));
    };
    if held.kind() != Kind::Object {
        let message = format!("`PolicySettings` of `{name}` are {}, not an object", held.kind().name());
        return Err(source.error(held.at(), message, "write { \"Key\": \"value\", … }"));
    }
    let mut settings: Vec<Setting> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for Member { key, key_at, value: json } in held.members() {
        let setting = Setting { key, key_at: place(key_at), value: value(json), value_at: place(json.at()) };
        // JSON.parse keeps the last of two equal names, at the place of the first.
        match seen.get(&setting.key).and_then(|at| settings.get_mut(*at)) {
            Some(first) => *first = setting,
            None => {
                seen.insert(setting.key.clone(), settings.len());
                settings.push(setting);
            }
        }
    }
    Ok((Environment { name, name_at, tenant, settings }, Kind::Object))
}

/// What the extension would insert, where that is what the author wrote.
fn value(json: Json<'_>) -> Value {
    let written = json.written();
    match json.kind() {
        Kind::Text => json.as_text().map_or(Value::Unusable("half a character"), Value::Text),
        Kind::Boolean => Value::Text(written.to_owned()),
        // 15 digits are a number that JavaScript prints as it was written; of others it makes something else.
        Kind::Number
            if written.len() <= 15
                && written != "-0"
                && written.bytes().all(|it| it == b'-' || it.is_ascii_digit()) =>
        {
            Value::Text(written.to_owned())
        }
        Kind::Number => Value::Unusable("a number that JavaScript may print otherwise"),
        other => Value::Unusable(other.name()),
    }
}

fn member<'t>(
    source: &Source,
    json: Json<'t>,
    name: &str,
    kind: Kind,
    holder: &str,
) -> Result<Json<'t>, SettingsError> {
    let members = if json.kind() == Kind::Object { json.members() } else { Vec::new() };
    match members.iter().rev().find(|it| it.key == name).map(|it| it.value) {
        Some(value) if value.kind() == kind => Ok(value),
        Some(value) => {
            let message = format!("`{name}` is {}, not {}", value.kind().name(), kind.name());
            Err(source.error(value.at(), message, SHAPE))
        }
        None => {
            let help = closest(name, members.iter().map(|it| it.key.as_str()))
                .map_or(SHAPE.to_owned(), |close| format!("`{close}` has to be spelt `{name}`"));
            Err(source.error(json.at().start..json.at().start, format!("{holder} has no `{name}`"), help))
        }
    }
}

fn place(range: Range<usize>) -> Place {
    Place { file: 0, range }
}
