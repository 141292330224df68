use crate::rules::claim_rows::resolver_defaults;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::{Namespace, PlaceNote, Resolver};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "resolver-oauth2-misplaced",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (_, default, resolver) in resolver_defaults(policy) {
        let is_of_provider = match resolver {
            Resolver::Claim { spec, .. } => spec.place == PlaceNote::PartnerClaimType,
            Resolver::UnknownName { namespace, .. } => namespace == Namespace::OAuth2,
            _ => false,
        };
        if is_of_provider {
            let text = default.value();
            findings
                .report(default.value_span(), format!("`{text}` has no value as a `DefaultValue`"))
                .label("the answer of an identity provider is read through `PartnerClaimType`")
                .help(format!(
                    "write `PartnerClaimType=\"{text}\"` in an `OutputClaim` of the identity provider's profile"
                ));
        }
    }
}
