use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "development-mode",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if let Some(mode) = policy.root_attribute("DeploymentMode").filter(|it| matches!(it.value, "Development" | "Debugging")) {
        findings
            .report(mode.span, format!("the policy is deployed in `{}` mode", mode.value))
            .label("the logs hold every claim, personal data too")
            .help("remove the attribute, or set it to `Production`, before this file goes to a productive tenant");
    }
}
