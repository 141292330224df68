use crate::rules::transformations;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::{SignatureList, SignatureProblemKind};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "claims-transformation-parameter-duplicate",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    transformations::each(policy, |declared| {
        let id = declared.transformation.id();
        for problem in declared.problems().iter().filter(|it| it.list == SignatureList::InputParameters) {
            let SignatureProblemKind::Repeated { name } = &problem.kind else { continue };
            let message = format!("claims transformation `{id}` gives the input parameter `{name}` twice");
            let diagnostic = findings.report(declared.place(problem), message);
            diagnostic.label("a parameter is given once").help("use a claims transformation for each value");
            if let Some(first) = declared.parameter_value(name) {
                diagnostic.related(first.span, "given here first");
            }
        }
    });
}
