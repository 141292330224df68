use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "transfer-without-default-issuer",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_user_journeys(policy).filter(|it| it.default_issuer().is_none()) {
        for step in journey.steps() {
            let invoked = journeys::candidates(policy, &step);
            let Some(transfer) = invoked.iter().find(|it| journeys::is_of_type(it, "Transfer")) else { continue };
            let message = format!(
                "{} hands over to {} and has no default issuer",
                journeys::title(&journey),
                journeys::title(transfer)
            );
            findings
                .report(step.span(), message)
                .label("control does not come back")
                .help("set `DefaultCpimIssuerTechnicalProfileReferenceId` of the user journey: a sub journey can't")
                .related(transfer.span(), "of type `Transfer`");
        }
    }
}
