use crate::rules::preconditions;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "precondition-arity",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for precondition in preconditions::own(policy) {
        let Some(kind) = precondition.kind() else { continue };
        let (needed, what) = match kind.value() {
            "ClaimsExist" => (1, "one `Value`, a claim"),
            "ClaimEquals" => (2, "two `Value`s, a claim and a literal"),
            _ => continue,
        };
        let given = precondition.element.children_named("Value").count();
        if given != needed {
            let message = format!("`{}` needs {what}; here are {given}", kind.value());
            let label = if given > needed { "what is too much is ignored at best" } else { "nothing to compare with" };
            findings.report(kind.value_span(), message).label(label).help("give each precondition its values");
        }
    }
}
