use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{OrchestrationStep, Policy};

pub static RULE: Rule = Rule {
    code: "exchange-never-selected",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::requested(policy) {
        let steps = journey.steps();
        for (selection, step) in journeys::pairs(&steps).filter(|(before, _)| journeys::is_selection(before)) {
            let exchanges: Vec<_> = step.claims_exchanges().collect();
            if exchanges.len() < 2 {
                continue;
            }
            let Some(selected) = selected(policy, selection) else { continue };
            for exchange in exchanges.iter().filter(|it| !selected.contains(&it.id.value.to_lowercase())) {
                let message = format!(
                    "nothing leads to claims exchange `{}` of step {} of {}",
                    exchange.id.value,
                    journeys::number(step),
                    journeys::title(&journey)
                );
                findings
                    .report(exchange.id.span, message)
                    .label("never runs")
                    .help("add a `ClaimsProviderSelection` with this id as its `TargetClaimsExchangeId`, or remove the exchange")
                    .related(selection.span(), "what can be selected");
            }
        }
    }
}

/// What buttons and links of a step lead to, in lower case; `None` where a profile of it is not known.
fn selected(policy: &Policy, step: &OrchestrationStep<'_>) -> Option<HashSet<String>> {
    let rows = step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection");
    let mut selected: HashSet<String> =
        rows.filter_map(|it| it.attribute("TargetClaimsExchangeId")).map(|it| it.value.to_lowercase()).collect();
    for exchange in step.claims_exchanges() {
        let profile = policy.technical_profile(exchange.technical_profile.value)?;
        for target in journeys::TARGETS.iter().filter_map(|it| profile.metadata(it)) {
            selected.extend(target.value.split(',').map(|it| it.trim().to_lowercase()));
        }
        // A sign-up link leads to the exchange of this name unless the profile says otherwise.
        if profile.metadata("SignUpTarget").is_none() {
            selected.insert("signupwithlogonemailexchange".to_owned());
        }
    }
    let page = step.node.attribute("ContentDefinitionReferenceId");
    let page = page.and_then(|it| policy.get(wayfarer_model::Kind::ContentDefinition, it.value));
    let items = page.into_iter().flat_map(|it| it.as_ref().items("Metadata", "Item").collect::<Vec<_>>());
    selected.extend(items.flat_map(|it| it.text().value.split(',')).map(|it| it.trim().to_lowercase()));
    Some(selected)
}
