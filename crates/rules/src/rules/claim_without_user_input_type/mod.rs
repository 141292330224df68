use crate::rules::requested;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy};

pub static RULE: Rule = Rule {
    code: "claim-without-user-input-type",
    level: Severity::Error,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for element in requested::elements(policy).filter(|it| it.name() == "DisplayClaim") {
        let Some(name) = element.attribute("ClaimTypeReferenceId") else { continue };
        let Some(claim_type) = policy.get(Kind::ClaimType, name.value()) else { continue };
        if claim_type.as_ref().child("UserInputType").is_none() {
            let diagnostic = findings.report(
                name.value_span(),
                format!("`{}` is shown on a page, and has no `UserInputType`", name.value()),
            );
            diagnostic
                .label("no control to show it with")
                .help("give the claim type a `UserInputType`, such as `TextBox`");
            if let Some(id) = claim_type.as_ref().attribute("Id") {
                diagnostic.related(id.span, "declared here");
            }
        }
    }
}
