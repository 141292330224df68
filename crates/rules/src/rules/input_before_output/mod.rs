use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::{ClaimFlow, NeedKind};
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "input-before-output",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    let needs = flow.needs.iter().filter(|it| it.kind == NeedKind::RequiredInput && !it.in_validation);
    for need in needs.filter(|it| it.is_never_met()) {
        let step = flow.step(need.step);
        let message =
            format!("`{}` requires `{}`, and nothing before {step} of `{}` sets it", need.by, need.claim, flow.journey);
        let diagnostic = findings.report(need.span, message);
        diagnostic
            .label("has no value here on any path")
            .help("set the claim in an earlier step, or give the input claim a `DefaultValue`");
        let Some(step) = flow.steps.get(need.step) else { continue };
        diagnostic.related(step.span, "the step that calls it");
        // The service looks at the default journey alone.
        if flow.kind != JourneyKind::ClientCredentials {
            let values =
                [("claim", &*need.claim), ("profile", &need.by), ("step", &step.order), ("journey", &flow.journey)];
            diagnostic.refused_as("input-before-output", &values);
        }
    }
}
