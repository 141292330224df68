use crate::rules::missing_inputs;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "input-path-dependent",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    for (need, path) in missing_inputs::of(flow).filter(|(_, path)| path.from_session.is_empty()) {
        let what = missing_inputs::verb(need);
        let message = format!(
            "`{}` {what} `{}`, which nothing sets on the path {} of `{}`",
            need.by,
            need.claim,
            flow.path(path),
            flow.journey
        );
        let diagnostic = findings.report(need.span, message);
        diagnostic
            .label("has no value here on that path")
            .help("set it on every path, or skip the step where the claim does not exist");
        if let Some(step) = flow.steps.get(need.step) {
            diagnostic.related(step.span, "the step that needs it");
        }
    }
}
