//! What can be checked of any profile from its provider's declaration alone.

use super::settings::parse_flag;
use super::spec::{MetadataKey, MetadataValue, ProviderSpec, flag, ignored, key};
use super::{ProfileSettings, SettingProblem, SettingSubject};

/// Metadata that is missing, malformed or unknown, and keys that are missing.
pub(super) fn generic(spec: &'static ProviderSpec, settings: &ProfileSettings) -> Vec<SettingProblem> {
    let missing = spec.metadata.iter().filter(|it| it.required && settings.text(it.name).is_none());
    let keys = spec.keys.iter().filter(|it| it.required && it.when.is_empty() && settings.key(it.id).is_none());
    let mut problems: Vec<_> = missing.map(|it| missing_metadata(settings, it.name)).collect();
    problems.extend(keys.map(|it| missing_key(settings, it.id)));
    problems.extend(settings.metadata.iter().filter_map(|(name, value)| item(spec, name, value)));
    problems
}

/// AADB2C90023: a required metadata item is absent or blank.
pub(super) fn missing_metadata(settings: &ProfileSettings, name: &str) -> SettingProblem {
    let message = format!("`{}` has no metadata item `{name}`", settings.id);
    SettingProblem::blocking("required-metadata", SettingSubject::Profile, message).code("AADB2C90023")
}

/// AADB2C90025: a required cryptographic key is absent.
pub(super) fn missing_key(settings: &ProfileSettings, id: &str) -> SettingProblem {
    let message = format!("`{}` has no cryptographic key `{id}`", settings.id);
    SettingProblem::blocking("required-key", SettingSubject::Profile, message).code("AADB2C90025")
}

fn item(spec: &'static ProviderSpec, name: &str, value: &str) -> Option<SettingProblem> {
    let Some(known) = spec.metadata_key(name).or_else(|| ANY_PROFILE.iter().find(|it| it.matches(name))) else {
        return Some(unknown(spec, name));
    };
    let trimmed = value.trim();
    let expected = if trimmed.is_empty() { None } else { refusal(known.value, trimmed) }?;
    let message = format!("the value of `{name}` is not {expected}");
    let subject = SettingSubject::Metadata(name.to_owned());
    // What the service makes of `yes` is not documented: it counts as absent.
    Some(match known.value {
        MetadataValue::Boolean => SettingProblem::warning("metadata-invalid-value", subject, message),
        _ => SettingProblem::blocking("metadata-invalid-value", subject, message),
    })
}

fn unknown(spec: &'static ProviderSpec, name: &str) -> SettingProblem {
    let message = format!("`{name}` is no metadata key of a {} that is known, and is ignored", spec.title);
    let near = spec.metadata.iter().find(|it| it.name.eq_ignore_ascii_case(name.trim()));
    let problem =
        SettingProblem::warning("metadata-unknown-key", SettingSubject::MetadataKey(name.to_owned()), message);
    match near {
        Some(key) => problem.help(format!("write `{}`: keys are compared letter by letter", key.name)),
        None => problem,
    }
}

/// What was expected, where `text` is not it.
fn refusal(value: MetadataValue, text: &str) -> Option<String> {
    match value {
        MetadataValue::Boolean if parse_flag(text).is_none() => Some("`true` or `false`".to_owned()),
        MetadataValue::Integer(min, max) if !text.parse().is_ok_and(|it: i64| (min..=max).contains(&it)) => {
            Some(format!("a whole number from {min} to {max}"))
        }
        MetadataValue::OneOf(words) if !words.iter().any(|it| it.eq_ignore_ascii_case(text)) => {
            Some(format!("one of {}", words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")))
        }
        MetadataValue::Url if !is_absolute_url(text) => Some("an absolute `http` or `https` URL".to_owned()),
        _ => None,
    }
}

fn is_absolute_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|it| matches!(it.scheme(), "http" | "https") && it.has_host())
}

/// Metadata that any kind of profile may carry: reference "technical-profiles", A5, and the messages of A10, which
/// count on the failing profile and on the page that calls it.
static ANY_PROFILE: &[MetadataKey] = &[
    key("AADRequestsThrottled", "a text for the user"),
    key("AssertNumberError", "a text for the user"),
    ignored("api-version", "an old version number of the directory; ignored"),
    key("ClaimTypeOnWhichToEnable", "the claim that `EnabledForUserJourneys` looks at").value(MetadataValue::ClaimType),
    key("ClaimValueOnWhichToEnable", "the value that `EnabledForUserJourneys` compares with"),
    key("ClaimsProviderSelectionDisplayType", "how a selection page draws the option")
        .value(MetadataValue::OneOf(&["Button", "TextLink"])),
    key("DateTimeGreaterThan", "a text for the user"),
    key("DefaultMessage", "a text for the user"),
    flag("IncludeClaimResolvingInClaimsHandling", "claim resolvers work in the profile's claims"),
    key("LookupNotFound", "a text for the user"),
    key("ServiceThrottled", "a text for the user"),
    key("UserMessage*", "a text for the user"),
];
