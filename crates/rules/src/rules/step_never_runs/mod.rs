use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "step-never-runs",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    // Where the journey fails on every path, that is what is to be mended.
    if !flow.completes {
        return;
    }
    let entered = |order: &str| {
        // What is in a sub journey that is never called is told at the step that would call it.
        let callers = order.match_indices('.').map(|(at, _)| &order[..at]);
        callers.into_iter().all(|caller| flow.steps.iter().any(|it| it.order == caller && it.ran))
    };
    for step in flow.steps.iter().filter(|it| !it.ran && entered(&it.order)) {
        let (level, why) = match step.is_reached() {
            // Often deliberate: a step that stands by for a change of another.
            true => {
                let skips: Vec<&str> =
                    step.preconditions.iter().filter(|it| it.skips).map(|it| it.words.as_str()).collect();
                (Severity::Info, format!("it is always skipped, because {}", skips.join(" or ")))
            }
            false => (Severity::Warning, "no path comes to it".to_owned()),
        };
        findings
            .report_as(level, step.span, format!("step {} of `{}` never runs: {why}", step.order, flow.journey))
            .label("never runs")
            .help("remove the step, or correct what keeps it from running");
    }
}
