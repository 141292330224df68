use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "token-claim-collision",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(profile) = policy.relying_party().and_then(|it| it.technical_profile()) else { return };
    let protocol = profile.protocol().map_or("OpenIdConnect", |it| it.name.value);
    let mut first = HashMap::new();
    for row in profile.output_claims() {
        let claim = row.claim_type;
        let (name, _) = policy.external_name(&row, protocol);
        let place = row.partner().map_or(claim.span, |it| it.span);
        let message = format!("`{}` is named `{name}` in the token, as an earlier claim is", claim.value);
        if let Some(earlier) = first.insert(name, place) {
            findings
                .report(place, message)
                .label("of claims with one name the last that has a value is sent")
                .help("give each a `PartnerClaimType` of its own")
                .related(earlier, "the same name");
        }
    }
}
