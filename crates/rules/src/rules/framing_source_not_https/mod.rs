use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "framing-source-not-https",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    let Some(framing) = relying_parties::behavior(&relying_party, "JourneyFraming") else { return };
    let is_on = framing.attribute("Enabled").is_some_and(|it| matches!(it.value.trim(), "true" | "1"));
    let Some(sources) = framing.attribute("Sources").filter(|_| is_on) else { return };
    for source in sources.value.split_whitespace().filter(|it| !is_origin(it)) {
        findings
            .report(sources.span, format!("`{source}` is no https origin"))
            .label("pages are not shown in frames of this site")
            .help("list absolute addresses such as `https://www.contoso.com`, without wildcards, separated by blanks");
    }
}

/// A claim resolver may stand for one.
fn is_origin(source: &str) -> bool {
    let host = source.strip_prefix("https://").unwrap_or_default();
    source.starts_with('{') || (!host.is_empty() && !host.contains('*'))
}
