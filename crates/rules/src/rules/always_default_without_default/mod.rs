use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "always-default-without-default",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for element in policy.document().elements() {
        let Some(always) = element.attribute("AlwaysUseDefaultValue") else { continue };
        if matches!(always.value().trim(), "true" | "1") && element.attribute("DefaultValue").is_none() {
            let claim = element.attribute("ClaimTypeReferenceId").map_or("", |it| it.value());
            findings
                .report(always.span(), format!("`{claim}` is to have its default always, and has no `DefaultValue`"))
                .label("without effect")
                .help("add the `DefaultValue`, or remove the attribute");
        }
    }
}
