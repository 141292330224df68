use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "password-in-token",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(profile) = relying_parties::own(policy).and_then(|it| it.technical_profile()) else { return };
    for row in profile.output_claims() {
        let Some(claim_type) = policy.claim_type(row.claim_type.value).filter(|it| it.is_password()) else { continue };
        findings
            .report(row.claim_type.span, format!("`{}` is entered as a password, and goes into the token", claim_type.id()))
            .label("everybody who sees the token can read it")
            .help("take the claim out of the relying party's output claims")
            .related(claim_type.span(), "`UserInputType` is Password");
    }
}
