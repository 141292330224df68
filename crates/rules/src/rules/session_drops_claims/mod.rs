use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::{ClaimFlow, NeedKind};
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "session-drops-claims",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    let needs = flow.needs.iter().filter(|it| it.kind != NeedKind::OptionalInput && !it.in_validation);
    for need in needs.filter(|it| it.maybe || it.present) {
        let Some(path) = need.absent_on.as_ref().filter(|it| !it.from_session.is_empty()) else { continue };
        let what = if need.kind == NeedKind::RequiredInput { "requires" } else { "fails without" };
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
