use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType, UserJourney};

pub static RULE: Rule = Rule {
    code: "exchanges-without-selection",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let steps = journey.steps();
        if let Some(first) = steps.first().filter(|it| it.number() == Some(1)) {
            check_step(&journey, first, findings);
        }
        for (_, step) in journeys::pairs(&steps).filter(|(before, _)| !journeys::is_selection(before)) {
            check_step(&journey, step, findings);
        }
    }
}

fn check_step(journey: &UserJourney, step: &OrchestrationStep<'_>, findings: &mut Findings<'_>) {
    let exchanges: Vec<_> = step.claims_exchanges().collect();
    if exchanges.len() < 2 || step.step_type() != Some(StepType::ClaimsExchange) {
        return;
    }
    let message = format!(
        "step {} of {} has {} claims exchanges, and no claims provider selection comes before it",
        journeys::number(step),
        journeys::title(journey),
        exchanges.len()
    );
    let is_merged = exchanges.iter().any(|it| it.id.span.file != exchanges[0].id.span.file);
    let help = if is_merged {
        "merging adds exchanges: to replace one of a base policy, give yours the same `Id`; to add a step, number it anew"
    } else {
        "keep one exchange in the step, or put a `ClaimsProviderSelection` step before it"
    };
    let diagnostic = findings.report(step.span(), message);
    diagnostic.label("which exchange runs is not determined").help(help).refused_as(
        "exchanges-without-selection",
        &[
            ("journey", journey.id()),
            ("step", &journeys::number(step).to_string()),
            ("count", &exchanges.len().to_string()),
        ],
    );
    for exchange in exchanges {
        diagnostic.related(exchange.id.span, "one of the exchanges");
    }
}
