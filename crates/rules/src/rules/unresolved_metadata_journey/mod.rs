use crate::rules::typo;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy, Text};

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
    policy.all(Kind::TechnicalProfile).into_iter().for_each(|it| check_profile(policy, it.as_ref(), findings));
}

/// Looks at what each profile writes itself: an item that it includes is reported where it stands.
fn check_profile(policy: &Policy, profile: NodeRef<'_>, findings: &mut Findings<'_>) {
    for item in profile.items("Metadata", "Item") {
        let Some(key) = item.attribute("Key").filter(|it| ITEMS.contains(&it.value)) else { continue };
        let (name, span) = (item.text().value.trim(), item.text().span);
        // An empty item names no journey: the grant then has its built-in behaviour.
        if name.is_empty() || policy.get(Kind::UserJourney, name).is_some() {
            continue;
        }
        report(policy, key.value, Text { value: name, span }, findings);
    }
}

fn report(policy: &Policy, key: &str, name: Text<'_>, findings: &mut Findings<'_>) {
    let message = format!("`{key}` names `{}`, and there is no such user journey", name.value);
    let diagnostic = findings.report(name.span, message);
    diagnostic.label("no `UserJourney` of this policy or its base policies has this id");
    match policy.closest(Kind::UserJourney, name.value) {
        Some(close) => {
            diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            diagnostic.fix = typo::fix_id(policy, Kind::UserJourney, name);
        }
        None => {
            diagnostic.help("declare the user journey, or correct the name");
        }
    }
}
