use crate::rules::client_credentials::{exchange_kind, journey_of, profiles_of};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::Interaction;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy};

pub static RULE: Rule = Rule {
    code: "client-credentials-interactive-step",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(journey) = journey_of(policy) else { return };
    for step in journey.steps() {
        if let Some(problem) = problem_of(policy, &step) {
            let number = step.number().unwrap_or_default();
            findings
                .report(step.span(), format!("step {number} of the client credentials journey {problem}"))
                .label("no user is there to answer")
                .help("call a REST API or claims transformations instead, or take the step out of this journey");
        }
    }
}

fn problem_of(policy: &Policy, step: &OrchestrationStep<'_>) -> Option<String> {
    let step_type = step.step_type()?;
    if step_type.shows_page() {
        return Some(format!("is a `{}` step, which shows a page", step_type.as_str()));
    }
    let profile = profiles_of(policy, step).into_iter().find(|it| {
        let spec = exchange_kind(it).spec();
        spec.is_some_and(|it| matches!(it.interaction, Interaction::Page | Interaction::Redirect))
    })?;
    Some(format!("runs `{}` ({}), which needs a user", profile.id(), exchange_kind(&profile).name()))
}
