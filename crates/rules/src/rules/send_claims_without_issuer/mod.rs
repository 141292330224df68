use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "send-claims-without-issuer",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// Where no step and no default names one; the issuer of the first `SendClaims` step is the default of the others.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_user_journeys(policy) {
        let steps = journey.steps();
        let is_named = journey.default_issuer().is_some() || steps.iter().any(|it| it.issuer().is_some());
        for step in steps.iter().filter(|it| !is_named && it.step_type() == Some(StepType::SendClaims)) {
            let message = format!(
                "step {} of {} sends claims and names no issuer",
                journeys::number(step),
                journeys::title(&journey)
            );
            findings
                .report(step.span(), message)
                .label("no token can be issued (AADB2C90108)")
                .help("set `CpimIssuerTechnicalProfileReferenceId`")
                .refused_as("no-issuer", &[("journey", journey.id())]);
        }
    }
}
