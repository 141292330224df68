use crate::rules::claim_rows::{Profiles, resolver_defaults};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_builtins::resolvers::PlaceRule;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "resolver-flag-missing",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    for (row, default, _) in resolver_defaults(policy) {
        // What a profile without a protocol is, a base that is not there may say.
        let is_known = *profiles.kind(row) != ProfileKind::Undeclared && policy.is_complete();
        if is_known && profiles.place_rule(row, row.place()) == PlaceRule::LiteralWithoutFlag {
            let (text, profile) = (default.value(), row.profile_id());
            let message = format!("`{text}` stays as it is written: `{profile}` does not evaluate claim resolvers");
            findings.report(default.value_span(), message).label("the claim gets this text, braces and all").help(
                "add `<Item Key=\"IncludeClaimResolvingInClaimsHandling\">true</Item>` to the profile's `Metadata`",
            );
        }
    }
}
