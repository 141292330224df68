use crate::rules::runs_twice;
use crate::{Phase, Rule};
use wayfarer_diagnostics::Severity;

pub static RULE: Rule = Rule {
    code: "validation-profile-runs-twice",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(|policy, findings| {
        runs_twice::check(policy, "ValidationTechnicalProfiles", "ValidationTechnicalProfile", findings);
    }),
};
