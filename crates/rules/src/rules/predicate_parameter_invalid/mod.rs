use crate::rules::typo;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::predicates::{METHODS, PredicateError};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Kind, NodeRef, Policy, Text, predicate};

pub static RULE: Rule = Rule {
    code: "predicate-parameter-invalid",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    policy.own(Kind::Predicate).for_each(|it| judge(policy, it.as_ref(), findings));
}

fn judge(policy: &Policy, node: NodeRef<'_>, findings: &mut Findings<'_>) {
    let (Some(id), Some(method)) = (node.attribute("Id"), node.attribute("Method")) else { return };
    let Some((_, parameters)) = METHODS.iter().find(|(name, _)| *name == method.value) else { return };
    let mut has_unknown = false;
    for name in node.items("Parameters", "Parameter").filter_map(|it| it.attribute("Id")) {
        if !parameters.contains(&name.value) {
            report_unknown(policy, name, method.value, parameters, findings);
            has_unknown = true;
        }
    }
    // An unknown one is mostly the one that is missing.
    let error = predicate(node).compile().err().filter(|it| it.parameter.is_some() || !has_unknown);
    // Expressions have a rule of their own.
    if let Some(PredicateError { parameter, reason, .. }) = error.filter(|it| it.parameter != Some("RegularExpression"))
    {
        let value = parameter.and_then(|it| value_of(node, it));
        findings
            .report(
                value.map_or(id.span, |it| it.span),
                format!("predicate `{}` ({}): {reason}", id.value, method.value),
            )
            .label("can't be used")
            .help(format!("`{}` needs {}", method.value, parameters.join(" and ")));
    }
}

fn report_unknown(
    policy: &Policy,
    name: Text<'_>,
    method: &str,
    parameters: &[&str],
    findings: &mut Findings<'_>,
) {
    let diagnostic = findings.report(name.span, format!("`{method}` has no parameter `{}`", name.value));
    diagnostic.label("not a parameter of this method");
    diagnostic.fix = typo::fix(policy, name, parameters.iter().copied());
    match closest(name.value, parameters.iter().copied()) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
        None => diagnostic.help(format!("`{method}` takes {}", parameters.join(" and "))),
    };
}

fn value_of<'a>(node: NodeRef<'a>, name: &str) -> Option<Text<'a>> {
    let mut parameters = node.items("Parameters", "Parameter");
    parameters.find(|it| it.attribute("Id").is_some_and(|it| it.value == name)).map(NodeRef::text)
}
