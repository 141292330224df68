use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "sub-journey-call-sends-claims",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_sub_journeys(policy).filter(|it| journeys::is_of_type(it, "Call")) {
        for step in journey.steps().iter().filter(|it| it.step_type() == Some(StepType::SendClaims)) {
            let message = format!("{} is of type `Call` and sends claims", journeys::title(&journey));
            findings
                .report(step.span(), message)
                .label("the upload refuses it")
                .help("leave the step to the user journey, or make the sub journey a `Transfer`")
                .related(journey.span(), "the sub journey")
                .refused();
        }
    }
}
