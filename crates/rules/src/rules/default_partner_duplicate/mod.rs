use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "default-partner-duplicate",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for list in policy.document().elements().filter(|it| it.name() == "DefaultPartnerClaimTypes") {
        let claim = list.parent().and_then(|it| it.attribute("Id")).map_or("", |it| it.value());
        let mut first = HashMap::new();
        for name in list.children_named("Protocol").filter_map(|it| it.attribute("Name")) {
            if let Some(earlier) = first.insert(name.value(), name.value_span()) {
                findings
                    .report(name.value_span(), format!("`{claim}` has two default names for `{}`", name.value()))
                    .label("only the first is used")
                    .help("remove one of them")
                    .related(earlier, "the first");
            }
        }
    }
}
