use crate::rules::unresolved;
use crate::{Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Kind;

pub static RULE: Rule = Rule {
    code: "unresolved-display-control",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(|policy, findings| unresolved::check(policy, &[Kind::DisplayControl], findings)),
};
