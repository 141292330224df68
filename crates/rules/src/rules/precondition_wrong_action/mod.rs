use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-wrong-action",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy) {
        let (right, wrong, place) = match precondition.is_of_step {
            true => ("SkipThisOrchestrationStep", "SkipThisValidationTechnicalProfile", "an orchestration step"),
            false => ("SkipThisValidationTechnicalProfile", "SkipThisOrchestrationStep", "a validation technical profile"),
        };
        let Some(action) = precondition.element.child("Action").filter(|it| it.text().trim() == wrong) else { continue };
        findings
            .report(action.text_span().unwrap_or_else(|| action.start_tag()), format!("`{wrong}` is no action of {place}"))
            .label("accepted at upload, and never done")
            .help(format!("write `{right}`"));
    }
}
