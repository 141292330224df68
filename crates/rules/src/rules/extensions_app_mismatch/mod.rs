use crate::{Phase, Rule};
use wayfarer_diagnostics::Severity;

pub static RULE: Rule = Rule {
    code: "extensions-app-mismatch",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Set,
};
