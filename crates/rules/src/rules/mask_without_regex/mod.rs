use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "mask-without-regex",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for mask in policy.document().elements().filter(|it| it.name() == "Mask") {
        let Some(kind) = mask.attribute("Type").filter(|it| it.value() == "Regex") else { continue };
        if mask.attribute("Regex").is_none() {
            findings
                .report(kind.value_span(), "a mask of type `Regex` has no attribute `Regex`")
                .label("says that an expression tells what is masked")
                .help("add the attribute, or use the type `Simple`: its text replaces the first characters");
        }
    }
}
