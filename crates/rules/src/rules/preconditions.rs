//! The preconditions of a policy's own file.

use wayfarer_model::{Attribute, ClaimType, Element, Policy, Text};

/// `Precondition` of an orchestration step, of a validation technical profile, or of one that validates a claims exchange.
#[derive(Clone, Copy)]
pub(super) struct Written<'p> {
    pub(super) element: Element<'p>,
    /// Whether it belongs to an orchestration step.
    pub(super) is_of_step: bool,
}

/// Every precondition of the file.
pub(super) fn own(policy: &Policy) -> impl Iterator<Item = Written<'_>> {
    let sections = policy.document().root().into_iter().flat_map(Element::children);
    let holders = sections.flat_map(|section| match section.name() {
        "UserJourneys" | "SubJourneys" => below(section, &["*", "OrchestrationSteps", "OrchestrationStep"]),
        "ClaimsProviders" => below(section, &["ClaimsProvider", "TechnicalProfiles", "TechnicalProfile", "*", "*"]),
        _ => Vec::new(),
    });
    let written =
        holders.flat_map(|it| it.children_named("Preconditions").flat_map(|it| it.children_named("Precondition")));
    written.map(|element| Written {
        element,
        is_of_step: owner(element).is_some_and(|it| it.name() == "OrchestrationStep"),
    })
}

fn owner(precondition: Element<'_>) -> Option<Element<'_>> {
    precondition.parent()?.parent()
}

/// The descendants on that way down; `*` is any name. Validation profiles of an exchange lie deeper, and no public policy
/// has any.
fn below<'p>(section: Element<'p>, path: &[&str]) -> Vec<Element<'p>> {
    path.iter().fold(vec![section], |found, name| {
        found.iter().flat_map(|it| it.children().filter(|it| *name == "*" || it.name() == *name)).collect()
    })
}

impl<'p> Written<'p> {
    fn value(self, nth: usize) -> Option<Text<'p>> {
        let value = self.element.children_named("Value").nth(nth)?;
        Some(Text { value: value.text(), span: value.text_span()? })
    }

    /// `Type`
    pub(super) fn kind(self) -> Option<Attribute<'p>> {
        self.element.attribute("Type")
    }

    /// The claim that is asked for, where it is declared.
    pub(super) fn claim_type(self, policy: &Policy) -> Option<ClaimType> {
        policy.claim_type(self.value(0)?.value.trim())
    }

    /// The literal of a `ClaimEquals`, as written: comparison is ordinal.
    pub(super) fn literal(self) -> Option<Text<'p>> {
        let compares = self.kind().is_some_and(|it| it.value() == "ClaimEquals");
        self.value(1).filter(|_| compares)
    }
}
