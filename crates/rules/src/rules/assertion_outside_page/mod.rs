use crate::rules::transformations::is_assertion;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy, TechnicalProfile, Text};

pub static RULE: Rule = Rule {
    code: "assertion-outside-page",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if !policy.is_complete() {
        return;
    }
    // Only where a user is at the page: the journeys of the token endpoint answer with an error anyway.
    let Some(journey) = policy.relying_party().and_then(|it| policy.user_journey(it.default_user_journey()?.value))
    else {
        return;
    };
    judge_steps(policy, journey.node(), findings);
    for candidate in journey.node().items("OrchestrationSteps", "OrchestrationStep") {
        for name in candidate.items("JourneyList", "Candidate").filter_map(|it| it.attribute("SubJourneyReferenceId")) {
            policy.get(Kind::SubJourney, name.value).iter().for_each(|it| judge_steps(policy, it.as_ref(), findings));
        }
    }
}

fn judge_steps(policy: &Policy, journey: NodeRef<'_>, findings: &mut Findings<'_>) {
    for step in journey.items("OrchestrationSteps", "OrchestrationStep") {
        let exchanges = step.items("ClaimsExchanges", "ClaimsExchange");
        for name in exchanges.filter_map(|it| it.attribute("TechnicalProfileReferenceId")) {
            policy.technical_profile(name.value).iter().for_each(|it| judge(policy, it, name, findings));
        }
    }
}

fn judge(policy: &Policy, profile: &TechnicalProfile, exchange: Text<'_>, findings: &mut Findings<'_>) {
    for name in profile.input_claims_transformations().chain(profile.output_claims_transformations()) {
        let Some(transformation) = policy.claims_transformation(name.value) else { continue };
        let method = transformation.method().and_then(|it| transformations::find(it.value));
        let Some(method) = method.filter(|it| is_assertion(it)) else { continue };
        let message = format!("`{}` ({}) runs in `{}`, which a step calls", name.value, method.method, profile.id());
        findings
            .report(name.span, message)
            .label("there is no page to show its message on: the journey ends with an error")
            .help("run it in a validation technical profile of the page that asks for the claims")
            .related(exchange.span, "called here");
    }
}
