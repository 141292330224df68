//! What a claim type says of the texts that a person enters for it and of how its value is shown: data type, control,
//! restriction, predicates, mask (reference "claims", sections 5 to 10.3).
//!
//! Start at [`ClaimRules`]: it is what a policy declares; [`ClaimRules::compile`] parses all of it once, and
//! [`CompiledClaimRules::judge`] and [`CompiledClaimRules::shown`] are what a page calls. Pure, like the transformations.

mod entry;
mod mask;
mod restriction;
#[cfg(test)]
mod tests;
mod user_input_type;

pub use entry::{Cause, Entry, Judgement, Message, Necessity};
pub use mask::{CompiledMask, Mask};
pub use restriction::{CompiledPattern, EnumerationChoice, Pattern, Restriction};
pub use user_input_type::UserInputType;

use crate::transformations::predicates::{CompiledValidation, PredicateError, PredicateValidation};
use crate::transformations::regex::RegexError;
use crate::{DataType, Value};

/// The rules of one claim type as the merged policy declares them.
#[derive(Clone, Debug)]
pub struct ClaimRules {
    /// The claim type's `Id`.
    pub claim_type: String,
    /// `DataType`
    pub data_type: DataType,
    /// `DisplayName`; without it the page shows the id.
    pub display_name: Option<String>,
    /// `UserHelpText`
    pub user_help_text: Option<String>,
    /// `UserInputType`
    pub user_input_type: Option<UserInputType>,
    /// `Restriction`
    pub restriction: Option<Restriction>,
    /// What `PredicateValidationReference` and the older `InputValidationReference` name: all must hold.
    pub validations: Vec<PredicateValidation>,
    /// `Mask`
    pub mask: Option<Mask>,
}

/// The same with every expression and parameter parsed.
#[derive(Debug)]
pub struct CompiledClaimRules {
    declared: ClaimRules,
    pattern: Option<CompiledPattern>,
    validations: Vec<CompiledValidation>,
    mask: Option<CompiledMask>,
}

/// A rule that can't be used; the policy is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRulesError {
    /// The expression of `Restriction/Pattern`.
    #[error("the `Pattern` {0}")]
    Pattern(RegexError),
    /// The expression of `Mask`, or its absence.
    #[error("the `Mask` {0}")]
    Mask(RegexError),
    /// A predicate or a group.
    #[error(transparent)]
    Predicate(#[from] PredicateError),
}

impl ClaimRules {
    /// Rules of a claim type that has nothing but a data type.
    pub fn new(claim_type: impl Into<String>, data_type: DataType) -> Self {
        Self {
            claim_type: claim_type.into(),
            data_type,
            display_name: None,
            user_help_text: None,
            user_input_type: None,
            restriction: None,
            validations: Vec::new(),
            mask: None,
        }
    }

    /// Parses everything.
    ///
    /// # Errors
    /// An expression or a predicate is malformed.
    pub fn compile(self) -> Result<CompiledClaimRules, ClaimRulesError> {
        let pattern = match &self.restriction {
            Some(Restriction::Pattern(it)) => Some(it.compile().map_err(ClaimRulesError::Pattern)?),
            _ => None,
        };
        let validations = self.validations.iter().map(PredicateValidation::compile).collect::<Result<_, _>>()?;
        let mask = self.mask.as_ref().map(Mask::compile).transpose().map_err(ClaimRulesError::Mask)?;
        Ok(CompiledClaimRules { declared: self, pattern, validations, mask })
    }
}

impl CompiledClaimRules {
    /// What the policy declares.
    pub fn declared(&self) -> &ClaimRules {
        &self.declared
    }

    /// How a page shows a value where it can't be edited: masked where the claim type has a mask. The mask is never
    /// applied to what a field holds, since that would be posted back.
    pub fn shown(&self, value: &Value) -> String {
        let text = value.to_text();
        self.mask.as_ref().map_or_else(|| text.clone(), |it| it.shown(&text))
    }
}
