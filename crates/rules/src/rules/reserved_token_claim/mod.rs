use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, TechnicalProfile};

pub static RULE: Rule = Rule {
    code: "reserved-token-claim",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const RESERVED: [&str; 9] = ["iss", "aud", "exp", "nbf", "iat", "ver", "acr", "azp", "tfp"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(profile) = relying_parties::own(policy).and_then(|it| it.technical_profile()) else { return };
    if !is_openid_connect(&profile) {
        return;
    }
    for row in profile.output_claims() {
        let name = row.partner().unwrap_or(row.claim_type);
        if !RESERVED.contains(&name.value) || is_policy_name(name.value, row.claim_type.value) {
            continue;
        }
        findings
            .report(name.span, format!("`{}` would be `{}` in the token, which the service sets itself", row.claim_type.value, name.value))
            .label("a claim of the protocol")
            .help("give the claim another `PartnerClaimType`");
    }
}

fn is_openid_connect(profile: &TechnicalProfile) -> bool {
    profile.protocol().is_none_or(|it| it.name.value == "OpenIdConnect")
}

/// `tfp` and `acr` of the policy's name are how the documentation has it sent.
fn is_policy_name(name: &str, claim: &str) -> bool {
    matches!(name, "tfp" | "acr") && claim.eq_ignore_ascii_case("trustFrameworkPolicy")
}
