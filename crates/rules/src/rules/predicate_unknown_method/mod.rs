use crate::rules::typo;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations::predicates::METHODS;
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "predicate-unknown-method",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for node in policy.own(Kind::Predicate) {
        let Some(method) = node.as_ref().attribute("Method") else { continue };
        if METHODS.iter().any(|(name, _)| *name == method.value) {
            continue;
        }
        let names: Vec<&str> = METHODS.iter().map(|it| it.0).collect();
        let diagnostic = findings.report(method.span, format!("no predicate method is called `{}`", method.value));
        diagnostic.label("no value can be judged by it");
        diagnostic.fix = typo::fix(policy, method, names.iter().copied());
        match closest(method.value, names.iter().copied()) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help(format!("the methods are {}", names.join(", "))),
        };
    }
}
