use crate::rules::{journey_copies, overrides};
use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy};
use wayfarer_model::Element;

pub static RULE: Rule = Rule {
    code: "override-changes-step-type",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for kind in [Kind::UserJourney, Kind::SubJourney] {
        for (journey, before) in overrides::of(policy, kind) {
            // Of a journey that was copied whole, `journey-copied-under-same-id` says what happened.
            if journey_copies::first_moved(journey, before).is_none() {
                check_journey(journey, before, findings);
            }
        }
    }
}

fn check_journey(journey: Element<'_>, before: NodeRef<'_>, findings: &mut Findings<'_>) {
    let earlier: HashMap<&str, NodeRef<'_>> = journey_copies::steps_before(before).collect();
    for (order, step) in journey_copies::steps(journey) {
        let types = earlier.get(order).and_then(|it| Some((step.attribute("Type")?, it.attribute("Type")?)));
        let Some((now, was)) = types.filter(|(now, was)| now.value() != was.value) else { continue };
        let id = journey.attribute("Id").map_or("", |it| it.value());
        let message = format!("step {order} of `{id}` is `{}` in a base policy and becomes `{}`", was.value, now.value());
        findings
            .report(now.value_span(), message)
            .label("what the base policy says of this step otherwise stays in place")
            .help("give the journey an id of its own if the steps were meant to move, or add the step behind the last one")
            .related(was.span, "inherited until here");
    }
}
