//! What may stand in `wayfarer.toml`. `docs/wayfarer.schema.json` is made from these types and their comments.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use wayfarer_diagnostics::Severity;

/// The settings of Wayfarer for a set of policies. Paths and globs are relative to the folder of this file and written with
/// `/`; what is given on the command line wins.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "wayfarer.toml"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct Content {
    /// Judge the policies as they are built for this environment.
    pub(super) environment: Option<String>,
    /// The settings: an appsettings.json, or a conf.json.
    pub(super) settings: Option<String>,
    /// Folders in which base policies are looked up when the set lacks them.
    pub(super) base: Vec<String>,
    /// What `wayfarer check --write-baseline` has written: the findings in it are not reported.
    pub(super) baseline: Option<String>,
    /// The tenant folder whose baseline.toml tells which policy keys and extension attributes there are.
    pub(super) tenant: Option<String>,
    /// Which findings beside errors make `wayfarer check` exit with 1.
    pub(super) deny: Option<Deny>,
    /// Which of the files in a folder are policies to judge.
    pub(super) policies: Policies,
    /// The level of each rule, by its slug.
    #[cfg_attr(test, schemars(with = "super::schema::LevelsOfRules"))]
    pub(super) rules: Levels,
    /// Other levels for some files; where several give one for a rule, the last counts.
    pub(super) overrides: Vec<Override>,
}

/// By slug, each with its place.
pub(super) type Levels = BTreeMap<Spanned<String>, Level>;

/// Which of the files in a folder are policies to judge. A file that is named on the command line always is.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(super) struct Policies {
    /// Globs of the files to judge; without it, all are.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) include: Vec<Spanned<String>>,
    /// Globs of files that are only looked up as base policies.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) exclude: Vec<Spanned<String>>,
}

/// Levels for some files.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// Globs of the files, such as `legacy/**`.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(super) paths: Vec<Spanned<String>>,
    /// The level of each rule there, by its slug.
    #[cfg_attr(test, schemars(with = "super::schema::LevelsOfRules"))]
    pub(super) rules: Levels,
}

/// How bad the findings of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// Not reported.
    Off,
    /// Worth knowing; nothing is wrong.
    Info,
    /// Probably not what the author wants.
    Warning,
    /// `wayfarer check` exits with 1.
    Error,
}

impl Level {
    /// `None` where nothing is reported.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// Which findings beside errors make `wayfarer check` exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Deny {
    /// Warnings too.
    Warnings,
}

/// Every word that may stand on the left of `=` or in brackets, and the values of which there are few: what a misspelt one is
/// compared with.
pub(super) const WORDS: &[&str] = &[
    "base",
    "baseline",
    "deny",
    "environment",
    "error",
    "exclude",
    "include",
    "info",
    "off",
    "overrides",
    "paths",
    "policies",
    "rules",
    "settings",
    "tenant",
    "warning",
    "warnings",
];
