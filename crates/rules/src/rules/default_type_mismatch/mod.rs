use crate::rules::claim_rows::{Profiles, rows};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::{DataType, Value};
use wayfarer_builtins::resolvers::{PlaceRule, parse};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "default-type-mismatch",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    for row in rows(policy) {
        // The idiom `DefaultValue=""` only satisfies the upload: there is no empty number.
        let Some(default) = row.default().filter(|it| !it.value().is_empty()) else { continue };
        let claim_type = row.claim_type().and_then(|it| policy.claim_type(it.value()));
        let Some((claim_type, data_type)) = claim_type.and_then(|it| it.data_type().map(|data_type| (it, data_type)))
        else {
            continue;
        };
        let Err(error) = Value::parse(data_type, default.value()) else { continue };
        if parse(default.value()).is_evaluated(row.place()) && profiles.place_rule(row, row.place()) == PlaceRule::Resolves {
            continue;
        }
        let diagnostic = findings
            .report(default.value_span(), format!("the default of `{}` is {error}", claim_type.id()))
            .label(format!("`{}` is declared as {data_type}", claim_type.id()))
            .help("correct the value, or the claim type's `DataType`")
            .related(claim_type.span(), "declared here");
        match data_type {
            DataType::Int | DataType::Long => diagnostic.refused_as("default-of-wrong-type", &[]),
            _ => diagnostic.refused(),
        };
    }
}
