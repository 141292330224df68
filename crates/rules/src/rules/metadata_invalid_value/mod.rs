use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "metadata-invalid-value",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What a provider makes of its other items is judged where a journey that runs it is compiled.
fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for profile in profile_items::profiles(policy) {
        let id = profile.attribute("Id").map_or("", |it| it.value());
        let items = profile.children_named("Metadata").flat_map(|it| it.children_named("Item"));
        let named = items.filter(|it| it.attribute("Key").is_some_and(|it| it.value() == "client_id"));
        for item in named.filter(|it| it.text().trim().is_empty()) {
            findings
                .report(item.start_tag(), format!("`client_id` of `{id}` is empty"))
                .label("names no application")
                .help("write the id of the application at the identity provider")
                .refused_as("metadata-invalid", &[("profile", id), ("item", "client_id"), ("value", "")]);
        }
    }
}
