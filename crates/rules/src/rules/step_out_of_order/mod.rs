use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "step-out-of-order",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for steps in policy.document().elements().filter(|it| it.name() == "OrchestrationSteps") {
        let orders = steps.children_named("OrchestrationStep").filter_map(|it| it.attribute("Order"));
        let mut highest = i64::MIN;
        for order in orders {
            let Ok(number) = order.value().trim().parse::<i64>() else { continue };
            if number < highest {
                findings
                    .report(order.value_span(), format!("step {number} is written after step {highest}"))
                    .label("runs earlier than the steps above it")
                    .help("move the step up: steps run by `Order`, not by their place in the file");
            }
            highest = highest.max(number);
        }
    }
}
