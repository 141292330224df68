use crate::rules::claim_rows::{ClaimRow, Profiles, rows};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::resolvers::{
    Namespace, Place, PlaceRule, Resolver, ResolverName, ResolverSpec, ResultType, parse,
};
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Attribute, Policy};

pub static RULE: Rule = Rule {
    code: "resolver-type",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut profiles = Profiles::of(policy);
    for row in rows(policy) {
        for (attribute, place) in [("DefaultValue", row.place()), ("PartnerClaimType", Place::PartnerClaimType)] {
            let Some(text) = row.element.attribute(attribute) else { continue };
            if let Resolver::Claim { spec, name } = parse(text.value()) {
                judge(policy, &mut profiles, (row, place), (text, spec, name), findings);
            }
        }
    }
}

fn judge<'p>(
    policy: &Policy,
    profiles: &mut Profiles<'p>,
    (row, place): (ClaimRow<'p>, Place),
    (text, spec, name): (Attribute<'_>, &ResolverSpec, &str),
    findings: &mut Findings<'_>,
) {
    let claim_type = row.claim_type().and_then(|it| policy.claim_type(it.value()));
    let Some((claim_type, data_type)) = claim_type.and_then(|it| it.data_type().map(|data_type| (it, data_type)))
    else {
        return;
    };
    if fits(policy, spec, name, data_type) {
        return;
    }
    let rule = profiles.place_rule(row, place);
    let is_evaluated = match place {
        Place::PartnerClaimType => rule == PlaceRule::ResolvesTokenResponse && spec.namespace == Namespace::OAuth2,
        _ => rule == PlaceRule::Resolves && spec.namespace != Namespace::OAuth2,
    };
    if is_evaluated {
        let expected = match spec.result {
            ResultType::Text => "string",
            ResultType::Integer => "int or long",
        };
        let message =
            format!("`{}` gives {expected}, and claim type `{}` is {data_type}", text.value(), claim_type.id());
        findings
            .report(text.value_span(), message)
            .label("the value can't be converted")
            .help(format!("use a claim type of data type {expected}"))
            .related(claim_type.span(), "declared here");
    }
}

/// Whether the result can be a value of that type: `{Culture:LCID}` is a number, `{Context:KMSI}` a boolean.
fn fits(policy: &Policy, spec: &ResolverSpec, name: &str, data_type: DataType) -> bool {
    match (spec.result, data_type) {
        (ResultType::Integer, it) => matches!(it, DataType::Int | DataType::Long),
        (ResultType::Text, DataType::String) => true,
        (ResultType::Text, _) => match spec.name {
            ResolverName::Any(_) if spec.namespace == Namespace::Claim => {
                policy.claim_type(name).is_none_or(|it| it.data_type() == Some(data_type))
            }
            // A parameter of the request may be anything.
            ResolverName::Any(_) => true,
            ResolverName::Fixed(_) => !spec.example.is_empty() && Value::parse(data_type, spec.example).is_ok(),
        },
    }
}
