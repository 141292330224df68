use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "send-claims-without-default-issuer",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_user_journeys(policy).filter(|it| it.default_issuer().is_none()) {
        let steps = journey.steps();
        let mut sending = steps.iter().filter(|it| it.step_type() == Some(StepType::SendClaims));
        let (Some(first), Some(second)) = (sending.next(), sending.next()) else { continue };
        let message = format!("{} sends claims more than once and has no default issuer", journeys::title(&journey));
        findings
            .report(second.span(), message)
            .label("a second `SendClaims` step")
            .help("set `DefaultCpimIssuerTechnicalProfileReferenceId` of the journey to the profile that issues its token")
            .related(first.span(), "the first one");
    }
}
