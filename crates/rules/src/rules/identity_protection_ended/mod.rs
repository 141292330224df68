use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "identity-protection-ended",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for profile in profile_items::profiles(policy) {
        let Some(handler) = profile.child("Protocol").and_then(|it| it.attribute("Handler")) else { continue };
        if handler.value().contains("ConditionalAccessProtocolProvider") {
            let id = profile.attribute("Id").map_or("", |it| it.value());
            findings
                .report(handler.value_span(), format!("`{id}` uses Conditional Access, which Azure AD B2C no longer has"))
                .label("needs Premium P2, which ended on 2026-03-15")
                .help("take the steps that call this profile out of the journeys");
        }
    }
}
