use crate::rules::claim_rows::{Profiles, resolver_defaults};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_builtins::resolvers::PlaceRule;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "resolver-no-always",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    for (row, default, _) in resolver_defaults(policy).filter(|(row, ..)| !row.always_uses_default()) {
        if profiles.place_rule(row, row.place()) != PlaceRule::Resolves || works_without(profiles.kind(row)) {
            continue;
        }
        let claim = row.claim_type().map_or("", |it| it.value());
        let message = format!("`{}` is used only while `{claim}` has no value", default.value());
        findings
            .report(default.value_span(), message)
            .label("a value that the claim already has wins")
            .help("add `AlwaysUseDefaultValue=\"true\"`");
    }
}

/// The documentation shows resolvers of these kinds without the attribute.
fn works_without(kind: &ProfileKind) -> bool {
    matches!(kind, ProfileKind::ApplicationInsights | ProfileKind::PasswordLogin)
}
