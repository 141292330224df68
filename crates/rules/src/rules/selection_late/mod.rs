use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "selection-late",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let steps = journey.steps();
        let mut steps = steps.iter().skip_while(|it| !journeys::is_selection(it));
        let Some(first) = steps.next() else { continue };
        for late in steps.filter(|it| it.step_type() == Some(StepType::ClaimsProviderSelection)) {
            let message =
                format!("{} selects a claims provider again in step {}", journeys::title(&journey), journeys::number(late));
            findings
                .report(late.span(), message)
                .label("comes after a sign-in")
                .help("try it with a user who has a session: let a precondition skip the step where the user is known")
                .related(first.span(), "the first selection");
        }
    }
}
