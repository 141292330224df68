use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "issuer-misfits-protocol",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    let Some(profile) = relying_party.technical_profile() else { return };
    let Some(protocol) = profile.protocol().map(|it| it.name) else { return };
    let Some(journey) = relying_party.default_user_journey().and_then(|it| policy.user_journey(it.value)) else { return };
    let steps = journey.steps();
    let sending: Vec<_> = steps.iter().filter(|it| it.step_type() == Some(StepType::SendClaims)).collect();
    let issuers = sending.iter().filter_map(|it| it.issuer().or_else(|| journey.default_issuer()));
    let formats: Vec<_> = issuers
        .filter_map(|name| {
            let format = policy.technical_profile(name.value)?.output_token_format()?.value.trim().to_owned();
            Some((name, format))
        })
        .collect();
    let fits = |format: &str| match protocol.value {
        "OpenIdConnect" => format != "SAML2",
        "SAML2" => format != "JWT",
        _ => true,
    };
    // An issuer of errors may stand beside; what counts is whether any answer fits.
    if let Some((name, format)) = formats.first().filter(|_| !formats.iter().any(|(_, it)| fits(it))) {
        findings
            .report(protocol.span, format!("the relying party speaks `{}`, and `{}` issues {format}", protocol.value, name.value))
            .label("the app gets no answer that it understands")
            .help("name a journey that ends with an issuer of this protocol")
            .related(name.span, "the issuer of the default journey");
    }
}
