//! Settings: what the tokens of policy files stand for in one environment.
//!
//! Two tools fill tokens in before an upload, and both are followed in what they find and left in what they break: values
//! are inserted literally, once, and what is not resolved is told.
//!
//! | | VS Code extension | IEFPolicies module |
//! |---|---|---|
//! | file | `appsettings.json`, one for all environments | `conf.json` or `TENANT.json`, with `secrets.json` beside it |
//! | token | `{Settings:Key}`, without regard to case | `{Key}`, `{Outer:Inner}`, as spelt |
//! | its own | `Tenant`, `Filename`, `PolicyFilename`, `Environment`, before any key | `yourtenant`, and the prefix of policy ids |
//! | values | `String(value)` | texts only |
//! | inserted | as a JavaScript replacement (`$&` …), later keys see earlier values | literally; later keys see earlier values |
//! | escaped for XML | no | no |
//!
//! A value is XML text therefore: where `&` is meant, the settings file has `&amp;`.
//!
//! Never in here: reading files (they come through [`Files`]) and writing them. Start reading at [`Settings::load`], then
//! `build.rs`.

mod app_settings;
mod build;
mod conf;
mod error;
mod find;
mod fold;
mod json;
mod judge;
mod placeholders;
#[cfg(test)]
mod tests;

pub(crate) use build::{Built, Use, build, holds_token};
pub(crate) use find::output_folder;
pub(crate) use judge::{Read, judge_file, judge_settings};
pub(crate) use placeholders::{Placeholders, placeholders};

use crate::files::Files;
pub use error::SettingsError;
use fold::fold;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The settings of one environment, with those of the others to compare. No value is in `Debug`: it may be a secret.
pub struct Settings {
    dialect: Dialect,
    /// Name and text of each file that was read.
    files: Vec<(String, Arc<str>)>,
    environments: Vec<Environment>,
    chosen: usize,
    /// By key: the place in the chosen environment's settings.
    by_name: HashMap<String, usize>,
    /// The same without regard to case.
    by_folded: HashMap<String, usize>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.own().iter().map(|it| it.key.as_str()).collect::<Vec<_>>();
        let mut shown = f.debug_struct("Settings");
        shown.field("file", &self.file()).field("environment", &self.environment()).field("names", &names);
        shown.finish_non_exhaustive()
    }
}

enum Dialect {
    AppSettings,
    Conf {
        /// The tenant's name without its domain, which stands for `yourtenant`.
        tenant: Option<String>,
        /// What policy ids get behind `B2C_1A_`.
        prefix: Option<String>,
    },
}

struct Environment {
    name: String,
    name_at: Place,
    tenant: Option<Value>,
    settings: Vec<Setting>,
}

struct Setting {
    key: String,
    key_at: Place,
    value: Value,
    value_at: Place,
}

/// A place in one of the settings files.
#[derive(Clone)]
struct Place {
    file: usize,
    range: Range<usize>,
}

/// What a token becomes.
enum Value {
    Text(String),
    /// What it is instead, such as `a list`.
    Unusable(&'static str),
}

/// What the text between braces stands for.
enum Lookup<'s> {
    /// Text of a setting, by its index in the chosen environment.
    Setting(usize, &'s str),
    /// Text of a token that every environment has.
    BuiltIn(&'static str, Cow<'s, str>),
    /// A token without a value.
    Unresolved(Reason),
    /// Nothing that would be replaced.
    NoToken,
}

/// Why a token has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// No environment was chosen.
    NoEnvironment,
    /// The environment has no such key.
    Unknown,
    /// The environment has no `Tenant`.
    NoTenant,
    /// The key's value is no text; its index.
    Unusable(usize),
    /// The module asks the tenant for it.
    FromTenant,
    /// The key is spelt in another case, which counts for the module; its index.
    OtherCase(usize),
    /// The value is a token again.
    HoldsToken,
    /// There is no `}`.
    Unclosed,
}

/// The tokens of the extension that no key of a settings file can change.
const BUILT_INS: [&str; 4] = ["Tenant", "Filename", "PolicyFilename", "Environment"];

/// What the module asks the tenant for, where its file has no such key.
const FROM_TENANT: [&str; 3] = ["tenantId", "ExtAppId", "ExtObjectId"];

/// How a token of the extension begins, in lower case.
const SETTINGS: &str = "settings:";

