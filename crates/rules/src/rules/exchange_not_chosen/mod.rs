use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "exchange-not-chosen",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    // Where no selection comes before it at all, another rule tells.
    for step in flow.steps.iter().filter(|it| it.no_choice) {
        findings
            .report(
                step.span,
                format!("nothing chooses a claims exchange of step {} of `{}` on some path", step.order, flow.journey),
            )
            .label("fails where nothing was chosen")
            .help("skip the step when the claims exist that the local form sets");
    }
}
