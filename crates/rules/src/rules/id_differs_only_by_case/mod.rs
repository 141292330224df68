use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};
use wayfarer_model::Attribute;

pub static RULE: Rule = Rule {
    code: "id-differs-only-by-case",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// Ids that are equal letter by letter break a key of the schema, which reports them.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let mut first: HashMap<(&str, String), Attribute<'_>> = HashMap::new();
    for element in policy.document().elements() {
        let Some(kind) = Kind::of_element(element.name()) else { continue };
        let in_relying_party = element.parent().is_some_and(|it| it.name() == "RelyingParty");
        let Some(id) = element.attribute("Id").filter(|_| !in_relying_party) else { continue };
        let earlier = *first.entry((kind.element(), id.value().to_lowercase())).or_insert(id);
        if earlier.value() != id.value() {
            let message = format!(
                "two definitions of `{}` differ only by case: `{}` and `{}`",
                kind.element(),
                earlier.value(),
                id.value()
            );
            findings
                .report(id.value_span(), message)
                .label("the same id to the service")
                .help("remove one of the definitions, or give it another id")
                .related(earlier.value_span(), "first written here");
        }
    }
}
