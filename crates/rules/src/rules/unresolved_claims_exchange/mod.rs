use crate::rules::typo;
use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use std::collections::BTreeMap;
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{ClaimsExchange, NodeRef, OrchestrationStep, Policy, Text, UserJourney};

pub static RULE: Rule = Rule {
    code: "unresolved-claims-exchange",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::requested(policy) {
        let steps = journey.steps();
        let exchanges: Vec<Exchanges<'_>> = steps.iter().map(exchanges_of).collect();
        let nothing = Exchanges::new();
        for (at, step) in steps.iter().enumerate() {
            let (own, next) = (&exchanges[at], exchanges.get(at + 1).unwrap_or(&nothing));
            Selection { policy, journey: &journey, step, own, next }.check(findings);
        }
    }
}

/// The claims exchanges of a step, by id in lower case.
type Exchanges<'a> = BTreeMap<String, ClaimsExchange<'a>>;

fn exchanges_of<'a>(step: &OrchestrationStep<'a>) -> Exchanges<'a> {
    step.claims_exchanges().map(|it| (it.id.value.to_lowercase(), it)).collect()
}

fn contains(exchanges: &Exchanges<'_>, id: &str) -> bool {
    exchanges.contains_key(&id.to_lowercase())
}

/// A step on which the user picks, and what can be picked there and in the next step.
struct Selection<'a> {
    policy: &'a Policy,
    journey: &'a UserJourney,
    step: &'a OrchestrationStep<'a>,
    own: &'a Exchanges<'a>,
    next: &'a Exchanges<'a>,
}

impl Selection<'_> {
    fn check(&self, findings: &mut Findings<'_>) {
        let rows: Vec<NodeRef<'_>> =
            self.step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection").collect();
        let broken: Vec<(Text<'_>, bool)> = rows
            .iter()
            .filter_map(|row| match row.attribute("TargetClaimsExchangeId") {
                Some(target) => (!contains(self.next, target.value)).then_some((target, true)),
                None => {
                    let validation = row.attribute("ValidationClaimsExchangeId")?;
                    (!contains(self.own, validation.value)).then_some((validation, false))
                }
            })
            .collect();
        // Nothing that can be picked works, and the step always comes: no run gets past it.
        let is_dead_end = broken.len() == rows.len() && self.step.preconditions().next().is_none();
        let level = if is_dead_end { Severity::Error } else { Severity::Warning };
        for (name, is_target) in broken {
            let (place, there) = if is_target { ("the next step", self.next) } else { ("this step", self.own) };
            self.report(level, name, place, there, findings);
        }
        for row in rows.iter().filter_map(|it| it.attribute("ValidationClaimsExchangeId")) {
            self.check_sign_in(row, findings);
        }
    }

    fn report(&self, level: Severity, name: Text<'_>, place: &str, there: &Exchanges<'_>, findings: &mut Findings<'_>) {
        let id = self.journey.id();
        let message = format!("the selection names claims exchange `{}`, and {place} of `{id}` has none of this id", name.value);
        let diagnostic = findings.report_as(level, name.span, message);
        diagnostic.label(format!("not in {place}"));
        let meant = || there.values().map(|it| it.id.value);
        diagnostic.fix = typo::fix(self.policy, name, meant());
        match closest(name.value, meant()) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help(format!("add a `ClaimsExchange` of this id to {place}, or correct the name")),
        };
    }

    /// Links of the sign-in page: told at the journey that uses the page without what they lead to.
    fn check_sign_in(&self, validation: Text<'_>, findings: &mut Findings<'_>) {
        let exchange = self.own.get(&validation.value.to_lowercase());
        let Some(profile) = exchange.and_then(|it| self.policy.technical_profile(it.technical_profile.value)) else { return };
        let is_off = |key: &str| profile.metadata(key).is_some_and(|it| it.value.eq_ignore_ascii_case("false"));
        for key in journeys::TARGETS {
            let Some(targets) = profile.metadata(key) else { continue };
            if key == "SignUpTarget" && is_off("setting.showSignupLink") {
                continue;
            }
            for target in targets.value.split(',').map(str::trim).filter(|it| !it.is_empty() && !contains(self.next, it)) {
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
