use crate::rules::overrides;
use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy};
use wayfarer_model::Element;

pub static RULE: Rule = Rule {
    code: "override-drops-attributes",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const LISTS: [[&str; 2]; 3] =
    [["InputClaims", "InputClaim"], ["OutputClaims", "OutputClaim"], ["PersistedClaims", "PersistedClaim"]];

/// What an entry says besides the claim.
const ATTRIBUTES: [&str; 4] = ["PartnerClaimType", "DefaultValue", "AlwaysUseDefaultValue", "Required"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (element, before) in overrides::of(policy, Kind::TechnicalProfile) {
        for [wrapper, item] in LISTS {
            check_list(element, before, [wrapper, item], findings);
        }
    }
}

fn check_list(element: Element<'_>, before: NodeRef<'_>, list: [&'static str; 2], findings: &mut Findings<'_>) {
    let [wrapper, item] = list;
    let mut own = overrides::items(element, wrapper, item).peekable();
    if own.peek().is_none() {
        return;
    }
    // Of several entries for one claim nobody knows which is meant.
    let mut earlier: HashMap<String, Option<NodeRef<'_>>> = HashMap::new();
    for entry in before.items(wrapper, item) {
        let Some(claim) = entry.attribute("ClaimTypeReferenceId") else { continue };
        earlier.entry(claim.value.to_lowercase()).and_modify(|it| *it = None).or_insert(Some(entry));
    }
    for claim in own {
        let id = claim.attribute("ClaimTypeReferenceId").map(|it| it.value().to_lowercase());
        if let Some(before) = id.and_then(|it| *earlier.get(&it)?) {
            compare(claim, before, findings);
        }
    }
}

fn compare(claim: Element<'_>, before: NodeRef<'_>, findings: &mut Findings<'_>) {
    let says = |name: &str| before.attribute(name).filter(|it| !matches!(it.value, "false" | "0"));
    let lost: Vec<_> = ATTRIBUTES.into_iter().filter(|it| claim.attribute(it).is_none()).filter_map(says).collect();
    let names: Vec<&str> = ATTRIBUTES.into_iter().filter(|it| claim.attribute(it).is_none() && says(it).is_some()).collect();
    let [first, ..] = lost[..] else { return };
    let id = claim.attribute("ClaimTypeReferenceId");
    let written: Vec<String> = names.iter().zip(&lost).map(|(name, text)| format!("{name}=\"{}\"", text.value)).collect();
    let message = format!(
        "this entry for `{}` replaces the base policy's and loses its {}",
        id.map_or("", |it| it.value()),
        names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" and ")
    );
    findings
        .report(id.map_or_else(|| claim.start_tag(), |it| it.value_span()), message)
        .label("replaces the inherited entry, attributes included")
        .help(format!("repeat `{}` here, or leave the entry to the base policy", written.join(" ")))
        .related(first.span, "inherited until here");
}
