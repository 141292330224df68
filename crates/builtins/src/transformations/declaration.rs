use super::predicates::PredicateValidation;
use crate::DataType;

/// A `ClaimsTransformation` element as the policy declares it, with every claim type resolved.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// The element's `Id`.
    pub id: String,
    /// `InputClaims`, in document order.
    pub inputs: Vec<DeclaredClaim>,
    /// `InputParameters`, in document order.
    pub parameters: Vec<DeclaredParameter>,
    /// `OutputClaims`, in document order.
    pub outputs: Vec<DeclaredClaim>,
}

/// One `InputClaim` or `OutputClaim`.
#[derive(Clone, Debug)]
pub struct DeclaredClaim {
    /// Its `TransformationClaimType`, or the claim type's id where it has none (reference, R1).
    pub slot: String,
    /// The claim type's id.
    pub claim_type: String,
    /// The claim type's data type.
    pub data_type: DataType,
    /// The claim type's predicate validation; only `CopyClaimIfPredicateMatch` reads it, of its output.
    pub predicate_validation: Option<PredicateValidation>,
    /// The claim type's `Restriction`; only `GetMappedValueFromLocalizedCollection` reads it, of its output.
    pub enumeration: Vec<EnumerationItem>,
}

/// One `InputParameter`.
#[derive(Clone, Debug)]
pub struct DeclaredParameter {
    /// Its `Id`.
    pub id: String,
    /// Its `DataType`.
    pub data_type: DataType,
    /// Its `Value`.
    pub value: String,
}

/// One `Enumeration`, or one `Item` of a localized `Restriction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumerationItem {
    /// What is shown.
    pub text: String,
    /// What is stored.
    pub value: String,
}

impl DeclaredClaim {
    /// A claim without predicate validation and enumeration.
    pub fn new(slot: impl Into<String>, claim_type: impl Into<String>, data_type: DataType) -> Self {
        Self {
            slot: slot.into(),
            claim_type: claim_type.into(),
            data_type,
            predicate_validation: None,
            enumeration: Vec::new(),
        }
    }
}

impl DeclaredParameter {
    /// A parameter.
    pub fn new(id: impl Into<String>, data_type: DataType, value: impl Into<String>) -> Self {
        Self { id: id.into(), data_type, value: value.into() }
    }
}
