use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "refresh-loses-claims",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(policy: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    if flow.kind == JourneyKind::ClientCredentials || !flow.completes {
        return;
    }
    let Some(refresh) = ClaimFlow::refresh(policy).filter(|it| it.completes) else { return };
    // Both have the same rows in the same order.
    let lost = flow.token.iter().zip(&refresh.token).filter(|(first, later)| first.is_set && !later.is_set);
    for (row, _) in lost.filter(|(row, _)| row.default.is_none()) {
        let message =
            format!("`{}` is lost when the token is refreshed: `{}` does not set it", row.claim, refresh.journey);
        findings
            .report(row.span, message)
            .label("in the first token only")
            .help("output the claim in the first step of the refresh journey, or read it again there");
    }
}
