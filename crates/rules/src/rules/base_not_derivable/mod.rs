use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;
use wayfarer_model::Element;

pub static RULE: Rule = Rule {
    code: "base-not-derivable",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// A `ConstraintHandler` is code of the service, so what it decides is not known here.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let (Some(base), Some(name)) = (policy.base(), policy.base_policy_id()) else { return };
    let constraint = base.document().root().and_then(|it| it.child("PolicyConstraints")?.child("Inheritance"));
    let Some((constraint, rule)) = constraint.and_then(|it| Some((it, it.attribute("DerivingPolicies")?))) else { return };
    if let Some(reason) = refusal(policy, base, constraint, rule.value()) {
        findings
            .report(name.span, format!("`{}` does not let this policy derive from it: {reason}", name.value))
            .label(format!("allows deriving by `{}`", rule.value()))
            .help("derive from another policy, or change `PolicyConstraints` there")
            .related(rule.value_span(), "the constraint")
            .refused_as("base-not-derivable", &[("rule", rule.value()), ("reason", reason)]);
    }
}

/// Why the constraint forbids it. What can't be told without knowing the tenants is not held against the policy.
fn refusal(policy: &Policy, base: &Policy, constraint: Element<'_>, rule: &str) -> Option<&'static str> {
    let text = |policy: &Policy, name| policy.root_attribute(name).map(|it| it.value.trim().to_lowercase());
    match rule {
        "SameTenant" => {
            let (own, theirs) = (text(policy, "TenantId")?, text(base, "TenantId")?);
            (own != theirs).then_some("its tenant is another one")
        }
        "AllowList" | "DenyList" => {
            let own = text(policy, "TenantObjectId")?;
            let mut tenants = constraint.children_named("Tenants").flat_map(|it| it.children_named("Tenant"));
            let listed = tenants.any(|it| it.attribute("ReferenceId").is_some_and(|it| it.value().to_lowercase() == own));
            match (rule, listed) {
                ("AllowList", false) => Some("this tenant is not on its list"),
                ("DenyList", true) => Some("this tenant is on its list"),
                _ => None,
            }
        }
        _ => None,
    }
}
