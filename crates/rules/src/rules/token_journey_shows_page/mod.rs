use crate::rules::journeys;
use crate::rules::token_journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::{Caller, Interaction};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy};

pub static RULE: Rule = Rule {
    code: "token-journey-shows-page",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (purpose, journey) in token_journeys::of(policy) {
        for step in journey.steps() {
            let Some(problem) = problem_of(policy, &step) else { continue };
            let message = format!("step {} of the {purpose} journey `{}` {problem}", journeys::number(&step), journey.id());
            findings
                .report(step.span(), message)
                .label("no user is there to answer")
                .help("take the step out of this journey, or let a precondition skip it");
        }
    }
}

fn problem_of(policy: &Policy, step: &OrchestrationStep<'_>) -> Option<String> {
    let step_type = step.step_type()?;
    if step_type.shows_page() {
        return Some(format!("is a `{}` step, which shows a page", step_type.as_str()));
    }
    let profiles = step.claims_exchanges().filter_map(|it| policy.technical_profile(it.technical_profile.value));
    profiles.into_iter().find_map(|profile| {
        let kind = profile.kind(Some(Caller::ClaimsExchange));
        let needs_user = matches!(kind.spec()?.interaction, Interaction::Page | Interaction::Redirect);
        needs_user.then(|| format!("runs `{}` ({}), which needs a user", profile.id(), kind.name()))
    })
}
