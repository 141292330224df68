use crate::rules::overrides;
use crate::{Findings, Phase, Rule};
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
            for claim in overrides::items(element, wrapper, item) {
                let of_claim = |it: &NodeRef<'_>| same_claim(claim, *it);
                let mut earlier = before.items(wrapper, item).filter(of_claim);
                // Of several entries for one claim nobody knows which is meant.
                if let (Some(earlier), None) = (earlier.next(), earlier.next()) {
                    compare(claim, earlier, findings);
                }
            }
        }
    }
}

fn same_claim(claim: Element<'_>, other: NodeRef<'_>) -> bool {
    let (a, b) = (claim.attribute("ClaimTypeReferenceId"), other.attribute("ClaimTypeReferenceId"));
    a.zip(b).is_some_and(|(a, b)| a.value().eq_ignore_ascii_case(b.value))
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
