//! What the compiler hands a provider: one merged technical profile as plain data, and the problems found in it.

use crate::DataType;

/// The settings of one technical profile after inheritance and includes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileSettings {
    /// The profile's id.
    pub id: String,
    /// Metadata in merged order; keys as written, since the service neither trims them nor ignores their case.
    pub metadata: Vec<(String, String)>,
    /// `Key Id` and `StorageReferenceId`.
    pub keys: Vec<(String, String)>,
    /// The input claims, in order.
    pub inputs: Vec<DeclaredClaim>,
    /// The output claims, in order.
    pub outputs: Vec<DeclaredClaim>,
    /// Whether the policy's `DeploymentMode` is `Production` or absent.
    pub production: bool,
    /// What takes the place of `ServiceUrl` (`--rest PROFILE=URL`).
    pub service_url_override: Option<String>,
}

/// An input or output claim of a technical profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredClaim {
    /// The claim type's id.
    pub claim_type: String,
    /// The name on the other side: `PartnerClaimType`, else the claim type's id.
    pub partner: String,
    /// The claim type's data type.
    pub data_type: DataType,
    /// `AlwaysUseDefaultValue`.
    pub always_use_default: bool,
}

/// Something wrong with a profile's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    /// The rule that reports it, such as `required-metadata`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the profile can't be called because of it.
    pub blocks: bool,
    /// What it is about.
    pub subject: SettingSubject,
    /// The service's code or, for what it reports at upload without one, `None`.
    pub code: Option<&'static str>,
    /// One lower-case phrase without a period; settings in backticks, never a secret.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The upload is refused, or no call can succeed.
    Error,
    /// Worth a look.
    Warning,
}

/// The part of a profile that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingSubject {
    /// The profile as a whole, such as a missing item.
    Profile,
    /// The value of the metadata item with this key.
    Metadata(String),
    /// The metadata key itself.
    MetadataKey(String),
    /// The cryptographic key with this id.
    Key(String),
    /// The input claim at this index.
    Input(usize),
    /// The output claim at this index.
    Output(usize),
}

impl ProfileSettings {
    /// The value of a metadata item, trimmed; `None` when absent or blank. Of two items with one key the last counts.
    pub fn text(&self, key: &str) -> Option<&str> {
        let (_, value) = self.metadata.iter().rev().find(|(name, _)| name == key)?;
        Some(value.trim()).filter(|it| !it.is_empty())
    }

    /// The value of a boolean metadata item; `None` when it is absent or no boolean.
    pub fn flag(&self, key: &str) -> Option<bool> {
        parse_flag(self.text(key)?)
    }

    /// The key container that the `Key` of that id names.
    pub fn key(&self, id: &str) -> Option<&str> {
        let (_, container) = self.keys.iter().rev().find(|(name, _)| name == id)?;
        Some(container)
    }

    /// The position of the input claim with that id; ids are compared without case, as the service does.
    pub fn input(&self, claim_type: &str) -> Option<usize> {
        self.inputs.iter().position(|it| it.claim_type.eq_ignore_ascii_case(claim_type))
    }
}

/// Reads `true`, `false`, `1` and `0` in any case, as real policies write them.
pub(crate) fn parse_flag(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

impl SettingProblem {
    /// An error that keeps the profile from being called.
    pub(crate) fn blocking(rule: &'static str, subject: SettingSubject, message: impl Into<String>) -> Self {
        Self { blocks: true, ..Self::error(rule, subject, message) }
    }

    /// An error of which a call knows nothing.
    pub(crate) fn error(rule: &'static str, subject: SettingSubject, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { rule, severity: Severity::Error, blocks: false, subject, code: None, message, help: None }
    }

    /// A warning.
    pub(crate) fn warning(rule: &'static str, subject: SettingSubject, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, subject, message) }
    }

    pub(crate) fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
