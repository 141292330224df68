use crate::rules::claim_rows::{ClaimRow, Profiles, resolver_defaults, rows};
use crate::rules::client_credentials::{journey_of, profiles_of};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_builtins::resolvers::{
    JourneyKind, Namespace, Place, PlaceNote, PlaceRule, Resolver, ResolverSpec, parse,
};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_model::{Element, Policy};

pub static RULE: Rule = Rule {
    code: "resolver-wrong-place",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    for (row, default, resolver) in resolver_defaults(policy) {
        let Resolver::Claim { spec, .. } = resolver else { continue };
        if let Some(why) = why_not(policy, &mut profiles, row, spec) {
            report(default.value(), default.value_span(), why, findings);
        }
    }
    for row in rows(policy) {
        check_partner(&mut profiles, row, findings);
        check_embedded(row, findings);
    }
    policy.document().elements().for_each(|it| check_text(it, findings));
    check_client_credentials(policy, findings);
}

fn report(text: &str, span: Span, why: &str, findings: &mut Findings<'_>) {
    let message = format!("claim resolver `{text}` does not work here");
    findings
        .report(span, message)
        .label(why)
        .help("the page of the rule tells where resolvers work: `wayfarer explain resolver-wrong-place`");
}

/// Why the resolver has no value in the row's default; what stands in another rule is not told here.
fn why_not<'p>(
    policy: &Policy,
    profiles: &mut Profiles<'p>,
    row: ClaimRow<'p>,
    spec: &ResolverSpec,
) -> Option<&'static str> {
    if spec.place == PlaceNote::PartnerClaimType {
        return None;
    }
    match (profiles.kind(row), row.place()) {
        (_, Place::PersistedClaim) => Some("a `PersistedClaim` takes the text as it is written"),
        (_, Place::RelyingPartyOutput) if spec.namespace == Namespace::Saml && !is_saml(policy) => {
            Some("only a SAML request has it, and this relying party is asked by OpenID Connect")
        }
        (ProfileKind::Restful | ProfileKind::ApplicationInsights, Place::OutputClaim) => {
            Some("the documentation has resolvers only in the input claims of such a profile")
        }
        (ProfileKind::SamlIdentityProvider, Place::InputClaim) => {
            Some("the documentation has resolvers only in the output claims of such a profile")
        }
        (ProfileKind::SelfAsserted, _) if spec.journeys == [JourneyKind::Password] => {
            Some("only the password grant has it, which shows no page")
        }
        _ => None,
    }
}

fn is_saml(policy: &Policy) -> bool {
    let profile = policy.relying_party().and_then(|it| it.technical_profile());
    profile.is_some_and(|it| it.protocol().is_some_and(|it| it.name.value == "SAML2"))
}

/// As the name outside, only what an identity provider answers is looked up.
fn check_partner<'p>(profiles: &mut Profiles<'p>, row: ClaimRow<'p>, findings: &mut Findings<'_>) {
    let Some(partner) = row.element.attribute("PartnerClaimType") else { return };
    let Resolver::Claim { spec, .. } = parse(partner.value()) else { return };
    // What a profile without a protocol is, a base that is not there may say.
    if *profiles.kind(row) == ProfileKind::Undeclared && !row.is_of_relying_party() {
        return;
    }
    let is_of_provider = spec.place == PlaceNote::PartnerClaimType && row.element.name() == "OutputClaim";
    if !is_of_provider || profiles.place_rule(row, Place::PartnerClaimType) != PlaceRule::ResolvesTokenResponse {
        let why =
            "a name outside; only `{oauth2:…}` is looked up, in output claims of OAuth 2 and OpenID Connect providers";
        report(partner.value(), partner.value_span(), why, findings);
    }
}

/// A default is one resolver, or text.
fn check_embedded(row: ClaimRow<'_>, findings: &mut Findings<'_>) {
    let Some(default) = row.default().filter(|it| matches!(parse(it.value()), Resolver::Literal(_))) else { return };
    if let Some(text) = embedded(default.value()) {
        report(&text, default.value_span(), "with other text around it, it stays as it is written", findings);
    }
}

/// The first resolver in a text.
fn embedded(text: &str) -> Option<String> {
    let pieces = text.split('{').skip(1).filter_map(|it| it.split_once('}'));
    pieces.map(|(inner, _)| format!("{{{inner}}}")).find(|it| matches!(parse(it), Resolver::Claim { .. }))
}

/// Values that are compared or handed over as they are written.
fn check_text(element: Element<'_>, findings: &mut Findings<'_>) {
    let (text, span, why) = match element.name() {
        "InputParameter" => {
            let Some(value) = element.attribute("Value") else { return };
            (value.value(), value.value_span(), "a claims transformation gets the text as it is written")
        }
        "Value" if element.parent().is_some_and(|it| it.name() == "Precondition") => {
            let Some(span) = element.text_span() else { return };
            (element.text().trim(), span, "a precondition compares with the text as it is written")
        }
        _ => return,
    };
    if let Resolver::Claim { .. } = parse(text) {
        report(text, span, why, findings);
    }
}

/// In the journey of the client credentials grant there is no user, and no request of theirs.
fn check_client_credentials(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(journey) = journey_of(policy) else { return };
    for profile in journey.steps().iter().flat_map(|it| profiles_of(policy, it)) {
        for row in profile.input_claims().chain(profile.output_claims()) {
            let Some(default) = row.default_value() else { continue };
            let Resolver::Claim { spec, .. } = parse(default.value) else { continue };
            if !spec.journeys.contains(&JourneyKind::ClientCredentials) && spec.place == PlaceNote::Anywhere {
                let why = "empty in the client credentials grant: its request has no such parameter";
                report(default.value, default.span, why, findings);
            }
        }
    }
}
