use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "claim-type-without-data-type",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    // A base policy that is not there may have it.
    for node in policy.own(Kind::ClaimType).filter(|_| policy.is_complete()) {
        let claim_type = node.as_ref();
        let Some(id) = claim_type.attribute("Id").filter(|_| claim_type.child("DataType").is_none()) else { continue };
        findings
            .report(id.span, format!("claim type `{}` has no `DataType`", id.value))
            .label("neither here nor in a base policy")
            .help("give it a `DataType`, such as `<DataType>string</DataType>`");
    }
}
