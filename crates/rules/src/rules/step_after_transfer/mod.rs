use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "step-after-transfer",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// A user journey needs a `SendClaims` step of its own even so.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let steps = journey.steps();
        let Some(at) = steps.iter().position(|it| hands_over(policy, it)) else { continue };
        for step in steps.iter().skip(at + 1).filter(|it| it.step_type().is_some_and(|it| it != StepType::SendClaims)) {
            let message = format!("step {} of {} is never reached", journeys::number(step), journeys::title(&journey));
            findings
                .report(step.span(), message)
                .label("control does not come back")
                .help("move the step before the transfer, or let a precondition skip the transfer")
                .related(steps[at].span(), "hands over to a sub journey of type `Transfer`, always");
        }
    }
}

fn hands_over(policy: &Policy, step: &OrchestrationStep<'_>) -> bool {
    let candidates = journeys::candidates(policy, step);
    journeys::always_comes(step) && !candidates.is_empty() && candidates.iter().all(|it| journeys::is_of_type(it, "Transfer"))
}
