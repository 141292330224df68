use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-literal-whitespace",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy) {
        let Some(literal) = precondition.literal().filter(|it| it.value != it.value.trim()) else { continue };
        findings
            .report(literal.span, format!("the literal `{}` has white space around it", literal.value.trim()))
            .label("blanks and line breaks are compared too")
            .help("write the text without anything between it and its tags");
    }
}
