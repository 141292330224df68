use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "exchange-id-duplicate",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What one file repeats is told by `id-duplicate`, as the schema does.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        let mut first = HashMap::new();
        for step in journey.steps() {
            for exchange in step.claims_exchanges() {
                let id = exchange.id;
                let here = (journeys::number(&step), id.span);
                let (number, earlier) = *first.entry(id.value.to_lowercase()).or_insert(here);
                if number == here.0 || earlier.file == id.span.file {
                    continue;
                }
                let title = journeys::title(&journey);
                let message = format!("{title} has claims exchange `{}` in step {number} and in step {}", id.value, here.0);
                findings
                    .report(id.span, message)
                    .label("after merging, the id is there twice")
                    .help("give each claims exchange of a journey an id of its own")
                    .related(earlier, "the same id");
            }
        }
    }
}
