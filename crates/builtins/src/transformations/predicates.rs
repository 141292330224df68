//! Predicates and predicate validations (reference "claims", sections 8 and 9).

/// A `PredicateValidation`: valid is what satisfies every group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateValidation {
    /// Its `PredicateGroups`.
    pub groups: Vec<PredicateGroup>,
}

/// A `PredicateGroup`: satisfied when each of its `PredicateReferences` is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateGroup {
    /// Its `PredicateReferences` elements.
    pub references: Vec<PredicateReferences>,
}

/// A `PredicateReferences`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateReferences {
    /// `MatchAtLeast`; without it all predicates must hold.
    pub match_at_least: Option<u32>,
    /// The predicates that are referred to.
    pub predicates: Vec<Predicate>,
}

/// A `Predicate` as the policy declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Predicate {
    /// Its `Id`.
    pub id: String,
    /// Its `Method`.
    pub method: String,
    /// Its parameters: `Id` and text.
    pub parameters: Vec<(String, String)>,
}
