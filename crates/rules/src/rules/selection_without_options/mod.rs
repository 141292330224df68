use crate::rules::requested;
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Element, Kind, Policy};

pub static RULE: Rule = Rule {
    code: "selection-without-options",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if requested::elements(policy).next().is_none() {
        return;
    }
    let mut localized = None;
    for node in policy.all(Kind::ClaimType) {
        let claim_type = node.as_ref();
        let Some(control) = claim_type.child("UserInputType").map(|it| it.text()) else { continue };
        let is_selection =
            matches!(control.value.trim(), "DropdownSingleSelect" | "RadioSingleSelect" | "CheckboxMultiSelect");
        if !is_selection || claim_type.items("Restriction", "Enumeration").next().is_some() {
            continue;
        }
        let Some(id) = claim_type.attribute("Id") else { continue };
        let lists = localized.get_or_insert_with(|| localized_lists(policy));
        if !lists.contains(&id.value.to_lowercase()) {
            findings
                .report(control.span, format!("`{}` is to be selected, and has no options", id.value))
                .label("an empty list")
                .help("add a `Restriction` with an `Enumeration` for each option, or a `LocalizedCollection`")
                .related(id.span, "declared here");
        }
    }
}

/// The claim types whose options some language has.
fn localized_lists(policy: &Policy) -> HashSet<String> {
    let is_list = |it: &Element<'_>| {
        it.name() == "LocalizedCollection"
            && it.attribute("TargetCollection").is_some_and(|it| it.value() == "Restriction")
            && it.children_named("Item").next().is_some()
    };
    let lists = requested::elements(policy).filter(is_list);
    lists.filter_map(|it| it.attribute("ElementId")).map(|it| it.value().to_lowercase()).collect()
}
