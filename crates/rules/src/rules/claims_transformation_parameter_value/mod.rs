use crate::rules::transformations::{self, Declared};
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::{SignatureProblem, TransformationError};
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::{Diagnostic, Severity};
use wayfarer_model::{Policy, Text};

pub static RULE: Rule = Rule {
    code: "claims-transformation-parameter-value",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    transformations::each(policy, |declared| {
        if !check_types(declared, findings) {
            check_method(declared, findings);
        }
    });
}

/// Numbers and booleans that are none; whether there were any.
fn check_types(declared: &Declared<'_>, findings: &mut Findings<'_>) -> bool {
    let mut found = false;
    for row in declared.parameters() {
        let Some(data_type) = DataType::from_name(row.data_type.value) else { continue };
        if !matches!(data_type, DataType::Boolean | DataType::Int | DataType::Long) {
            continue;
        }
        if let Err(error) = Value::parse(data_type, row.value.value) {
            let diagnostic = report(declared, row.id.value, row.value, &format!("is {error}"), findings);
            if data_type != DataType::Boolean {
                diagnostic.refused_as("default-of-wrong-type", &[]);
            }
            found = true;
        }
    }
    found
}

/// What the method itself makes of its parameters. Where the signature is wrong, that is told first.
fn check_method(declared: &Declared<'_>, findings: &mut Findings<'_>) {
    if !declared.is_resolved || declared.problems().iter().any(SignatureProblem::is_error) {
        return;
    }
    if let Err(TransformationError::Parameter { parameter, reason, .. }) =
        declared.method.prepare(&declared.declaration)
    {
        let of_claim = || {
            let rows = declared.transformation.output_claims();
            rows.into_iter().find(|it| it.claim_type.value.eq_ignore_ascii_case(&parameter)).map(|it| it.claim_type)
        };
        let whole = Text { value: "", span: declared.transformation.span() };
        let place = declared.parameter_value(&parameter).or_else(of_claim).unwrap_or(whole);
        report(declared, &parameter, place, &reason, findings);
    }
}

fn report<'f>(
    declared: &Declared<'_>,
    name: &str,
    place: Text<'_>,
    reason: &str,
    findings: &'f mut Findings<'_>,
) -> &'f mut Diagnostic {
    let (id, method) = (declared.transformation.id(), declared.method.method);
    findings
        .report(place.span, format!("`{name}` of claims transformation `{id}` {reason}"))
        .label(format!("`{method}` can't work with it"))
        .help("correct the value")
}
