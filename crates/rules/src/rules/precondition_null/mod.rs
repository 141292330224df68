use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-null",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    for step in &flow.steps {
        let preconditions = step.preconditions.iter().filter(|it| !it.asks_existence && !it.execute_actions_if);
        for precondition in preconditions.filter(|it| it.void) {
            let message =
                format!("step {} of `{}` runs when `{}` does not exist", step.order, flow.journey, precondition.claim);
            findings
                .report(precondition.span, message)
                .label("ignored where the claim has no value")
                .help("put a precondition `ClaimsExist` with `ExecuteActionsIf=\"false\"` before it");
        }
    }
}
