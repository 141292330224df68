//! What the rules about inheritance have in common: a definition as this file writes it, beside what its bases say.

use wayfarer_model::Element;
use wayfarer_model::{Kind, NodeRef, Policy};

/// Every definition that this file makes of something that a base policy defines too: as the file writes it, and as it
/// was before.
pub(super) fn of(policy: &Policy, kind: Kind) -> impl Iterator<Item = (Element<'_>, NodeRef<'_>)> {
    let base = policy.base();
    let own = base.into_iter().flat_map(move |_| policy.own(kind));
    own.filter_map(move |node| {
        let element = node.contributors().next()?.element();
        let before = base?.get(kind, element.attribute("Id")?.value())?;
        Some((element, before.as_ref()))
    })
}

/// The items of a list as this file writes it; the wrapper may repeat.
pub(super) fn items<'d>(
    element: Element<'d>,
    wrapper: &'static str,
    item: &'static str,
) -> impl Iterator<Item = Element<'d>> {
    element.children_named(wrapper).flat_map(move |it| it.children_named(item))
}
