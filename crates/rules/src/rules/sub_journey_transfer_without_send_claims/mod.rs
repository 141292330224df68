use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType, UserJourney};

pub static RULE: Rule = Rule {
    code: "sub-journey-transfer-without-send-claims",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_sub_journeys(policy).filter(|it| journeys::is_of_type(it, "Transfer")) {
        if !ends(policy, &journey) {
            findings
                .report(journey.span(), format!("{} is of type `Transfer` and has no `SendClaims` step", journeys::title(&journey)))
                .label("control never comes back, so no token is issued")
                .help("end it with a `SendClaims` step, or make it a `Call`");
        }
    }
}

/// Whether some step issues a token, or hands control on. A type that is none has been reported.
fn ends(policy: &Policy, journey: &UserJourney) -> bool {
    let hands_on = |it: &UserJourney| journeys::is_of_type(it, "Transfer");
    journey.steps().iter().any(|step| match step.step_type() {
        None | Some(StepType::SendClaims) => true,
        Some(StepType::InvokeSubJourney) => journeys::candidates(policy, step).iter().any(hands_on),
        Some(_) => false,
    })
}
