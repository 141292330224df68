use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "rp-output-unproduced",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

/// The service looks at the default journey alone, and takes the union of its steps (reference "validation", 1.3).
fn check(policy: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    if flow.kind == JourneyKind::ClientCredentials {
        return;
    }
    let rows = flow.token.iter().filter(|it| !it.is_declared && it.default.is_none());
    for row in rows.filter(|it| policy.claim_type(&it.claim).is_some()) {
        findings
            .report(row.span, format!("no step of `{}` outputs `{}`", flow.journey, row.claim))
            .label("not an output claim of any step")
            .help("output the claim in a step, or remove the row")
            .refused_as("output-never-produced", &[("claim", &row.claim), ("journey", &flow.journey)]);
    }
}
