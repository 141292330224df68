use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "sub-journey-candidates",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            let mut candidates = step.node.items("JourneyList", "Candidate");
            let (Some(first), Some(second)) = (candidates.next(), candidates.next()) else { continue };
            let number = journeys::number(&step);
            let message = format!("step {number} of {} has several candidates", journeys::title(&journey));
            findings
                .report(second.span(), message)
                .label("which one runs is not documented")
                .help("name one sub journey in a step; preconditions of several steps choose between several")
                .related(first.span(), "the first one");
        }
    }
}
