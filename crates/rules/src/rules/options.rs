//! The options of a claim type that is selected from a list.

use wayfarer_model::{Kind, NodeRef, Policy};

/// Every list of options in the policy's own file, merged with its bases': with the claim type's id, and its options.
pub(super) fn lists(policy: &Policy) -> impl Iterator<Item = (&str, NodeRef<'_>, Vec<NodeRef<'_>>)> {
    let claim_types = policy.own(Kind::ClaimType).map(|it| it.as_ref());
    let inline = claim_types.filter_map(|it| {
        let options: Vec<_> = it.items("Restriction", "Enumeration").collect();
        let id = it.attribute("Id").filter(|_| !options.is_empty())?;
        Some((id.value, it, options))
    });
    let resources = policy.own(Kind::LocalizedResources).map(|it| it.as_ref());
    let collections = resources.flat_map(|it| it.items("LocalizedCollections", "LocalizedCollection"));
    let of_claim = |node: NodeRef<'_>, name, value| node.attribute(name).is_some_and(|it| it.value == value);
    let localized = collections.filter(move |it| {
        of_claim(*it, "ElementType", "ClaimType") && of_claim(*it, "TargetCollection", "Restriction")
    });
    let localized = localized.filter_map(|it| {
        let claim = it.attribute("ElementId")?;
        let node = policy.get(Kind::ClaimType, claim.value)?.as_ref();
        Some((claim.value, node, it.children_named("Item").collect()))
    });
    inline.chain(localized)
}
