//! The preconditions of a policy's own file.

use crate::rules::overrides::items;
use wayfarer_model::{Attribute, ClaimType, Element, Policy, Text};

/// `Precondition` of an orchestration step or of a validation technical profile.
#[derive(Clone, Copy)]
pub(super) struct Written<'p> {
    pub(super) element: Element<'p>,
    /// Whether it belongs to an orchestration step.
    pub(super) is_of_step: bool,
}

/// Every precondition of the file. Each rule walks to them by name: a file's elements are many, and these are few.
pub(super) fn own(policy: &Policy) -> impl Iterator<Item = Written<'_>> {
    let sections = policy.document().root().into_iter().flat_map(Element::children);
    sections.flat_map(|section| {
        let is_journeys = matches!(section.name(), "UserJourneys" | "SubJourneys");
        let is_providers = section.name() == "ClaimsProviders";
        let of_steps = is_journeys.then(|| steps(section)).into_iter().flatten();
        let of_profiles = is_providers.then(|| validation_profiles(section)).into_iter().flatten();
        of_steps.chain(of_profiles).flat_map(move |owner| {
            let written = items(owner, "Preconditions", "Precondition");
            written.map(move |element| Written { element, is_of_step: is_journeys })
        })
    })
}

fn steps(journeys: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    journeys.children().flat_map(|it| items(it, "OrchestrationSteps", "OrchestrationStep"))
}

fn validation_profiles(providers: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let profiles = providers.children().flat_map(|it| items(it, "TechnicalProfiles", "TechnicalProfile"));
    profiles.flat_map(|it| items(it, "ValidationTechnicalProfiles", "ValidationTechnicalProfile"))
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
