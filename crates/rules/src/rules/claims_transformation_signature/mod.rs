use crate::rules::transformations::{self, Declared, any_of, as_told, entry_name};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::{SignatureList, SignatureProblem, SignatureProblemKind};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "claims-transformation-signature",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    transformations::each(policy, |declared| {
        declared.problems().iter().for_each(|it| report(declared, it, findings));
    });
}

/// Types of parameters and parameters given twice have rules of their own.
fn report(declared: &Declared<'_>, problem: &SignatureProblem, findings: &mut Findings<'_>) {
    let (id, method) = (declared.transformation.id(), declared.method.method);
    let (list, place) = (problem.list, declared.place(problem));
    let entry = entry_name(list);
    match &problem.kind {
        SignatureProblemKind::Unexpected { name, data_type } => {
            let told = as_told(*data_type, name);
            let message =
                format!("claims transformation `{id}` declares the {entry} {told}, which `{method}` does not expect");
            let diagnostic = findings.report(place, message);
            diagnostic.label("declared but not expected");
            transformations::refuse(declared, problem, diagnostic);
            let names = expected_names(declared, list);
            match closest(name, names.iter().copied()) {
                Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
                None if names.is_empty() => diagnostic.help(format!("remove it: `{method}` has no {entry}s")),
                None => diagnostic.help(format!("remove it: `{method}` takes {}", names.join(", "))),
            };
        }
        SignatureProblemKind::Missing { name, expected } => {
            let told = as_told(*expected, name);
            let message = format!("claims transformation `{id}` lacks the {entry} {told}, which `{method}` expects");
            let help = match list {
                SignatureList::InputParameters => format!("declare it with `DataType=\"{expected}\"`"),
                _ => format!("declare it, with a claim type of data type {expected}"),
            };
            let diagnostic = findings.report(place, message).label("expected but not declared").help(help);
            transformations::refuse(declared, problem, diagnostic);
        }
        SignatureProblemKind::WrongType { name, data_type, expected } if list != SignatureList::InputParameters => {
            let (told, types) = (as_told(*data_type, name), any_of(expected));
            let wanted: Vec<_> = expected.iter().map(|it| as_told(*it, name)).collect();
            let wanted = wanted.join(" or ");
            let message =
                format!("claims transformation `{id}` declares the {entry} {told}, and `{method}` expects {wanted}");
            let diagnostic = findings
                .report(place, message)
                .label(format!("this claim type is {data_type}"))
                .help(format!("name a claim type of data type {types}: types are not converted"));
            transformations::refuse(declared, problem, diagnostic);
        }
        SignatureProblemKind::Repeated { name } if list != SignatureList::InputParameters => {
            let message = format!("claims transformation `{id}` declares the {entry} `{name}` twice");
            findings
                .report(place, message)
                .label("an earlier row has the same name")
                .help("remove one of the rows, or correct its `TransformationClaimType`")
                .refused();
        }
        SignatureProblemKind::Undocumented { name, data_type, documented } => {
            let types = any_of(documented);
            let message =
                format!("{entry} `{name}` of claims transformation `{id}` is {data_type}; documented is {types}");
            findings
                .report_as(Severity::Warning, place, message)
                .label("whether the service takes it is not documented")
                .help(format!("use {types}"));
        }
        SignatureProblemKind::LetterCase { name, documented } => {
            let message = format!("{entry} `{name}` of claims transformation `{id}` is documented as `{documented}`");
            findings.report_as(Severity::Info, place, message).help("write it as the documentation does");
        }
        _ => {}
    }
}

/// The names that a list of the method has, without those that stand for any number.
fn expected_names(declared: &Declared<'_>, list: SignatureList) -> Vec<&'static str> {
    let method = declared.method;
    match list {
        SignatureList::InputClaims => method.inputs.iter().map(|it| it.name).collect(),
        SignatureList::InputParameters => method.parameters.iter().map(|it| it.name).collect(),
        SignatureList::OutputClaims => method.outputs.iter().map(|it| it.name).collect(),
    }
}
