use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-claim-as-literal",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy) {
        let Some(literal) = precondition.literal() else { continue };
        let Some(claim_type) = policy.claim_type(literal.value).filter(|it| it.id() == literal.value) else { continue };
        let compared = precondition.claim_type(policy);
        let compared = compared.as_ref().map_or("the claim", |it| it.id());
        findings
            .report(literal.span, format!("`{compared}` is compared with the text `{}`, not with the claim", literal.value))
            .label("the second `Value` is always a text")
            .help("compare the two claims in a claims transformation, such as `CompareClaims`, and test its result")
            .related(claim_type.span(), "the claim type of this name");
    }
}
