use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::{Severity, closest};
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "override-of-unknown-profile",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(base) = policy.base().filter(|_| policy.is_complete()) else { return };
    for node in policy.own(Kind::TechnicalProfile).map(wayfarer_model::Node::as_ref) {
        let Some(id) = node.attribute("Id") else { continue };
        let stands_alone = ["Protocol", "IncludeTechnicalProfile"].iter().any(|it| node.child(it).is_some());
        if stands_alone || base.get(Kind::TechnicalProfile, id.value).is_some() {
            continue;
        }
        let message = format!("`{}` has no `Protocol`, and no base policy has a profile that it could override", id.value);
        let diagnostic = findings.report(id.span, message);
        diagnostic.label("a new profile, and one that can't do anything");
        let known = base.all(Kind::TechnicalProfile);
        let ids: Vec<_> = known.iter().filter_map(|it| it.as_ref().attribute("Id")).collect();
        let close = closest(id.value, ids.iter().map(|it| it.value));
        match ids.iter().find(|it| Some(it.value) == close) {
            Some(close) => {
                diagnostic.help(format!("did you mean `{}`?", close.value)).related(close.span, "declared here");
            }
            None => {
                diagnostic.help("give it the id of the profile that it overrides, or a `Protocol`");
            }
        }
    }
}
