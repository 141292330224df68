use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "step-element-missing",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            let Some(missing) = missing(&step) else { continue };
            let message =
                format!("step {} of {} has no `{missing}`", journeys::number(&step), journeys::title(&journey));
            let step_type = step.step_type().map_or("", StepType::as_str);
            findings
                .report(step.span(), message)
                .label(format!("a `{step_type}` step needs it"))
                .help(format!("add `{missing}`, or take the step out with `Type=\"Noop\"`"));
        }
    }
}

/// What a step of its type can't do without (reference "journeys", 2).
fn missing(step: &OrchestrationStep<'_>) -> Option<&'static str> {
    let lacks = |wrapper, item| step.node.items(wrapper, item).next().is_none();
    match step.step_type()? {
        StepType::ClaimsProviderSelection | StepType::CombinedSignInAndSignUp => {
            lacks("ClaimsProviderSelections", "ClaimsProviderSelection").then_some("ClaimsProviderSelections")
        }
        StepType::ClaimsExchange => lacks("ClaimsExchanges", "ClaimsExchange").then_some("ClaimsExchanges"),
        StepType::InvokeSubJourney => lacks("JourneyList", "Candidate").then_some("JourneyList"),
        StepType::GetClaims => step.issuer().is_none().then_some("CpimIssuerTechnicalProfileReferenceId"),
        _ => None,
    }
}
