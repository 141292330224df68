use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "insights-developer-mode",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    let insights = relying_parties::behavior(&relying_party, "JourneyInsights");
    let Some(mode) = insights.and_then(|it| it.attribute("DeveloperMode")) else { return };
    // In development that is what it is for, and `development-mode` tells it.
    let develops = policy.root_attribute("DeploymentMode").is_some_and(|it| it.value != "Production");
    if matches!(mode.value.trim(), "true" | "1") && !develops {
        findings
            .report(mode.span, "`JourneyInsights` is in developer mode, and the policy is in production")
            .label("sends every event at once, with personal data")
            .help("write `DeveloperMode=\"false\"`");
    }
}
