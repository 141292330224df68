use crate::rules::{requested, typo};
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy, Text};

pub static RULE: Rule = Rule {
    code: "unresolved-metadata-claim",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// Keys that name a claim type, in any profile. Those of REST profiles must even be input claims: `bearer-claim-absent`
/// and `rest-payload-claim`. `IpAddressClaimReferenceId` isn't here: the starter packs name a claim that they don't
/// declare, and the service takes them.
const KEYS: [&str; 2] = ["ClaimTypeOnWhichToEnable", "external_user_identity_claim_id"];
/// The claim that codes and refresh tokens are about.
const IDENTITY: &str = "issuer_refresh_token_user_identity_claim_type";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for item in requested::elements(policy).filter(|it| it.name() == "Item") {
        let Some(key) = item.attribute("Key").filter(|it| KEYS.contains(&it.value())) else { continue };
        if let Some(span) = item.text_span() {
            check_name(policy, key.value(), Text { value: item.text().trim(), span }, findings);
        }
    }
    check_issuer(policy, findings);
}

/// Only where users sign in: a client credentials token is about no user, and there is no refresh token.
fn check_issuer(policy: &Policy, findings: &mut Findings<'_>) {
    if policy.relying_party().is_some()
        && policy.is_complete()
        && let Some(issuer) = policy.token_issuer().filter(|it| it.client_credentials_journey().is_none())
        && let Some(name) = issuer.metadata(IDENTITY)
    {
        check_name(policy, IDENTITY, name, findings);
    }
}

fn check_name(policy: &Policy, key: &str, name: Text<'_>, findings: &mut Findings<'_>) {
    if name.value.is_empty() || name.value.contains('{') || policy.get(Kind::ClaimType, name.value).is_some() {
        return;
    }
    let message = format!("`{key}` names `{}`, and no `ClaimType` declares it", name.value);
    let diagnostic = findings.report(name.span, message);
    diagnostic.label("not declared in this policy or its base policies");
    match policy.closest(Kind::ClaimType, name.value) {
        Some(close) => {
            diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            diagnostic.fix = typo::fix_id(policy, Kind::ClaimType, name);
        }
        None => {
            diagnostic.help("declare a `ClaimType` with this id, or correct the name");
        }
    }
}
