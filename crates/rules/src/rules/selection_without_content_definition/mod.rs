use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "selection-without-content-definition",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            if !journeys::is_selection(&step) || step.node.attribute("ContentDefinitionReferenceId").is_some() {
                continue;
            }
            let level = if fails_always(&step) { Severity::Error } else { Severity::Warning };
            let message = format!(
                "step {} of {} selects a claims provider and names no content definition",
                journeys::number(&step),
                journeys::title(&journey)
            );
            findings
                .report_as(level, step.span(), message)
                .label("has no page to show (AADB2C90277)")
                .help("set `ContentDefinitionReferenceId`, for example to `api.signuporsignin`");
        }
    }
}

/// A step that always comes, and always shows its page: a selection of one provider may be skipped.
fn fails_always(step: &OrchestrationStep<'_>) -> bool {
    let several = step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection").count() > 1;
    journeys::always_comes(step) && (several || step.step_type() == Some(StepType::CombinedSignInAndSignUp))
}
