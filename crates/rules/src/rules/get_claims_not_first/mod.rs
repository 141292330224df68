use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "get-claims-not-first",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let is_sub = journey.node().name() == "SubJourney";
        for step in journey.steps().iter().skip(usize::from(!is_sub)) {
            if step.step_type() != Some(StepType::GetClaims) {
                continue;
            }
            let message =
                format!("step {} of {} reads claims of the request", journeys::number(step), journeys::title(&journey));
            findings
                .report(step.span(), message)
                .label("only the first step of a user journey can")
                .help("make `GetClaims` step 1 of the user journey");
        }
    }
}
