use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "relying-party-profile-name",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(profile) = relying_parties::own(policy).and_then(|it| it.technical_profile()) else { return };
    if profile.id() != "PolicyProfile" {
        findings
            .report(profile.span(), format!("the technical profile of the relying party is called `{}`", profile.id()))
            .label("must be `PolicyProfile`")
            .help("write `Id=\"PolicyProfile\"`");
    }
}
