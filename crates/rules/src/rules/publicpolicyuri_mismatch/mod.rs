use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Fix, Severity};
use wayfarer_model::{Place, Policy, escaped};

pub static RULE: Rule = Rule {
    code: "publicpolicyuri-mismatch",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let attributes = ["PublicPolicyUri", "TenantId", "PolicyId"].map(|it| policy.root_attribute(it));
    let [Some(uri), Some(tenant), Some(id)] = attributes else { return };
    let texts = [uri.value, tenant.value, id.value].map(str::trim);
    if texts.iter().any(|it| it.is_empty() || it.contains('{')) {
        return;
    }
    let without_scheme = texts[0].split_once("://").map_or(texts[0], |it| it.1).trim_end_matches('/');
    let expected = format!("{}/{}", texts[1], texts[2]);
    if !without_scheme.eq_ignore_ascii_case(&expected) {
        let meant = format!("http://{expected}");
        let fix = Fix::safe(format!("write `{meant}`")).replace(uri.span, escaped(&meant, Place::Attribute));
        findings
            .report(uri.span, format!("`PublicPolicyUri` is `{}`, which names another policy or tenant", uri.value))
            .label("made of `TenantId` and `PolicyId` by convention")
            .help(format!("write `{meant}`"))
            .fix(fix.repeating(tenant.span).repeating(id.span));
    }
}
