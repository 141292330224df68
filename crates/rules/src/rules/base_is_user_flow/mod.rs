use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, is_user_flow};

pub static RULE: Rule = Rule {
    code: "base-is-user-flow",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if let Some(base) = policy.base_policy_id().filter(|it| is_user_flow(it.value)) {
        findings
            .report(base.span, format!("base policy `{}` is a user flow, and no custom policy may derive from one", base.value))
            .label("a user flow, not a custom policy")
            .help("derive from a custom policy (`B2C_1A_…`), such as one of a starter pack")
            .refused_as("base-not-derivable", &[("rule", "All"), ("reason", "the base policy is a user flow")]);
    }
}
