use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "journey-may-end-without-token",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    // A journey without any `SendClaims` is another rule's.
    if !flow.runs_out || !flow.completes {
        return;
    }
    let Some(last) = flow.steps.last() else { return };
    findings
        .report(last.span, format!("on some path `{}` ends behind step {} without a token", flow.journey, last.order))
        .label("may be the last step without being one that issues")
        .help("end the journey with a `SendClaims` step without preconditions");
}
