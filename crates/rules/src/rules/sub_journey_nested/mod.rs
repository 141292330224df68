use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "sub-journey-nested",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_sub_journeys(policy) {
        for step in journey.steps() {
            let mut names = step.node.items("JourneyList", "Candidate").filter_map(|it| it.attribute("SubJourneyReferenceId"));
            let Some(name) = names.next() else { continue };
            findings
                .report(name.span, format!("{} invokes sub journey `{}`", journeys::title(&journey), name.value))
                .label("the documentation forbids it; the service does it")
                .help("invoke both from the user journey");
        }
    }
}
