//! The metadata of the technical profiles that a policy's own file writes.

use wayfarer_diagnostics::Span;
use wayfarer_model::{Element, Policy};

/// One `Metadata/Item`.
pub(super) struct Written<'p> {
    /// The id of the profile.
    pub(super) profile: &'p str,
    /// `Key`
    pub(super) key: &'p str,
    /// The text, without blanks around it.
    pub(super) value: &'p str,
    /// Where the text stands.
    pub(super) span: Span,
}

/// The technical profiles of the file's claims providers.
pub(super) fn profiles(policy: &Policy) -> impl Iterator<Item = Element<'_>> {
    let root = policy.document().root().into_iter();
    let providers =
        root.flat_map(|it| it.children_named("ClaimsProviders")).flat_map(|it| it.children_named("ClaimsProvider"));
    providers.flat_map(|it| it.children_named("TechnicalProfiles")).flat_map(|it| it.children_named("TechnicalProfile"))
}

/// Every item, in the order of the file.
pub(super) fn own(policy: &Policy) -> impl Iterator<Item = Written<'_>> {
    profiles(policy).flat_map(|profile| {
        let id = profile.attribute("Id").map_or("", |it| it.value());
        let items = profile.children_named("Metadata").flat_map(|it| it.children_named("Item"));
        items.filter_map(move |item| {
            let key = item.attribute("Key")?.value();
            Some(Written { profile: id, key, value: item.text().trim(), span: item.text_span()? })
        })
    })
}

/// Whether an address sends in clear what leaves this machine.
pub(super) fn is_clear_text(address: &str) -> bool {
    let scheme = address.get(..7).filter(|it| it.eq_ignore_ascii_case("http://"));
    let host = scheme.and_then(|it| address.get(it.len()..)).map(|it| it.split(['/', '?']).next().unwrap_or_default());
    host.is_some_and(|it| {
        !it.to_ascii_lowercase().starts_with("localhost") && !it.starts_with("127.") && !it.starts_with("[::1]")
    })
}
