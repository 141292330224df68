use crate::rules::options;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "option-type-mismatch",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (id, claim_type, options) in options::lists(policy) {
        let Some(data_type) = claim_type.child("DataType").and_then(|it| DataType::from_name(it.text().value.trim()))
        else {
            continue;
        };
        for value in options.iter().filter_map(|it| it.attribute("Value")).filter(|it| !it.value.is_empty()) {
            if let Err(error) = Value::parse(data_type, value.value) {
                findings
                    .report(value.span, format!("an option of `{id}` is {error}"))
                    .label(format!("`{id}` is declared as {data_type}"))
                    .help("correct the value, or the claim type's `DataType`");
            }
        }
    }
}
