use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy, TechnicalProfile};

pub static RULE: Rule = Rule {
    code: "unresolved-metadata-journey",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// The metadata items of a token issuer that name a user journey.
const ITEMS: [&str; 2] = [wayfarer_model::CLIENT_CREDENTIALS_JOURNEY, "RefreshTokenUserJourneyId"];

/// Only policies that can be requested count: a base may leave the journey to its extensions.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if policy.relying_party().is_none() || !policy.is_complete() {
        return;
    }
    for node in policy.all(Kind::TechnicalProfile) {
        let id = node.as_ref().attribute("Id").map_or("", |it| it.value);
        if let Some(profile) = policy.technical_profile(id) {
            check_profile(policy, &profile, findings);
        }
    }
}

fn check_profile(policy: &Policy, profile: &TechnicalProfile, findings: &mut Findings<'_>) {
    // An empty item names no journey: the grant then has its built-in behaviour.
    for item in profile.metadata_items().filter(|it| ITEMS.contains(&it.key.value) && !it.value.value.is_empty()) {
        if policy.get(Kind::UserJourney, item.value.value).is_some() {
            continue;
        }
        let message = format!("`{}` names `{}`, and there is no such user journey", item.key.value, item.value.value);
        let diagnostic = findings.report(item.value.span, message);
        diagnostic.label("no `UserJourney` of this policy or its base policies has this id");
        match policy.closest(Kind::UserJourney, item.value.value) {
            Some(close) => {
                diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            }
            None => {
                diagnostic.help("declare the user journey, or correct the name");
            }
        }
    }
}
