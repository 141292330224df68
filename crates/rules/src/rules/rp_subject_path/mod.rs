use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Severity;
use wayfarer_flow::ClaimFlow;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "rp-subject-path",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Flow(check),
};

fn check(policy: &Policy, flow: &ClaimFlow, findings: &mut Findings<'_>) {
    if flow.kind == JourneyKind::ClientCredentials || !flow.completes {
        return;
    }
    let relying_party = policy.relying_party();
    let Some(subject) = relying_party.as_ref().and_then(|it| it.subject_claim_type()) else { return };
    let rows: Vec<_> = flow.token.iter().filter(|it| it.name == subject.value).collect();
    // Of several rows with the name any may fill it.
    let [row] = rows[..] else { return };
    let Some(path) = row.unset_on.as_ref().filter(|_| row.default.as_ref().is_none_or(String::is_empty)) else {
        return;
    };
    // What a provider may leave out is no path of its own; only steps that run or not are held against the journey.
    if row.conditions.is_empty() && row.is_set {
        return;
    }
    findings
        .report(
            row.span,
            format!(
                "the subject claim `{}` has no value on the path {} of `{}`",
                row.claim,
                flow.path(path),
                flow.journey
            ),
        )
        .label("the token’s subject")
        .help("give the claim a value on every path that issues a token")
        .related(subject.span, "named as the subject here");
}
