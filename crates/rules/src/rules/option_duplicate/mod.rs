use crate::rules::options;
use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "option-duplicate",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (id, _, options) in options::lists(policy) {
        let mut first = HashMap::new();
        for value in options.iter().filter_map(|it| it.attribute("Value")) {
            if let Some(earlier) = first.insert(value.value, value.span) {
                findings
                    .report(value.span, format!("two options of `{id}` have the value `{}`", value.value))
                    .label("nobody can tell which of them was selected")
                    .help("give each option a value of its own")
                    .related(earlier, "the same value");
            }
        }
    }
}
