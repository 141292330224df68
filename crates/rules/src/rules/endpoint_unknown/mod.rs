use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "endpoint-unknown",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    for endpoint in relying_party.endpoints().filter(|it| !matches!(it.key.value, "Token" | "UserInfo")) {
        let name = endpoint.key;
        let diagnostic = findings.report(name.span, format!("the service has no endpoint `{}`", name.value));
        diagnostic.label(format!("`{}` is never asked for", endpoint.value.value));
        match closest(name.value, ["Token", "UserInfo"]) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help("write `Token` (refresh tokens) or `UserInfo`"),
        };
    }
}
