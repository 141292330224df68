use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "step-type-unsupported",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            let Some(step_type @ (StepType::ConsentScreen | StepType::ReviewScreen | StepType::UserDialog)) =
                step.step_type()
            else {
                continue;
            };
            let message = format!(
                "step {} of {} is of type `{}`, which no page documents",
                journeys::number(&step),
                journeys::title(&journey),
                step_type.as_str()
            );
            findings
                .report(step.span(), message)
                .label("in the schema only")
                .help("show the page with a `ClaimsExchange` step on a self-asserted profile");
        }
    }
}
