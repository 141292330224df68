use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy, Text};

pub static RULE: Rule = Rule {
    code: "include-cycle",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for node in policy.own(Kind::TechnicalProfile) {
        let Some(id) = node.as_ref().attribute("Id") else { continue };
        let Some(first) = included(policy, id.value) else { continue };
        if let Some(between) = way_back(policy, id.value, first) {
            let message = match between {
                0 => format!("`{}` includes itself", id.value),
                _ => format!("`{}` includes itself, by way of `{}`", id.value, first.value),
            };
            findings
                .report(first.span, message)
                .label("leads back to this profile")
                .help("remove one of the `IncludeTechnicalProfile` of the circle");
        }
    }
}

fn included<'p>(policy: &'p Policy, id: &str) -> Option<Text<'p>> {
    policy.get(Kind::TechnicalProfile, id)?.as_ref().child("IncludeTechnicalProfile")?.attribute("ReferenceId")
}

/// How many profiles lie between a profile and itself; `None` when the way of inclusions doesn't lead back.
fn way_back(policy: &Policy, id: &str, first: Text<'_>) -> Option<usize> {
    let mut seen: Vec<String> = Vec::new();
    let mut next = first.value.to_lowercase();
    let id = id.to_lowercase();
    while !seen.contains(&next) {
        if next == id {
            return Some(seen.len());
        }
        let after = included(policy, &next)?.value.to_lowercase();
        seen.push(std::mem::replace(&mut next, after));
    }
    None
}
