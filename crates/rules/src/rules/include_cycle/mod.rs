use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy, Text};

pub static RULE: Rule = Rule {
    code: "include-cycle",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    // Each profile includes one at most, so every way is walked once, until it ends or comes to a profile seen before.
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut walked = 0;
    for node in policy.own(Kind::TechnicalProfile) {
        let start = walked;
        let mut next = node.as_ref().attribute("Id");
        while let Some(id) = next {
            let key = id.value.to_lowercase();
            if seen.get(&key).is_some_and(|it| *it >= start) {
                report_circle(policy, id, findings);
            }
            if seen.contains_key(&key) {
                break;
            }
            seen.insert(key, walked);
            walked += 1;
            next = included(policy, id.value);
        }
    }
}

/// Every profile of the circle that this file writes.
fn report_circle(policy: &Policy, start: Text<'_>, findings: &mut Findings<'_>) {
    let mut at = start;
    while let Some(next) = included(policy, at.value) {
        let id = at.value;
        let message = match id.eq_ignore_ascii_case(next.value) {
            true => format!("`{}` includes itself", next.value),
            false => format!("`{id}` includes itself, by way of `{}`", next.value),
        };
        if next.span.file == policy.file() {
            findings
                .report(next.span, message)
                .label("leads back to this profile")
                .help("remove one of the `IncludeTechnicalProfile` of the circle");
        }
        at = next;
        if at.value.eq_ignore_ascii_case(start.value) {
            break;
        }
    }
}

fn included<'p>(policy: &'p Policy, id: &str) -> Option<Text<'p>> {
    policy.get(Kind::TechnicalProfile, id)?.as_ref().child("IncludeTechnicalProfile")?.attribute("ReferenceId")
}
