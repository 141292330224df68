use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-on-collection",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy).filter(|it| it.literal().is_some()) {
        let Some(claim_type) = precondition.claim_type(policy) else { continue };
        let Some(data_type) = claim_type.data_type().filter(|it| it.as_str().ends_with("Collection")) else { continue };
        let Some(kind) = precondition.kind() else { continue };
        findings
            .report(kind.value_span(), format!("`{}` is a {}, and is compared with a text", claim_type.id(), data_type.as_str()))
            .label("what that gives is not documented")
            .help("take what you need out of the collection with a claims transformation, and test its result")
            .related(claim_type.span(), "declared here");
    }
}
