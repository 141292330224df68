//! Lists whose entries have no key: what a derived profile repeats runs once more.

use crate::Findings;
use crate::rules::overrides::items;
use std::collections::HashMap;
use wayfarer_model::Element;
use wayfarer_model::{Kind, NodeRef, Policy, TechnicalProfile, Text};

/// Reports entries of one list that the profile below this one, by inheritance or inclusion, has already.
pub(super) fn check(policy: &Policy, wrapper: &'static str, item: &'static str, findings: &mut Findings<'_>) {
    for node in policy.own(Kind::TechnicalProfile) {
        let Some(element) = node.contributors().next().map(wayfarer_model::Written::element) else { continue };
        let Some(id) = element.attribute("Id") else { continue };
        if items(element, wrapper, item).next().is_none() {
            continue;
        }
        if let Some(before) = policy.base().and_then(|it| it.get(Kind::TechnicalProfile, id.value())) {
            compare(element, before.as_ref(), "the base policy's list has it already", [wrapper, item], findings);
        }
        if let Some(included) = included(policy, node.as_ref()) {
            compare(element, included.node(), "the included profile has it already", [wrapper, item], findings);
        }
    }
}

fn included(policy: &Policy, profile: NodeRef<'_>) -> Option<TechnicalProfile> {
    policy.technical_profile(profile.child("IncludeTechnicalProfile")?.attribute("ReferenceId")?.value)
}

fn compare(
    element: Element<'_>,
    before: NodeRef<'_>,
    earlier: &str,
    [wrapper, item]: [&'static str; 2],
    findings: &mut Findings<'_>,
) {
    let profile = element.attribute("Id").map_or("", |it| it.value());
    let references = before.items(wrapper, item).filter_map(|it| it.attribute("ReferenceId"));
    let there: HashMap<String, Text<'_>> = references.map(|it| (it.value.to_lowercase(), it)).collect();
    for reference in items(element, wrapper, item).filter_map(|it| it.attribute("ReferenceId")) {
        let Some(first) = there.get(&reference.value().to_lowercase()) else { continue };
        let message = format!("`{}` runs twice in `{profile}`", reference.value());
        findings
            .report(reference.value_span(), message)
            .label("added before the inherited entries, not in place of one")
            .help(format!("remove this `{item}`: what is inherited stays, and runs after what this profile adds"))
            .related(first.span, earlier);
    }
}
