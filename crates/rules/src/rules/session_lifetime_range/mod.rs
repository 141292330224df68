use crate::rules::relying_parties;
use crate::{Findings, Phase, Rule};
use std::ops::RangeInclusive;
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, Text};

pub static RULE: Rule = Rule {
    code: "session-lifetime-range",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    let Some(relying_party) = relying_parties::own(policy) else { return };
    let expiry = relying_parties::behavior(&relying_party, "SessionExpiryInSeconds").map(|it| it.text());
    check_range(expiry, "SessionExpiryInSeconds", 900..=86400, findings);
    let days = relying_parties::behavior(&relying_party, "SingleSignOn").and_then(|it| it.attribute("KeepAliveInDays"));
    check_range(days, "KeepAliveInDays", 0..=90, findings);
}

/// What is no number has been reported by the schema check.
fn check_range(text: Option<Text<'_>>, name: &str, range: RangeInclusive<i64>, findings: &mut Findings<'_>) {
    let Some((text, number)) = text.and_then(|it| Some((it, it.value.trim().parse::<i64>().ok()?))) else { return };
    if !range.contains(&number) {
        findings
            .report(text.span, format!("`{name}` is {number}"))
            .label(format!("must be between {} and {}", range.start(), range.end()))
            .help("choose a value in this range");
    }
}
