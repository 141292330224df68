use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "relying-party-protocol",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(profile) = relying_parties::own(policy).and_then(|it| it.technical_profile()) else { return };
    let Some(name) = profile.protocol().map(|it| it.name) else { return };
    if !matches!(name.value, "OpenIdConnect" | "SAML2") {
        findings
            .report(name.span, format!("a relying party does not speak `{}`", name.value))
            .label("only `OpenIdConnect` and `SAML2` are documented")
            .help("write `OpenIdConnect`, which serves OAuth 2.0 too, or `SAML2`");
    }
}
