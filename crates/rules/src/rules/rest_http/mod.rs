use crate::rules::profile_items;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "rest-http",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for item in profile_items::own(policy).filter(|it| it.key == "ServiceUrl" && profile_items::is_clear_text(it.value)) {
        findings
            .report(item.span, format!("`ServiceUrl` of `{}` is `http`", item.profile))
            .label("claims travel in clear")
            .help("write the `https` address");
    }
}