impl Settings {
    /// The settings that `file` has for `environment`. Without a file, `appsettings.json` is looked for beside the policies
    /// and in the folders above; without a file and an environment there are none.
    ///
    /// # Errors
    /// There is no such file or environment, it can't be read, or it is not what it should be.
    pub fn load(
        files: &dyn Files,
        paths: &[PathBuf],
        file: Option<&Path>,
        environment: Option<&str>,
    ) -> Result<Option<Self>, SettingsError> {
        match (file, environment) {
            (Some(file), environment) => find::named(files, file, environment).map(Some),
            (None, Some(environment)) => find::beside(files, paths, environment).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn new(dialect: Dialect, files: Vec<(String, Arc<str>)>, environments: Vec<Environment>, chosen: usize) -> Self {
        let (mut by_name, mut by_folded) = (HashMap::new(), HashMap::new());
        for (at, it) in environments.get(chosen).map_or(&[][..], |it| &it.settings).iter().enumerate() {
            by_name.insert(it.key.clone(), at);
            // Of two keys that differ by case the extension replaces the first.
            by_folded.entry(fold(&it.key)).or_insert(at);
        }
        Self { dialect, files, environments, chosen, by_name, by_folded }
    }

    /// The name of the environment; empty where a file is for one only and none was named.
    pub fn environment(&self) -> &str {
        self.environments.get(self.chosen).map_or("", |it| it.name.as_str())
    }

    /// The name of the settings file.
    pub fn file(&self) -> &str {
        self.files.first().map_or("", |(name, _)| name.as_str())
    }

    pub(crate) fn files(&self) -> &[(String, Arc<str>)] {
        &self.files
    }

    /// The values that no output may show: those of `secrets.json`.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.own().iter().filter(|it| it.value_at.file > 0).filter_map(|it| match &it.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Unusable(_) => None,
        })
    }

    fn own(&self) -> &[Setting] {
        self.environments.get(self.chosen).map_or(&[], |it| it.settings.as_slice())
    }

    fn is_app_settings(&self) -> bool {
        matches!(self.dialect, Dialect::AppSettings)
    }

    /// What the text between two braces stands for in a file of that name.
    fn look_up<'s>(&'s self, content: &str, file: &str) -> Lookup<'s> {
        match self.dialect {
            Dialect::AppSettings => match extension_name(content) {
                Some(name) => self.look_up_extension(name, file),
                None => Lookup::NoToken,
            },
            Dialect::Conf { .. } => self.look_up_module(content),
        }
    }

    fn look_up_extension<'s>(&'s self, name: &str, file: &str) -> Lookup<'s> {
        if let Some(own) = own_name(name, file) {
            return own;
        }
        if name.eq_ignore_ascii_case("Environment") {
            return Lookup::BuiltIn("Environment", Cow::Borrowed(self.environment()));
        }
        if name.eq_ignore_ascii_case("Tenant") {
            return match self.environments.get(self.chosen).and_then(|it| it.tenant.as_ref()) {
                Some(Value::Text(tenant)) => Lookup::BuiltIn("Tenant", Cow::Borrowed(tenant)),
                _ => Lookup::Unresolved(Reason::NoTenant),
            };
        }
        match self.by_folded.get(&fold(name)) {
            Some(&at) => self.found(at),
            None => Lookup::Unresolved(Reason::Unknown),
        }
    }

    fn look_up_module<'s>(&'s self, content: &str) -> Lookup<'s> {
        if let Some(&at) = self.by_name.get(content) {
            return self.found(at);
        }
        if let Some(&at) = self.by_folded.get(&fold(content)) {
            return Lookup::Unresolved(Reason::OtherCase(at));
        }
        if FROM_TENANT.iter().any(|it| it.eq_ignore_ascii_case(content)) {
            return Lookup::Unresolved(Reason::FromTenant);
        }
        // Anything else in braces may be a claim resolver, or text.
        if extension_name(content).is_some() { Lookup::Unresolved(Reason::Unknown) } else { Lookup::NoToken }
    }

    fn found(&self, at: usize) -> Lookup<'_> {
        match self.own().get(at).map(|it| &it.value) {
            Some(Value::Text(text)) => Lookup::Setting(at, text),
            _ => Lookup::Unresolved(Reason::Unusable(at)),
        }
    }
}

/// The name in a token of the extension.
fn extension_name(content: &str) -> Option<&str> {
    let (head, name) = content.split_at_checked(SETTINGS.len())?;
    head.eq_ignore_ascii_case(SETTINGS).then_some(name)
}

/// The tokens that depend on nothing but the file's name.
fn own_name<'s>(name: &str, file: &str) -> Option<Lookup<'s>> {
    let stem = match file.rsplit_once('.') {
        Some((stem, extension)) if !extension.is_empty() => stem,
        _ => file,
    };
    if name.eq_ignore_ascii_case("Filename") {
        return Some(Lookup::BuiltIn("Filename", Cow::Owned(stem.to_owned())));
    }
    let is_policy = name.eq_ignore_ascii_case("PolicyFilename");
    is_policy.then(|| Lookup::BuiltIn("PolicyFilename", Cow::Owned(stem.replace("B2C_1A_", ""))))
}
