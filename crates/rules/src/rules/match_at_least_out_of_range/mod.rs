use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "match-at-least-out-of-range",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for references in policy.document().elements().filter(|it| it.name() == "PredicateReferences") {
        let Some(needed) = references.attribute("MatchAtLeast") else { continue };
        let Ok(number) = needed.value().trim().parse::<i64>() else { continue };
        let all = references.children_named("PredicateReference").count();
        let label = match usize::try_from(number) {
            Ok(1..) if number <= i64::try_from(all).unwrap_or(i64::MAX) => continue,
            Ok(1..) => "no value can satisfy the group",
            _ => "every value would satisfy the group",
        };
        findings
            .report(needed.value_span(), format!("`MatchAtLeast` is {number}, and the group has {all} predicates"))
            .label(label)
            .help(format!("write a number from 1 to {all}, or leave it out: then all must hold"));
    }
}
