use crate::rules::client_credentials::journey_of;
use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "client-credentials-subject",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    let Some(journey) = journey_of(policy) else { return };
    let Some(profile) = relying_party.technical_profile() else { return };
    for row in profile.output_claims() {
        let Some(name) = row.partner().filter(|it| it.value == "sub") else { continue };
        findings
            .report(name.span, format!("`{}` is mapped to `sub`", row.claim_type.value))
            .label("in the client credentials grant, `sub` is the service principal of the app")
            .help("let apps tell by `sub` who called only where a user signed in")
            .related(journey.span(), "the journey of this grant");
    }
}
