use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "rp-subject-unmapped",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = policy.relying_party().filter(|_| policy.is_complete()) else { return };
    let Some((subject, profile)) = relying_party.subject_claim_type().zip(relying_party.technical_profile()) else {
        return;
    };
    let protocol = profile.protocol().map_or("OpenIdConnect", |it| it.name.value);
    let mut candidate = None;
    for row in profile.output_claims() {
        if policy.external_name(&row, protocol).0 == subject.value {
            return;
        }
        if row.claim_type.value.eq_ignore_ascii_case(subject.value) || row.claim_type.value == "objectId" {
            candidate = Some(row.claim_type);
        }
    }
    let message = format!("no output claim is called `{}` in the token, and it is to be the subject", subject.value);
    let diagnostic = findings.report(subject.span, message);
    diagnostic
        .label("not the `PartnerClaimType` of an output claim")
        .help(format!("give the claim that identifies the user `PartnerClaimType=\"{}\"`", subject.value));
    if let Some(row) = candidate {
        diagnostic.related(row.span, "probably this one");
    }
}
