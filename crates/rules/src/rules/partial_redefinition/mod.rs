use crate::rules::overrides;
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy};
use wayfarer_model::Element;

pub static RULE: Rule = Rule {
    code: "partial-redefinition",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What a definition is made of: list, item, and the attribute that tells items apart (else the claim type).
type Part = (&'static str, &'static str, &'static str);

const PARTS: [(Kind, &[Part]); 3] = [
    (
        Kind::ClaimsTransformation,
        &[
            ("InputClaims", "InputClaim", "TransformationClaimType"),
            ("InputParameters", "InputParameter", "Id"),
            ("OutputClaims", "OutputClaim", "TransformationClaimType"),
        ],
    ),
    (Kind::PredicateValidation, &[("PredicateGroups", "PredicateGroup", "Id")]),
    (
        Kind::DisplayControl,
        &[
            ("InputClaims", "InputClaim", "ClaimTypeReferenceId"),
            ("DisplayClaims", "DisplayClaim", "ClaimTypeReferenceId"),
            ("OutputClaims", "OutputClaim", "ClaimTypeReferenceId"),
            ("Actions", "Action", "Id"),
        ],
    ),
];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (kind, parts) in PARTS {
        for (element, before) in overrides::of(policy, kind) {
            let same_method = element.attribute("TransformationMethod").map(|it| it.value())
                == before.attribute("TransformationMethod").map(|it| it.value);
            if let Some((what, there)) = first_missing(element, before, parts).filter(|_| same_method) {
                report(kind, element, &what, there, findings);
            }
        }
    }
}

/// The first item of the base's definition that this one lacks.
fn first_missing<'a>(element: Element<'_>, before: NodeRef<'a>, parts: &[Part]) -> Option<(String, NodeRef<'a>)> {
    parts.iter().find_map(|(wrapper, item, key)| {
        let own: HashSet<String> = overrides::items(element, wrapper, item)
            .filter_map(|it| it.attribute(key).or_else(|| it.attribute("ClaimTypeReferenceId")))
            .map(|it| it.value().to_lowercase())
            .collect();
        before.items(wrapper, item).find_map(|it| {
            let name = it.attribute(key).or_else(|| it.attribute("ClaimTypeReferenceId"))?.value;
            let is_there = own.contains(&name.to_lowercase());
            (!is_there).then(|| (format!("`{item}` `{name}`"), it))
        })
    })
}

fn report(kind: Kind, element: Element<'_>, missing: &str, there: NodeRef<'_>, findings: &mut Findings<'_>) {
    let Some(id) = element.attribute("Id") else { return };
    let message = format!("`{}` is defined again without the {missing} that it has in a base policy", id.value());
    let label = match kind {
        Kind::DisplayControl => "how two definitions of a display control are merged is not documented",
        _ => "how two definitions are merged is not documented; here this one counts alone",
    };
    findings
        .report(id.value_span(), message)
        .label(label)
        .help("repeat the whole definition, or give this one an id of its own")
        .related(there.span(), "not repeated");
}
