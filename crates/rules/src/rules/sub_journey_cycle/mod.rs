use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use std::collections::HashSet;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, UserJourney};

pub static RULE: Rule = Rule {
    code: "sub-journey-cycle",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own_sub_journeys(policy) {
        let goes_round = |steps| reaches(policy, &journey, steps);
        let (level, label) = match (goes_round(Steps::Unconditional), goes_round(Steps::All)) {
            (true, _) => (Severity::Error, "never comes to an end"),
            (false, true) => (Severity::Warning, "comes to an end only where a precondition skips the step"),
            (false, false) => continue,
        };
        findings
            .report_as(level, journey.span(), format!("{} invokes itself, by way of what it invokes", journeys::title(&journey)))
            .label(label)
            .help("take one of the `InvokeSubJourney` steps out");
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Steps {
    All,
    Unconditional,
}

/// Whether a sub journey leads back to itself.
fn reaches(policy: &Policy, from: &UserJourney, steps: Steps) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from.clone()];
    while let Some(journey) = open.pop() {
        let invoked = journey.steps();
        let invoked = invoked.iter().filter(|it| steps == Steps::All || journeys::always_comes(it));
        for next in invoked.flat_map(|it| journeys::candidates(policy, it)) {
            if next.id().eq_ignore_ascii_case(from.id()) {
                return true;
            }
            if seen.insert(next.id().to_lowercase()) {
                open.push(next);
            }
        }
    }
    false
}
