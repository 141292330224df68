use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "policyid-without-prefix",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const PREFIX: &str = "B2C_1A_";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(id) = policy.root_attribute("PolicyId") else { return };
    // Ids compare without case, so the prefix does too. An id with a setting in it is known after the build.
    let has_prefix = id.value.get(..PREFIX.len()).is_some_and(|it| it.eq_ignore_ascii_case(PREFIX));
    if has_prefix || id.value.is_empty() || id.value.contains('{') {
        return;
    }
    let rest = id.value.get(..6).filter(|it| it.eq_ignore_ascii_case("B2C_1_")).map_or(id.value, |it| &id.value[it.len()..]);
    findings
        .report(id.span, format!("the policy id `{}` does not start with `{PREFIX}`", id.value))
        .label(format!("`{PREFIX}` was expected"))
        .help(format!("call it `{PREFIX}{rest}`, and name it so in the `BasePolicy` of the policies that derive from it"))
        .refused();
}
