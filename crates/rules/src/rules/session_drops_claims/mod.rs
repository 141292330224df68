use crate::rules::missing_inputs;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "session-drops-claims",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    for (need, path) in missing_inputs::of(flow).filter(|(_, path)| !path.from_session.is_empty()) {
        let what = missing_inputs::verb(need);
        let message = format!(
            "`{}` {what} `{}`, which is missing on the path {} of `{}`",
            need.by,
            need.claim,
            flow.path(path),
            flow.journey
        );
        let diagnostic = findings.report(need.span, message);
        diagnostic
            .label("not kept by the session")
            .help("add it to the `PersistedClaims` of the session, or read it again");
        for step in path.from_session.iter().filter_map(|it| flow.steps.get(*it)) {
            diagnostic.related(step.span, "a session stands in for this step");
        }
    }
}
