use crate::rules::claim_sources::{ClaimSource, ClaimSources};
use crate::rules::requested;
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_builtins::transformations::{self, Null, Transformation};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{ClaimsTransformation, Element, Kind, Policy, TransformationArgument};

pub static RULE: Rule = Rule {
    code: "claims-transformation-null-input",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let used = used(policy);
    let needed = used.iter().flat_map(|(it, method)| inputs(it, method)).map(|it| it.claim_type.value.to_lowercase());
    let sources = ClaimSources::of(policy, needed);
    for (transformation, method) in &used {
        for row in inputs(transformation, method) {
            let claim = row.claim_type.value;
            let has_source = sources.of_claim(claim).iter().any(|it| !matches!(it, ClaimSource::PassedOn));
            if !has_source && policy.get(Kind::ClaimType, claim).is_some() {
                report(transformation, method, &row, findings);
            }
        }
    }
}

/// The transformations that technical profiles run, in a policy that can be requested.
fn used(policy: &Policy) -> Vec<(ClaimsTransformation, &'static Transformation)> {
    let mut seen = HashSet::new();
    let uses = |it: &Element<'_>| matches!(it.name(), "InputClaimsTransformation" | "OutputClaimsTransformation");
    let references = requested::elements(policy).filter(uses).filter_map(|it| it.attribute("ReferenceId"));
    let names = references.map(|it| it.value()).filter(|it| seen.insert(*it));
    names
        .filter_map(|it| {
            let transformation = policy.claims_transformation(it)?;
            let method = transformation.method().and_then(|it| transformations::find(it.value))?;
            Some((transformation, method))
        })
        .collect()
}

/// The inputs without which the transformation fails.
fn inputs<'a>(
    transformation: &'a ClaimsTransformation,
    method: &'static Transformation,
) -> impl Iterator<Item = TransformationArgument<'a>> {
    transformation.input_claims().filter(move |it| method.input(it.slot.value).is_some_and(|it| it.null == Null::Error))
}

fn report(
    transformation: &ClaimsTransformation,
    method: &Transformation,
    row: &TransformationArgument<'_>,
    findings: &mut Findings<'_>,
) {
    let (id, claim, slot, method) = (transformation.id(), row.claim_type.value, row.slot.value, method.method);
    let message =
        format!("`{claim}` never has a value, and claims transformation `{id}` needs it as `{slot}` of `{method}`");
    findings
        .report(row.claim_type.span, message)
        .label("no technical profile, claims transformation, page or default sets this claim")
        .help("set the claim before, name another one, or take the transformation out: without a value it fails");
}
