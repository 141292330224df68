use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "collection-from-identity-provider",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for profile in profile_items::profiles(policy) {
        let protocol = profile.child("Protocol").and_then(|it| it.attribute("Name")).map_or("", |it| it.value());
        // The profile that checks a password is no identity provider, and what issues tokens gets none.
        if !matches!(protocol, "OpenIdConnect" | "OAuth2") || profile.child("OutputTokenFormat").is_some() {
            continue;
        }
        let id = profile.attribute("Id").map_or("", |it| it.value());
        for row in profile.children_named("OutputClaims").flat_map(|it| it.children_named("OutputClaim")) {
            let Some(name) = row.attribute("ClaimTypeReferenceId") else { continue };
            let Some(claim_type) = policy.claim_type(name.value()) else { continue };
            if claim_type.data_type() == Some(DataType::StringCollection) && row.attribute("DefaultValue").is_none() {
                findings
                    .report(name.value_span(), format!("`{}` of `{id}` is a collection", claim_type.id()))
                    .label("fails where the identity provider sends one value instead of an array")
                    .help("make sure that the provider always sends an array");
            }
        }
    }
}
