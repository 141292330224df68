use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "base-tenant-differs",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(own) = policy.root_attribute("TenantId") else { return };
    let base = policy.document().root().and_then(|it| it.child("BasePolicy")?.child("TenantId"));
    let Some((base, span)) = base.and_then(|it| Some((it.text().trim(), it.text_span()?))) else { return };
    // A setting may stand for the same tenant: the built text decides.
    let is_open = [own.value, base].iter().any(|it| it.trim().is_empty() || it.contains('{'));
    if !is_open && !own.value.trim().eq_ignore_ascii_case(base) {
        let message = format!("the base policy is looked for in tenant `{base}`, and this policy belongs to `{}`", own.value);
        findings
            .report(span, message)
            .label("another tenant than this policy's")
            .help("write the same tenant in both places")
            .related(own.span, "this policy's tenant")
            .refused_as("tenant-of-session", &[("name", base), ("tenant", base)]);
    }
}
