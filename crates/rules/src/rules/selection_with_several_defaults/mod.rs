use crate::rules::options;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "selection-with-several-defaults",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for (id, claim_type, options) in options::lists(policy) {
        let control = claim_type.child("UserInputType").map_or("", |it| it.text().value.trim());
        if !matches!(control, "DropdownSingleSelect" | "RadioSingleSelect") {
            continue;
        }
        let marks = options.iter().filter_map(|it| it.attribute("SelectByDefault"));
        let mut selected = marks.filter(|it| matches!(it.value.trim(), "true" | "1"));
        let Some(first) = selected.next() else { continue };
        for further in selected {
            findings
                .report(further.span, format!("a second option of `{id}` is selected by default"))
                .label("only one option can be selected")
                .help("leave `SelectByDefault` to one option")
                .related(first.span, "selected already");
        }
    }
}
