use crate::{Findings, Phase, Rule};
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::{Fix, Severity};
use wayfarer_model::{Element, Policy};

pub static RULE: Rule = Rule {
    code: "precondition-boolean-literal",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

/// What a boolean claim is as text; the comparison is ordinal.
const LITERALS: [&str; 2] = ["True", "False"];

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let is_equals = |it: &Element<'_>| it.attribute("Type").is_some_and(|it| it.value().trim() == "ClaimEquals");
    let preconditions = policy.document().elements().filter(|it| it.name() == "Precondition");
    preconditions.filter(is_equals).for_each(|it| check_precondition(policy, it, findings));
}

fn check_precondition(policy: &Policy, precondition: Element<'_>, findings: &mut Findings<'_>) {
    let mut values = precondition.children_named("Value");
    let (Some(name), Some(literal)) = (values.next(), values.next()) else { return };
    let written = literal.text().trim();
    let meant = LITERALS.into_iter().find(|it| it.eq_ignore_ascii_case(written)).filter(|it| *it != written);
    let (Some(meant), Some(span)) = (meant, literal.text_span()) else { return };
    let Some(claim) = policy.claim_type(name.text().trim()) else { return };
    if claim.data_type() != Some(DataType::Boolean) {
        return;
    }
    let outcome = match precondition.attribute("ExecuteActionsIf").map(|it| it.value().trim()) {
        Some("false" | "0") => "so the action is taken whenever the claim exists",
        _ => "so the action is never taken",
    };
    let diagnostic = findings.report(span, format!("the boolean claim `{}` is compared with `{written}`", claim.id()));
    diagnostic.label(format!("a boolean claim is `True` or `False`, {outcome}")).help(format!("write `{meant}`"));
    if policy.document().written(span).trim_ascii() == written {
        diagnostic.fix(Fix::safe(format!("write `{meant}`")).replace(span, meant));
    }
}
