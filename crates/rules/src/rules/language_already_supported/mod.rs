use crate::{Findings, Phase, Rule};
use std::collections::HashMap;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{NodeRef, Policy};

pub static RULE: Rule = Rule {
    code: "language-already-supported",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let before = policy.base().and_then(|it| it.localization()).and_then(|it| it.child("SupportedLanguages"));
    let Some(before) = before else { return };
    let before: HashMap<String, NodeRef<'_>> =
        before.children().map(|it| (it.text().value.trim().to_lowercase(), it)).collect();
    for languages in policy.document().elements().filter(|it| it.name() == "SupportedLanguages") {
        let behavior = languages.attribute("MergeBehavior").map_or("ReplaceAll", |it| it.value());
        if !matches!(behavior, "Append" | "Prepend") {
            continue;
        }
        for language in languages.children_named("SupportedLanguage") {
            let text = language.text().trim();
            let there = before.get(&text.to_lowercase());
            if let Some((there, span)) = there.zip(language.text_span()) {
                findings
                    .report(span, format!("language `{text}` is on the base policy's list already"))
                    .label(format!("can't be added again by `{behavior}`"))
                    .help("list only languages that are new, or use `MergeBehavior=\"ReplaceAll\"` with the whole list")
                    .related(there.text().span, "supported since here")
                    .refused_as("duplicate-culture", &[]);
            }
        }
    }
}
