use crate::rules::overrides;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "claimtype-retyped",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (element, before) in overrides::of(policy, Kind::ClaimType) {
        let Some((now, was)) = element.child("DataType").zip(before.child("DataType")) else { continue };
        let (new, old) = (now.text().trim(), was.text().value.trim());
        if new != old && !new.is_empty() && !old.is_empty() {
            let id = element.attribute("Id").map_or("", |it| it.value());
            findings
                .report(
                    now.text_span().unwrap_or_else(|| now.start_tag()),
                    format!("`{id}` is a `{old}` in a base policy and becomes a `{new}`"),
                )
                .label("what the base policies do with the claim expects the other type")
                .help("declare another claim type for the new meaning")
                .related(was.text().span, "declared here");
        }
    }
}
