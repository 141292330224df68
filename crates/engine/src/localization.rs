//! The language of a journey, and the texts of a content definition in it (reference "pages", 2.1).

use crate::Request;
use crate::plan::{Localization, Names};
use wayfarer_builtins::transformations::{self, EnumerationItem, Fallback};
use wayfarer_builtins::{LocalizedResources, closest_language};

/// The first of `ui_locales` that the policy supports, else its default language. A policy without `SupportedLanguages`
/// limits nothing (not documented, so chosen).
pub(crate) fn language<'a>(names: &'a Names, request: &'a Request) -> &'a str {
    let mut wanted = request.parameters.parameter("ui_locales").unwrap_or_default().split_whitespace();
    let supported = names.supported_languages.iter().map(String::as_str);
    let found = match names.supported_languages.is_empty() {
        true => wanted.find(|it| is_tag(it)),
        false => wanted.find_map(|it| closest_language(it, supported.clone())),
    };
    found.unwrap_or(&names.default_language)
}

/// Whether anybody's text has the shape of a language tag (RFC 5646 §2.1; 35 characters hold any that is in use, §4.4.1).
fn is_tag(text: &str) -> bool {
    let is_subtag = |it: &str| (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric());
    text.len() <= 35 && text.split('-').all(is_subtag)
}

/// The texts that one transformation sees.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    /// In the language of the request.
    own: Option<&'a LocalizedResources>,
    /// In the default language.
    default: Option<&'a LocalizedResources>,
}

impl<'a> Texts<'a> {
    pub(crate) fn of(localization: &'a Localization, language: &str, default_language: &str) -> Self {
        let find = |tag: &str| {
            let found = closest_language(tag, localization.0.iter().map(|it| it.0.as_str()))?;
            localization.0.iter().find(|it| it.0 == found).map(|it| &it.1)
        };
        Self { own: find(language), default: find(default_language) }
    }
}

impl transformations::Localization for Texts<'_> {
    fn string(&self, element_type: &str, string_id: &str, fallback: Fallback) -> Option<String> {
        let of = |it: &LocalizedResources| it.string(element_type, "", string_id).map(str::to_owned);
        let default = || self.default.filter(|_| fallback == Fallback::DefaultLanguage).and_then(of);
        self.own.and_then(of).or_else(default)
    }

    fn restriction(&self, claim_type: &str) -> Option<&[EnumerationItem]> {
        self.own?.restriction(claim_type)
    }
}
