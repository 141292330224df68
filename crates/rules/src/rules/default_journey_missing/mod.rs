use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "default-journey-missing",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let own = policy.document().root().and_then(|it| it.child("RelyingParty"));
    let Some(own) = own.filter(|_| policy.is_complete()) else { return };
    if policy.relying_party().is_some_and(|it| it.default_user_journey().is_none()) {
        findings
            .report(own.start_tag(), "the relying party has no `DefaultUserJourney`, and no base policy has one")
            .label("no request can succeed (AADB2C90031)")
            .help("name a user journey in `DefaultUserJourney`");
    }
}
