use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Kind, Policy, StepType};

pub static RULE: Rule = Rule {
    code: "content-definition-misfit",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps() {
            let pages: &[&str] = match step.step_type() {
                Some(StepType::ClaimsProviderSelection) => &["providerselection", "idpselection"],
                Some(StepType::CombinedSignInAndSignUp) => &["unifiedssp", "unifiedssd"],
                _ => continue,
            };
            let Some(name) = step.node.attribute("ContentDefinitionReferenceId") else { continue };
            let Some(definition) = policy.get(Kind::ContentDefinition, name.value) else { continue };
            let Some(data_uri) = definition.as_ref().child("DataUri").map(|it| it.text()) else { continue };
            let Some(page) = page_of(data_uri.value).filter(|it| !pages.contains(it)) else { continue };
            let step_type = step.step_type().map_or("", StepType::as_str);
            let message = format!(
                "step {} of {} is of type `{step_type}`, and `{}` is a `{page}` page",
                journeys::number(&step),
                journeys::title(&journey),
                name.value
            );
            findings
                .report(name.span, message)
                .label("the page can't show this step")
                .help(format!("name a content definition whose `DataUri` is of page `{}`", pages[0]))
                .related(data_uri.span, "the page");
        }
    }
}

/// The page of `urn:com:microsoft:aad:b2c:elements:[contract:]PAGE:VERSION`, where it is one of those that are known
/// (reference "pages", 1.3).
fn page_of(data_uri: &str) -> Option<&str> {
    const PAGES: [&str; 8] = [
        "unifiedssp",
        "unifiedssd",
        "providerselection",
        "idpselection",
        "selfasserted",
        "multifactor",
        "globalexception",
        "claimsconsent",
    ];
    let page = data_uri.trim().rsplit(':').nth(1)?;
    PAGES.contains(&page).then_some(page)
}
