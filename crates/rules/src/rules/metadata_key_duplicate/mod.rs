use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;
use wayfarer_model::{Attribute, Element};

pub static RULE: Rule = Rule {
    code: "metadata-key-duplicate",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// The schema means to forbid this, and can't: the selector of its key names a type where it should name the element.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    policy.document().elements().filter(|it| it.name() == "Metadata").for_each(|it| check_metadata(it, findings));
}

fn check_metadata(metadata: Element<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&str, Attribute<'_>> = HashMap::new();
    for key in metadata.children_named("Item").filter_map(|it| it.attribute("Key")) {
        match seen.entry(key.value()) {
            Entry::Occupied(first) => {
                let message = format!("the metadata key `{}` is written twice", key.value());
                findings
                    .report(key.value_span(), message)
                    .label("the second one")
                    .help("remove one of the two items")
                    .related(first.get().value_span(), "the first one");
            }
            Entry::Vacant(place) => {
                place.insert(key);
            }
        }
    }
}
