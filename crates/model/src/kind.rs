use wayfarer_syntax::Element;

/// What a policy defines by id and refers to by name. Ids compare without case: the schema's keys don't, the service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `BuildingBlocks/ClaimsSchema/ClaimType`
    ClaimType,
    /// `BuildingBlocks/Predicates/Predicate`
    Predicate,
    /// `BuildingBlocks/InputValidations/InputValidation`
    InputValidation,
    /// `BuildingBlocks/PredicateValidations/PredicateValidation`
    PredicateValidation,
    /// `BuildingBlocks/ClaimsTransformations/ClaimsTransformation`
    ClaimsTransformation,
    /// `BuildingBlocks/ClientDefinitions/ClientDefinition`
    ClientDefinition,
    /// `BuildingBlocks/ContentDefinitions/ContentDefinition`
    ContentDefinition,
    /// `BuildingBlocks/Localization/LocalizedResources`
    LocalizedResources,
    /// `BuildingBlocks/DisplayControls/DisplayControl`
    DisplayControl,
    /// `ClaimsProviders/ClaimsProvider/TechnicalProfiles/TechnicalProfile`
    TechnicalProfile,
    /// `UserJourneys/UserJourney`
    UserJourney,
    /// `SubJourneys/SubJourney`
    SubJourney,
}

impl Kind {
    /// All kinds, in the order of a policy file.
    pub const ALL: [Self; 12] = [
        Self::ClaimType,
        Self::Predicate,
        Self::InputValidation,
        Self::PredicateValidation,
        Self::ClaimsTransformation,
        Self::ClientDefinition,
        Self::ContentDefinition,
        Self::LocalizedResources,
        Self::DisplayControl,
        Self::TechnicalProfile,
        Self::UserJourney,
        Self::SubJourney,
    ];

    /// The element's name, which is also how messages call it.
    pub fn element(self) -> &'static str {
        match self {
            Self::ClaimType => "ClaimType",
            Self::Predicate => "Predicate",
            Self::InputValidation => "InputValidation",
            Self::PredicateValidation => "PredicateValidation",
            Self::ClaimsTransformation => "ClaimsTransformation",
            Self::ClientDefinition => "ClientDefinition",
            Self::ContentDefinition => "ContentDefinition",
            Self::LocalizedResources => "LocalizedResources",
            Self::DisplayControl => "DisplayControl",
            Self::TechnicalProfile => "TechnicalProfile",
            Self::UserJourney => "UserJourney",
            Self::SubJourney => "SubJourney",
        }
    }

    /// What an element of that name defines.
    pub fn of_element(name: &str) -> Option<Self> {
        match name {
            "ClaimType" => Some(Self::ClaimType),
            "Predicate" => Some(Self::Predicate),
            "InputValidation" => Some(Self::InputValidation),
            "PredicateValidation" => Some(Self::PredicateValidation),
            "ClaimsTransformation" => Some(Self::ClaimsTransformation),
            "ClientDefinition" => Some(Self::ClientDefinition),
            "ContentDefinition" => Some(Self::ContentDefinition),
            "LocalizedResources" => Some(Self::LocalizedResources),
            "DisplayControl" => Some(Self::DisplayControl),
            "TechnicalProfile" => Some(Self::TechnicalProfile),
            "UserJourney" => Some(Self::UserJourney),
            "SubJourney" => Some(Self::SubJourney),
            _ => None,
        }
    }

    /// The element that holds the definitions, and the one around it (`None`: the root).
    pub(crate) fn containers(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::ClaimType => ("ClaimsSchema", Some("BuildingBlocks")),
            Self::Predicate => ("Predicates", Some("BuildingBlocks")),
            Self::InputValidation => ("InputValidations", Some("BuildingBlocks")),
            Self::PredicateValidation => ("PredicateValidations", Some("BuildingBlocks")),
            Self::ClaimsTransformation => ("ClaimsTransformations", Some("BuildingBlocks")),
            Self::ClientDefinition => ("ClientDefinitions", Some("BuildingBlocks")),
            Self::ContentDefinition => ("ContentDefinitions", Some("BuildingBlocks")),
            Self::LocalizedResources => ("Localization", Some("BuildingBlocks")),
            Self::DisplayControl => ("DisplayControls", Some("BuildingBlocks")),
            Self::TechnicalProfile => ("TechnicalProfiles", Some("ClaimsProvider")),
            Self::UserJourney => ("UserJourneys", None),
            Self::SubJourney => ("SubJourneys", None),
        }
    }

    /// What a container holds; `None` where it has no business, since nobody looks for definitions there.
    pub(crate) fn of_container(container: Element<'_>) -> Option<Self> {
        let around = container.parent().filter(|it| it.parent().is_some()).map(Element::name);
        Self::ALL.into_iter().find(|it| it.containers() == (container.name(), around))
    }

    /// What an element defines; `None` where it is no definition.
    pub fn of_definition(element: Element<'_>) -> Option<Self> {
        let named = Self::ALL.into_iter().find(|it| it.element() == element.name())?;
        Self::of_container(element.parent()?).filter(|it| *it == named)
    }
}

/// An id as it is compared: without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(Box<str>);

impl Key {
    pub(crate) fn of(id: &str) -> Self {
        Self(if id.is_ascii() { id.to_ascii_lowercase() } else { id.to_lowercase() }.into_boxed_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_element() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_element(kind.element()), Some(kind));
        }
        assert_eq!(Kind::of_element("OutputClaim"), None);
    }
}
