use crate::{Phase, Rule};
use wayfarer_diagnostics::Severity;

pub static RULE: Rule = Rule {
    code: "unused-definition",
    level: Severity::Info,
    docs: include_str!("docs.md"),
    phase: Phase::Set,
};
