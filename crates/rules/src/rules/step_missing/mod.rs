use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, NodeRef, Policy};

pub static RULE: Rule = Rule {
    code: "step-missing",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// A base that is missing may hold the steps.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    if !policy.is_complete() {
        return;
    }
    for kind in [Kind::UserJourney, Kind::SubJourney] {
        policy.own(kind).for_each(|it| check_journey(it.as_ref(), findings));
    }
}

fn check_journey(journey: NodeRef<'_>, findings: &mut Findings<'_>) {
    let id = journey.attribute("Id").map_or("", |it| it.value);
    let mut steps: Vec<_> = journey
        .items("OrchestrationSteps", "OrchestrationStep")
        .filter_map(|it| it.attribute("Order"))
        .filter_map(|order| Some((order.value.trim().parse::<i64>().ok()?, order.span)))
        .collect();
    steps.sort_by_key(|it| it.0);
    let mut expected = 1;
    for (order, span) in steps {
        if order < 1 {
            let message = format!("journey `{id}` has a step with `Order` {order}: steps are numbered from 1");
            findings
                .report(span, message)
                .label("not a step number")
                .help("number the steps 1, 2, 3 … without a gap")
                .refused();
            return;
        }
        if order > expected {
            let message = format!("journey `{id}` has no step {expected}: after merging, the next step is {order}");
            findings
                .report(span, message)
                .label(format!("step {expected} was expected"))
                .help("number the steps 1, 2, 3 … without a gap; they are counted after merging with the base policies")
                .refused_as("step-missing", &[("journey", id), ("step", &expected.to_string())]);
            return;
        }
        expected = order + 1;
    }
}
