use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::Policy;

pub static RULE: Rule = Rule {
    code: "display-claim-without-single-reference",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for claim in policy.document().elements().filter(|it| it.name() == "DisplayClaim") {
        let references = ["ClaimTypeReferenceId", "DisplayControlReferenceId"].map(|it| claim.attribute(it).is_some());
        let (message, label) = match references {
            [true, true] => ("this `DisplayClaim` names a claim type and a display control", "which one is shown is open"),
            [false, false] => ("this `DisplayClaim` names neither a claim type nor a display control", "shows nothing"),
            _ => continue,
        };
        let diagnostic = findings.report(claim.start_tag(), message);
        diagnostic.label(label).help("give it one of `ClaimTypeReferenceId` and `DisplayControlReferenceId`");
        if references == [false, false] {
            diagnostic.refused();
        }
    }
}
