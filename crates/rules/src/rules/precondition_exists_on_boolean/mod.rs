use crate::{Findings, Phase, Rule};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-exists-on-boolean",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(policy: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    for step in &flow.steps {
        // What it does when the claim exists is all that it ever does.
        let decided = step.preconditions.iter().filter(|it| match it.execute_actions_if {
            true => it.skips && !it.passes,
            false => it.passes && !it.skips,
        });
        for precondition in decided.filter(|it| it.asks_existence) {
            let data_type = policy.claim_type(&precondition.claim).and_then(|it| it.data_type());
            if data_type != Some(DataType::Boolean) {
                continue;
            }
            let message = format!(
                "`{}` always exists at step {} of `{}`, true or false",
                precondition.claim, step.order, flow.journey
            );
            findings
                .report(precondition.span, message)
                .label("asks whether it has a value, not whether it is true")
                .help("use `ClaimEquals` with the claim and `True` or `False`");
        }
    }
}
