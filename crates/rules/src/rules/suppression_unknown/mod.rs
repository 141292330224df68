use crate::{Phase, Rule};
use wayfarer_diagnostics::Severity;

pub static RULE: Rule = Rule {
    code: "suppression-unknown",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Set,
};
