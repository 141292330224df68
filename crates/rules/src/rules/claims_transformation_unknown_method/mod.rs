use crate::rules::typo;
use crate::{Findings, Phase, Rule};
use wayfarer_builtins::transformations;
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "claims-transformation-unknown-method",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for node in policy.own(Kind::ClaimsTransformation) {
        let Some(method) = node.as_ref().attribute("TransformationMethod") else { continue };
        if transformations::find(method.value).is_some() {
            continue;
        }
        let message = format!("no transformation method is called `{}`", method.value);
        let diagnostic = findings.report(method.span, message);
        diagnostic.label("the service refuses the policy for it").refused();
        let names = transformations::all().iter().map(|it| it.method);
        diagnostic.fix = typo::fix(policy, method, names.clone());
        match closest(method.value, names) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help("take one of the methods of the documentation: `wayfarer explain` prints each"),
        };
    }
}
