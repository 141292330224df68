use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "selection-without-single-target",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps().iter().filter(|it| journeys::is_selection(it)) {
            for row in step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection") {
                let target = row.attribute("TargetClaimsExchangeId");
                let what = match (target, row.attribute("ValidationClaimsExchangeId")) {
                    (Some(_), Some(_)) => "names two claims exchanges",
                    (None, None) => "names no claims exchange",
                    _ => continue,
                };
                let (number, title) = (journeys::number(step), journeys::title(&journey));
                findings
                    .report(row.span(), format!("a selection of step {number} of {title} {what}"))
                    .label("leads nowhere in particular")
                    .help("set either `TargetClaimsExchangeId` (next step) or `ValidationClaimsExchangeId` (this step)");
            }
        }
    }
}
