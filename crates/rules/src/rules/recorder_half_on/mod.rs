use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, Text};

pub static RULE: Rule = Rule {
    code: "recorder-half-on",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

const ENDPOINT: &str = "urn:journeyrecorder:applicationinsights";

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mode = policy.root_attribute("DeploymentMode");
    let develops = mode.is_some_and(|it| it.value == "Development");
    match policy.root_attribute("UserJourneyRecorderEndpoint") {
        Some(endpoint) => check_endpoint(policy, endpoint, mode, findings),
        None if develops => {
            if let Some(insights) = insights(policy) {
                let message = "`JourneyInsights` records nothing without `UserJourneyRecorderEndpoint`";
                findings
                    .report(insights, message)
                    .label("no trace will arrive")
                    .help(format!("add `UserJourneyRecorderEndpoint=\"{ENDPOINT}\"` to the root element"));
            }
        }
        None => {}
    }
}

/// `DeploymentMode="Production"` beside the endpoint is how the documentation switches the recorder off.
fn check_endpoint(policy: &Policy, endpoint: Text<'_>, mode: Option<Text<'_>>, findings: &mut Findings<'_>) {
    if endpoint.value != ENDPOINT {
        let message = format!("no journey recorder listens at `{}`", endpoint.value);
        findings.report(endpoint.span, message).label("ignored").help(format!("write `{ENDPOINT}`, or remove the attribute"));
        return;
    }
    match mode.map(|it| it.value) {
        None => {
            let message = "`UserJourneyRecorderEndpoint` has no effect without `DeploymentMode=\"Development\"`";
            findings
                .report(endpoint.span, message)
                .label("no trace will arrive")
                .help("add `DeploymentMode=\"Development\"`, or remove the endpoint");
        }
        Some("Development") if is_requested(policy) && policy.is_complete() && insights(policy).is_none() => {
            let message = "`UserJourneyRecorderEndpoint` has no effect without `JourneyInsights`";
            findings
                .report(endpoint.span, message)
                .label("no trace will arrive")
                .help("add `JourneyInsights` to the `UserJourneyBehaviors` of the relying party");
        }
        Some(_) => {}
    }
}

/// Root attributes count for the policy that is requested alone; a base may leave the rest to it.
fn is_requested(policy: &Policy) -> bool {
    policy.document().root().is_some_and(|it| it.child("RelyingParty").is_some())
}

fn insights(policy: &Policy) -> Option<wayfarer_diagnostics::Span> {
    let relying_party = policy.relying_party()?;
    let node = relying_party.node().child("UserJourneyBehaviors")?.child("JourneyInsights")?;
    Some(node.span())
}
