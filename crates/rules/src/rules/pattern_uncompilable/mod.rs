use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::regex::{Regex, RegexErrorCause};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_model::{Element, Policy};

pub static RULE: Rule = Rule {
    code: "pattern-uncompilable",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for element in policy.document().elements() {
        let of_attribute = |name| element.attribute(name).map(|it| (it.value(), it.value_span()));
        let expression = match element.name() {
            "Pattern" => of_attribute("RegularExpression"),
            "Mask" if element.attribute("Type").is_some_and(|it| it.value() == "Regex") => of_attribute("Regex"),
            "Parameter" if is_of_matches_regex(element) => element.text_span().map(|it| (element.text(), it)),
            _ => None,
        };
        if let Some((text, span)) = expression {
            judge(text, span, findings);
        }
    }
}

fn is_of_matches_regex(parameter: Element<'_>) -> bool {
    let predicate = parameter.parent().and_then(Element::parent).filter(|it| it.name() == "Predicate");
    let is_expression = parameter.attribute("Id").is_some_and(|it| it.value() == "RegularExpression");
    is_expression && predicate.is_some_and(|it| it.attribute("Method").is_some_and(|it| it.value() == "MatchesRegex"))
}

fn judge(expression: &str, span: Span, findings: &mut Findings<'_>) {
    let Err(error) = Regex::new(expression) else { return };
    // Others may be fine in .NET.
    if error.cause == RegexErrorCause::Invalid {
        findings
            .report(span, format!("this is no regular expression of .NET: {}", error.reason))
            .label("no value can be compared with it")
            .help("correct the expression; a character that is meant as itself has `\\` before it");
    }
}
