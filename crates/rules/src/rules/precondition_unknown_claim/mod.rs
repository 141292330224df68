use crate::rules::{requested, typo};
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Element, Kind, Policy, Text};

pub static RULE: Rule = Rule {
    code: "precondition-unknown-claim",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let preconditions = requested::elements(policy).filter(|it| it.name() == "Precondition");
    preconditions.for_each(|it| check_precondition(policy, it, findings));
}

fn check_precondition(policy: &Policy, precondition: Element<'_>, findings: &mut Findings<'_>) {
    let Some(value) = precondition.child("Value") else { return };
    let (name, Some(span)) = (value.text().trim(), value.text_span()) else { return };
    if name.is_empty() || policy.get(Kind::ClaimType, name).is_some() {
        return;
    }
    let runs = match precondition.attribute("ExecuteActionsIf").map(|it| it.value().trim()) {
        Some("false" | "0") if precondition.attribute("Type").is_some_and(|it| it.value() == "ClaimsExist") => {
            "no claim of this name ever exists, so the action is always taken"
        }
        _ => "no claim of this name ever exists, so the action is never taken",
    };
    let diagnostic = findings.report(span, format!("the precondition asks for `{name}`, and no `ClaimType` declares it"));
    diagnostic.label(runs);
    match policy.closest(Kind::ClaimType, name) {
        Some(close) => {
            diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            diagnostic.fix = typo::fix_id(policy, Kind::ClaimType, Text { value: name, span });
        }
        None => {
            diagnostic.help("the first `Value` is the id of a claim type; the literal comes second");
        }
    }
}
