use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use wayfarer_diagnostics::{Fix, Severity};
use wayfarer_model::{Attribute, Element, Policy, layout};

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
    let mut seen: HashMap<&str, (Attribute<'_>, &str)> = HashMap::new();
    for item in metadata.children_named("Item") {
        let Some(key) = item.attribute("Key") else { continue };
        match seen.entry(key.value()) {
            Entry::Occupied(first) => {
                let message = format!("the metadata key `{}` is written twice", key.value());
                let (first, value) = *first.get();
                let diagnostic = findings.report(key.value_span(), message);
                diagnostic
                    .label("the second one")
                    .help("remove one of the two items")
                    .related(first.value_span(), "the first one")
                    .refused();
                // Which of two values counts is documented nowhere.
                if item.text() == value {
                    diagnostic.fix(Fix::safe("remove the second item").delete(layout::removal(item)));
                }
            }
            Entry::Vacant(place) => {
                place.insert((key, item.text()));
            }
        }
    }
}
