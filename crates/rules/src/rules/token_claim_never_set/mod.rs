use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "token-claim-never-set",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    if flow.kind == JourneyKind::ClientCredentials || !flow.completes {
        return;
    }
    for row in flow.token.iter().filter(|it| it.is_declared && !it.is_set && it.default.is_none()) {
        let path = row.unset_on.as_ref().map(|it| flow.path(it)).unwrap_or_default();
        findings
            .report(row.span, format!("`{}` has no value on any path of `{}`, such as {path}", row.claim, flow.journey))
            .label("never in the token")
            .help("set the claim in a step that runs, or remove the row");
    }
}
