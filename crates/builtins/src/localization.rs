//! `LocalizedResources`: the texts of one language (reference "pages", section 2).

use crate::transformations::EnumerationItem;
use std::collections::BTreeMap;

/// The texts and lists that a `LocalizedResources` element gives, or several that are laid over each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalizedResources {
    strings: BTreeMap<(String, String, String), String>,
    restrictions: BTreeMap<String, Vec<EnumerationItem>>,
}

impl LocalizedResources {
    /// Adds a `LocalizedString`. Of several with one address the first counts. `ElementId`s are ids of the policy, so they
    /// compare without case.
    pub fn add_string(&mut self, element_type: &str, element_id: &str, string_id: &str, text: &str) {
        self.strings.entry(address(element_type, element_id, string_id)).or_insert_with(|| text.to_owned());
    }

    /// Adds the `LocalizedCollection` that replaces the `Restriction` of a claim type. Of several the first counts.
    pub fn add_restriction(&mut self, claim_type: &str, items: Vec<EnumerationItem>) {
        self.restrictions.entry(claim_type.to_lowercase()).or_insert(items);
    }

    /// The `LocalizedString` of that address; `element_id` is empty where it has none.
    pub fn string(&self, element_type: &str, element_id: &str, string_id: &str) -> Option<&str> {
        self.strings.get(&address(element_type, element_id, string_id)).map(String::as_str)
    }

    /// The list that replaces the `Restriction` of a claim type.
    pub fn restriction(&self, claim_type: &str) -> Option<&[EnumerationItem]> {
        self.restrictions.get(&claim_type.to_lowercase()).map(Vec::as_slice)
    }
}

fn address(element_type: &str, element_id: &str, string_id: &str) -> (String, String, String) {
    (element_type.to_owned(), element_id.to_lowercase(), string_id.to_owned())
}

/// The language among `supported` that serves somebody who asks for `tag`: the same tag, else one with the same primary
/// subtag (reference "pages", 2.1). Tags compare without case (RFC 5646 §2.1.1).
pub fn closest_language<'a>(tag: &str, supported: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let primary = |it: &str| it.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let wanted = primary(tag);
    let exact = supported.clone().find(|it| it.eq_ignore_ascii_case(tag));
    let mut supported = supported;
    exact.or_else(|| supported.find(|it| primary(it) == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_matched_by_its_tag_then_by_its_primary_subtag() {
        let supported = ["en", "de-AT", "de-DE", "pt-BR"];
        for (tag, expected) in [
            ("en", Some("en")),
            ("EN", Some("en")),
            ("en-US", Some("en")),
            ("de-de", Some("de-DE")),
            ("de", Some("de-AT")),
            ("de-CH", Some("de-AT")),
            ("pt", Some("pt-BR")),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(closest_language(tag, supported.into_iter()), expected, "{tag}");
        }
    }
}
