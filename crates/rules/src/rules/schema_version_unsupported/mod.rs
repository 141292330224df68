use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Fix, Severity};
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "schema-version-unsupported",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// The only version that the service takes; that the attribute is there is the schema's business.
const VERSION: &str = "0.3.0.0";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if let Some(version) = policy.root_attribute("PolicySchemaVersion").filter(|it| it.value.trim() != VERSION) {
        findings
            .report(version.span, format!("the policy schema version is `{}`, not `{VERSION}`", version.value))
            .label("no version that the service knows")
            .help(format!("write `PolicySchemaVersion=\"{VERSION}\"`"))
            .fix(Fix::safe(format!("write `{VERSION}`")).replace(version.span, VERSION))
            .refused();
    }
}
