use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "predicate-references-reject",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for references in policy.document().elements().filter(|it| it.name() == "PredicateReferences") {
        let Some(reject) = references.attribute("Reject") else { continue };
        if matches!(reject.value().trim(), "true" | "1") {
            findings
                .report(
                    reject.span(),
                    "`Reject` is not documented, and Wayfarer does not guess which values it refuses",
                )
                .label("the schema has this attribute, no page says what it does")
                .help("say what is valid: a `MatchesRegex` such as `^(?!.*admin)` refuses what it names");
        }
    }
}
