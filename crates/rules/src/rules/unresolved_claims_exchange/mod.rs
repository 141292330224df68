use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Kind, NodeRef, OrchestrationStep, Policy, Text, UserJourney};

pub static RULE: Rule = Rule {
    code: "unresolved-claims-exchange",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// Metadata of the sign-in profile that leads to an exchange of the next step.
const TARGETS: [&str; 3] =
    ["SignUpTarget", "setting.forgotPasswordLinkOverride", "setting.bottomUnderFormClaimsProviderSelections"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if !policy.is_complete() {
        return;
    }
    for node in policy.own(Kind::UserJourney) {
        let id = node.as_ref().attribute("Id").map_or("", |it| it.value);
        if let Some(journey) = policy.user_journey(id) {
            let steps = journey.steps();
            for (at, step) in steps.iter().enumerate() {
                Selection { policy, journey: &journey, step, next: steps.get(at + 1) }.check(findings);
            }
        }
    }
}

/// A step on which the user picks, and the one in which the picked exchange runs.
struct Selection<'a> {
    policy: &'a Policy,
    journey: &'a UserJourney,
    step: &'a OrchestrationStep<'a>,
    next: Option<&'a OrchestrationStep<'a>>,
}

impl Selection<'_> {
    fn check(&self, findings: &mut Findings<'_>) {
        let rows: Vec<NodeRef<'_>> =
            self.step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection").collect();
        let next = exchanges(self.next);
        let own = exchanges(Some(self.step));
        let broken: Vec<(Text<'_>, bool)> = rows
            .iter()
            .filter_map(|row| match row.attribute("TargetClaimsExchangeId") {
                Some(target) => (!contains(&next, target.value)).then_some((target, true)),
                None => {
                    let validation = row.attribute("ValidationClaimsExchangeId")?;
                    (!contains(&own, validation.value)).then_some((validation, false))
                }
            })
            .collect();
        // Nothing that can be picked works, and the step always comes: no run gets past it.
        let is_dead_end = broken.len() == rows.len() && self.step.preconditions().next().is_none();
        let level = if is_dead_end { Severity::Error } else { Severity::Warning };
        for (name, is_target) in broken {
            let (place, there) = if is_target { ("the next step", &next) } else { ("this step", &own) };
            self.report(level, name, place, there, findings);
        }
        for row in rows.iter().filter_map(|it| it.attribute("ValidationClaimsExchangeId")) {
            self.check_sign_in(row, &next, findings);
        }
    }

    fn report(&self, level: Severity, name: Text<'_>, place: &str, there: &[Text<'_>], findings: &mut Findings<'_>) {
        let id = self.journey.id();
        let message = format!("the selection names claims exchange `{}`, and {place} of `{id}` has none of this id", name.value);
        let diagnostic = findings.report_as(level, name.span, message);
        diagnostic.label(format!("not in {place}"));
        let elsewhere = self.journey.steps().into_iter().find(|it| contains(&exchanges(Some(it)), name.value));
        let order = elsewhere.and_then(|it| Some(it.order()?.value.trim().to_owned()));
        match (closest(name.value, there.iter().map(|it| it.value)), order) {
            (Some(close), _) => diagnostic.help(format!("did you mean `{close}`?")),
            (None, Some(order)) => diagnostic.help(format!("it is in step {order}: move it to {place}")),
            (None, None) => diagnostic.help(format!("add a `ClaimsExchange` of this id to {place}")),
        };
    }

    /// Links of the sign-in page: told at the journey that uses the page without what they lead to.
    fn check_sign_in(&self, validation: Text<'_>, next: &[Text<'_>], findings: &mut Findings<'_>) {
        let mut own = self.step.claims_exchanges();
        let exchange = own.find(|it| it.id.value.eq_ignore_ascii_case(validation.value));
        let Some(profile) = exchange.and_then(|it| self.policy.technical_profile(it.technical_profile.value)) else { return };
        let is_off = |key: &str| profile.metadata(key).is_some_and(|it| it.value.eq_ignore_ascii_case("false"));
        for key in TARGETS {
            let Some(targets) = profile.metadata(key) else { continue };
            if key == "SignUpTarget" && is_off("setting.showSignupLink") {
                continue;
            }
            for target in targets.value.split(',').map(str::trim).filter(|it| !it.is_empty() && !contains(next, it)) {
                let message = format!(
                    "`{}` leads to claims exchange `{target}` by its `{key}`, and the next step of `{}` has none of this id",
                    profile.id(),
                    self.journey.id()
                );
                findings
                    .report(validation.span, message)
                    .label("the page of this profile has a link that leads nowhere")
                    .help(format!("add a `ClaimsExchange` `{target}` to the next step, or take the link off the page"))
                    .related(targets.span, "the link");
            }
        }
    }
}

fn exchanges<'a>(step: Option<&OrchestrationStep<'a>>) -> Vec<Text<'a>> {
    step.into_iter().flat_map(|it| it.claims_exchanges().map(|it| it.id).collect::<Vec<_>>()).collect()
}

fn contains(exchanges: &[Text<'_>], id: &str) -> bool {
    exchanges.iter().any(|it| it.value.eq_ignore_ascii_case(id))
}
