use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{ClaimType, Policy};

pub static RULE: Rule = Rule {
    code: "precondition-literal-impossible",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy) {
        let Some(literal) = precondition.literal() else { continue };
        let Some(claim_type) = precondition.claim_type(policy) else { continue };
        let Some(why) = why_impossible(&claim_type, literal.value) else { continue };
        findings
            .report(literal.span, format!("`{}` is never `{}`: it is {why}", claim_type.id(), literal.value))
            .label("never equal")
            .help("write the literal as the service writes the value: comparison is by text")
            .related(claim_type.span(), "declared here");
    }
}

/// Booleans have a rule of their own, and options do not bind what comes from elsewhere.
fn why_impossible(claim_type: &ClaimType, literal: &str) -> Option<&'static str> {
    let (fits, why) = match claim_type.data_type()? {
        DataType::Int => (literal.parse::<i32>().is_ok_and(|it| it.to_string() == literal), "an int"),
        DataType::Long => (literal.parse::<i64>().is_ok_and(|it| it.to_string() == literal), "a long"),
        _ => return None,
    };
    (!fits).then_some(why)
}
