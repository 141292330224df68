use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::{JourneyKind, Resolver, parse};
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "client-credentials-default-masks",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(_: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    if flow.kind != JourneyKind::ClientCredentials || !flow.completes {
        return;
    }
    for row in flow.token.iter().filter(|it| !it.always_use_default) {
        let literal =
            row.default.as_deref().filter(|it| matches!(parse(it), Resolver::Literal(text) if !text.is_empty()));
        let (Some(default), Some(path)) = (literal, &row.unset_on) else { continue };
        let when = if row.is_set { format!("after {}", flow.path(path)) } else { "always".to_owned() };
        findings
            .report(
                row.span,
                format!("`{}` is `{default}` in the token, {when}: `{}` does not set it", row.claim, flow.journey),
            )
            .label("the default stands in for a missing value")
            .help("set the claim in the journey, or use `DefaultValue=\"\"`, which leaves it out of the token");
    }
}
