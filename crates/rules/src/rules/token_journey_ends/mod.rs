use crate::rules::journeys;
use crate::rules::token_journeys::Purpose;
use crate::rules::token_journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "token-journey-ends",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (purpose, journey) in token_journeys::of(policy) {
        let steps = journey.steps();
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { continue };
        let begins = first.step_type().is_none_or(|it| matches!(it, StepType::ClaimsExchange | StepType::GetClaims));
        if purpose == Purpose::Refresh && !begins {
            let message = format!("the {purpose} journey `{}` does not begin with a `ClaimsExchange` step", journey.id());
            findings
                .report(first.span(), message)
                .label("nothing reads the refresh token")
                .help("let step 1 call a profile with `<Protocol Name=\"None\" />` such as `RefreshTokenReadAndSetup`");
        }
        // A journey without any is told by `journey-without-send-claims`.
        let sends = |it: &StepType| *it == StepType::SendClaims;
        let sends_earlier = steps.iter().filter_map(|it| it.step_type()).any(|it| sends(&it));
        if sends_earlier && last.step_type().is_some_and(|it| !sends(&it)) {
            let message = format!("the {purpose} journey `{}` does not end with a `SendClaims` step", journey.id());
            findings
                .report(last.span(), message)
                .label(format!("step {} is the last one", journeys::number(last)))
                .help("make `SendClaims` the last step");
        }
    }
}
