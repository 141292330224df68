use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "selection-not-followed",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let steps = journey.steps();
        for (step, next) in journeys::pairs(&steps).filter(|(it, _)| journeys::is_selection(it)) {
            let Some(next_type) = next.step_type().filter(|it| *it != StepType::ClaimsExchange) else { continue };
            let message = format!(
                "step {} of {} is a claims provider selection, and step {} is of type `{}`",
                journeys::number(step),
                journeys::title(&journey),
                journeys::number(next),
                next_type.as_str()
            );
            findings
                .report(next.span(), message)
                .label("a `ClaimsExchange` must stand here")
                .help("let the step after the selection be the `ClaimsExchange` that holds what can be selected")
                .related(step.span(), "the selection")
                .refused_as(
                    "selection-not-followed",
                    &[
                        ("journey", journey.id()),
                        ("step", &journeys::number(next).to_string()),
                        ("type", next_type.as_str()),
                    ],
                );
        }
    }
}
