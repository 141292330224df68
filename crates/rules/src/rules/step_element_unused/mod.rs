use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_model::{OrchestrationStep, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "step-element-unused",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const ELEMENTS: [&str; 3] = ["ClaimsProviderSelections", "ClaimsExchanges", "JourneyList"];
const ATTRIBUTES: [&str; 2] = ["ContentDefinitionReferenceId", "CpimIssuerTechnicalProfileReferenceId"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            let Some(used) = step.step_type().and_then(used_by) else { continue };
            for (name, span) in written(&step).filter(|(name, _)| !used.contains(name)) {
                let step_type = step.step_type().map_or("", StepType::as_str);
                let message = format!(
                    "step {} of {} is of type `{step_type}`, which has no use for `{name}`",
                    journeys::number(&step),
                    journeys::title(&journey)
                );
                findings
                    .report(span, message)
                    .label("ignored")
                    .help("remove it, or give the step the type that was meant")
                    .related(step.span(), "the type of the step");
            }
        }
    }
}

/// What a step of that type reads (reference "journeys", 2); `None` where leftovers are expected or nothing is known.
fn used_by(step_type: StepType) -> Option<&'static [&'static str]> {
    match step_type {
        StepType::ClaimsProviderSelection => Some(&["ClaimsProviderSelections", "ContentDefinitionReferenceId"]),
        StepType::CombinedSignInAndSignUp => {
            Some(&["ClaimsProviderSelections", "ClaimsExchanges", "ContentDefinitionReferenceId"])
        }
        StepType::ClaimsExchange => Some(&["ClaimsExchanges", "ContentDefinitionReferenceId"]),
        StepType::SendClaims | StepType::GetClaims => Some(&["CpimIssuerTechnicalProfileReferenceId"]),
        StepType::InvokeSubJourney => Some(&["JourneyList"]),
        StepType::Noop | StepType::ConsentScreen | StepType::ReviewScreen | StepType::UserDialog => None,
    }
}

fn written<'a>(step: &OrchestrationStep<'a>) -> impl Iterator<Item = (&'static str, Span)> {
    let node = step.node;
    let elements = ELEMENTS.into_iter().filter_map(move |name| Some((name, node.child(name)?.span())));
    elements.chain(ATTRIBUTES.into_iter().filter_map(move |name| Some((name, node.attribute(name)?.span))))
}
