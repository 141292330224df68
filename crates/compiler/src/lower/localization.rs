//! `Localization` and what content definitions take of it (reference "pages", section 2; "inheritance", 2.2).

use wayfarer_builtins::LocalizedResources;
use wayfarer_builtins::transformations::EnumerationItem;
use wayfarer_engine::plan::Localization;
use wayfarer_model::{Kind, NodeRef, Policy};

/// The default language, and the supported ones in their order. What the service takes without a default is not
/// documented; English is our choice.
pub(super) fn languages(policy: &Policy) -> (String, Vec<String>) {
    let languages = policy.localization().and_then(|it| it.child("SupportedLanguages"));
    let default = languages.and_then(|it| it.attribute("DefaultLanguage")).map_or("en", |it| it.value);
    let supported = languages.into_iter().flat_map(|it| it.children_named("SupportedLanguage"));
    (default.to_owned(), supported.map(|it| it.text().value.trim().to_owned()).collect())
}

/// The resources of each language that a content definition refers to; of several for one language the first counts.
/// Nothing while the section is not switched on.
pub(super) fn of_content_definition(policy: &Policy, id: &str) -> Localization {
    let Some(definition) = policy.get(Kind::ContentDefinition, id).filter(|_| is_enabled(policy)) else {
        return Localization::default();
    };
    let mut languages: Vec<(String, LocalizedResources)> = Vec::new();
    for (language, resources) in references(policy, definition.as_ref()) {
        if !languages.iter().any(|it| it.0.eq_ignore_ascii_case(language)) {
            let mut texts = LocalizedResources::default();
            add(&mut texts, resources.as_ref());
            languages.push((language.to_owned(), texts));
        }
    }
    Localization(languages)
}

/// All texts of one language, whatever page shows them: of several for one address the first in the order of the content
/// definitions. `None` where no content definition has texts of that language.
pub(super) fn of_language(policy: &Policy, language: &str) -> Option<LocalizedResources> {
    let mut texts = None;
    let definitions = policy.all(Kind::ContentDefinition);
    for definition in definitions.into_iter().filter(|_| is_enabled(policy)) {
        let all = references(policy, definition.as_ref());
        let Some(closest) = wayfarer_builtins::closest_language(language, all.iter().map(|it| it.0)) else { continue };
        for (_, resources) in all.iter().filter(|it| it.0.eq_ignore_ascii_case(closest)).take(1) {
            add(texts.get_or_insert_with(LocalizedResources::default), resources.as_ref());
        }
    }
    texts
}

/// `Localization/@Enabled`; absent counts as not enabled (not documented, so chosen).
fn is_enabled(policy: &Policy) -> bool {
    let written = policy.localization().and_then(|it| it.attribute("Enabled"));
    written.is_some_and(|it| matches!(it.value.trim(), "true" | "1"))
}

/// Language and resources of each `LocalizedResourcesReference`. One with a `Url` is for browsers, and one that names
/// nothing is for a rule.
fn references<'a>(policy: &'a Policy, definition: NodeRef<'a>) -> Vec<(&'a str, &'a wayfarer_model::Node)> {
    let rows = definition.items("LocalizedResourcesReferences", "LocalizedResourcesReference");
    let found = rows.filter_map(|row| {
        let id = row.attribute("LocalizedResourcesReferenceId")?;
        Some((row.attribute("Language")?.value.trim(), policy.get(Kind::LocalizedResources, id.value)?))
    });
    found.collect()
}

fn add(texts: &mut LocalizedResources, resources: NodeRef<'_>) {
    let value = |node: NodeRef<'_>, name: &str| node.attribute(name).map_or_else(String::new, |it| it.value.to_owned());
    for string in resources.items("LocalizedStrings", "LocalizedString") {
        let address = ["ElementType", "ElementId", "StringId"].map(|it| value(string, it));
        texts.add_string(&address[0], &address[1], &address[2], string.text().value);
    }
    for collection in resources.items("LocalizedCollections", "LocalizedCollection") {
        if value(collection, "ElementType") == "ClaimType" && value(collection, "TargetCollection") == "Restriction" {
            let items = collection.children_named("Item");
            let items = items.map(|it| EnumerationItem { text: value(it, "Text"), value: value(it, "Value") });
            texts.add_restriction(&value(collection, "ElementId"), items.collect());
        }
    }
}
