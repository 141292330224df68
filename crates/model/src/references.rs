use crate::{Kind, Text};
use wayfarer_syntax::{Document, Element};

/// A name in a policy file that must resolve to a definition.
#[derive(Clone, Copy)]
pub struct Reference<'d> {
    /// What it must name.
    pub kind: Kind,
    /// The name as written, and where.
    pub name: Text<'d>,
    /// The element that holds it.
    pub element: Element<'d>,
}

/// Every reference of one file, in document order. Definitions only ever grow along a chain, so a file's references
/// need to be looked up once: in the effective policy of that file.
pub fn references(document: &Document) -> impl Iterator<Item = Reference<'_>> {
    document.elements().flat_map(of_element)
}

pub(crate) fn of_element(element: Element<'_>) -> impl Iterator<Item = Reference<'_>> {
    let by_attribute = element.attributes().filter_map(move |attribute| {
        let kind = kind_of_attribute(element.name(), attribute.name())?;
        let name = Text { value: attribute.value(), span: attribute.value_span() };
        Some(Reference { kind, name, element })
    });
    by_attribute.chain(by_text(element))
}

pub(crate) fn kind_of_attribute(element: &str, attribute: &str) -> Option<Kind> {
    match (element, attribute) {
        (_, "ClaimTypeReferenceId") => Some(Kind::ClaimType),
        (_, "TechnicalProfileReferenceId" | "CpimIssuerTechnicalProfileReferenceId") => Some(Kind::TechnicalProfile),
        (_, "DefaultCpimIssuerTechnicalProfileReferenceId") => Some(Kind::TechnicalProfile),
        (_, "ContentDefinitionReferenceId") => Some(Kind::ContentDefinition),
        (_, "DisplayControlReferenceId") => Some(Kind::DisplayControl),
        (_, "SubJourneyReferenceId") => Some(Kind::SubJourney),
        (_, "UserJourneyReferenceId") | ("DefaultUserJourney", "ReferenceId") => Some(Kind::UserJourney),
        (_, "LocalizedResourcesReferenceId") => Some(Kind::LocalizedResources),
        ("InputClaimsTransformation" | "OutputClaimsTransformation", "ReferenceId") => Some(Kind::ClaimsTransformation),
        (
            "ValidationTechnicalProfile"
            | "IncludeTechnicalProfile"
            | "UseTechnicalProfileForSessionManagement"
            | "AuthorizationTechnicalProfile",
            "ReferenceId",
        ) => Some(Kind::TechnicalProfile),
        ("ClientDefinition", "ReferenceId") => Some(Kind::ClientDefinition),
        ("PredicateReference", "Id") => Some(Kind::Predicate),
        ("PredicateValidationReference", "Id") => Some(Kind::PredicateValidation),
        ("InputValidationReference", "Id") => Some(Kind::InputValidation),
        _ => None,
    }
}

/// References that stand as text: `IncludeClaimsFromTechnicalProfile`, and one metadata item that names a page.
fn by_text(element: Element<'_>) -> Option<Reference<'_>> {
    let kind = match element.name() {
        "IncludeClaimsFromTechnicalProfile" => Kind::TechnicalProfile,
        "Item" if element.attribute("Key").is_some_and(|it| it.value() == "ContentDefinitionReferenceId") => {
            Kind::ContentDefinition
        }
        _ => return None,
    };
    let name = Text { value: element.text().trim(), span: element.text_span()? };
    (!name.value.is_empty()).then_some(Reference { kind, name, element })
}
