use crate::rules::transformations::{self, any_of, as_told};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::{SignatureList, SignatureProblemKind};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "claims-transformation-parameter-type",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    transformations::each(policy, |declared| {
        let (id, method) = (declared.transformation.id(), declared.method.method);
        for problem in declared.problems().iter().filter(|it| it.list == SignatureList::InputParameters) {
            let is_refused = matches!(problem.kind, SignatureProblemKind::WrongType { .. });
            let (name, data_type, types, label) = match &problem.kind {
                SignatureProblemKind::WrongType { name, data_type, expected } => {
                    (name, data_type, any_of(expected), "declared but not expected")
                }
                SignatureProblemKind::CastError { name, data_type, expected } => {
                    let label = "passes the upload, and then every call fails with a cast error";
                    (name, data_type, any_of(&[*expected]), label)
                }
                _ => continue,
            };
            let told = as_told(*data_type, name);
            let message = format!(
                "claims transformation `{id}` declares the input parameter {told}, and `{method}` expects {types}"
            );
            let diagnostic = findings.report(declared.place(problem), message);
            diagnostic.label(label).help(format!("declare it as {types}"));
            if is_refused {
                transformations::refuse(declared, problem, diagnostic);
            }
        }
    });
}
