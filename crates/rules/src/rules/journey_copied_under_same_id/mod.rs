use crate::rules::{journey_copies, overrides};
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "journey-copied-under-same-id",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for kind in [Kind::UserJourney, Kind::SubJourney] {
        for (journey, before) in overrides::of(policy, kind) {
            let (Some(id), Some(moved)) = (journey.attribute("Id"), journey_copies::first_moved(journey, before)) else {
                continue;
            };
            let message = format!(
                "`{}` writes all steps of its base's journey again, and they don't match: `{}` is in step {} there",
                id.value(),
                moved.exchange.value(),
                moved.before_step
            );
            findings
                .report(id.value_span(), message)
                .label("merged with the base policy's journey, step by step")
                .help("give the copy an id of its own, and name it in `DefaultUserJourney`")
                .related(moved.exchange.value_span(), format!("in step {} here", moved.step))
                .related(moved.before.span, format!("in step {} there", moved.before_step));
        }
    }
}
