//! A journey as the analysis walks it: steps with sub journeys in their places, technical profiles with what they need and
//! set. Pages, federation and directories count by what they can do to the claims.

mod journey;
mod profile;

use crate::interned::{ClaimId, TextId};
use std::collections::HashSet;
use std::rc::Rc;
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_diagnostics::Span;

/// What is walked.
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    /// How many steps there are, those of sub journeys included.
    pub(crate) count: usize,
    /// A sub journey that calls itself, or is called too deep, is not entered: nothing certain is known behind it.
    pub(crate) too_deep: Option<Span>,
    /// The claims that a technical profile of a step, or a claims transformation after it, may set.
    pub(crate) declared: HashSet<ClaimId>,
}

/// The number of a step among all steps, those of sub journeys included.
pub(crate) type StepId = usize;

pub(crate) struct Step {
    pub(crate) id: StepId,
    pub(crate) order: String,
    pub(crate) preconditions: Vec<Precondition>,
    pub(crate) action: Action,
    pub(crate) span: Span,
}

pub(crate) struct Precondition {
    pub(crate) claim: ClaimId,
    /// `None`: `ClaimsExist`.
    pub(crate) literal: Option<TextId>,
    pub(crate) execute_actions_if: bool,
    pub(crate) span: Span,
    /// In words, such as "`objectId` exists".
    pub(crate) words: String,
}

pub(crate) enum Action {
    /// Changes nothing.
    Nothing,
    Exchange(Vec<Exchange>),
    Select {
        /// Ids of exchanges of the next step.
        targets: Vec<String>,
        /// The forms that are submitted within this step.
        local: Vec<Exchange>,
    },
    Send,
    Get(Rc<Profile>),
    Call(Vec<Step>),
    Transfer(Vec<Step>),
}

pub(crate) struct Exchange {
    pub(crate) id: String,
    pub(crate) profile: Rc<Profile>,
}

pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) kind: ProfileKind,
    pub(crate) enabled: Enabled,
    pub(crate) before: Vec<Transformation>,
    pub(crate) inputs: Vec<Row>,
    pub(crate) outputs: Vec<Row>,
    pub(crate) after: Vec<Transformation>,
    /// What a page asks the user for, and whether it must be filled in.
    pub(crate) collects: Vec<(ClaimId, bool)>,
    /// What a page runs when it is submitted.
    pub(crate) validations: Vec<Validation>,
    /// What its session keeps, where a session may stand in for the call.
    pub(crate) session: Option<Session>,
}

pub(crate) enum Enabled {
    Always,
    Never,
    /// When the claim exists.
    IfExists(ClaimId),
    /// It depends on values.
    Perhaps,
}

pub(crate) struct Validation {
    pub(crate) profile: Rc<Profile>,
    pub(crate) preconditions: Vec<Precondition>,
    /// A failure lets the page go on.
    pub(crate) continue_on_error: bool,
}

pub(crate) struct Session {
    pub(crate) profile: String,
    pub(crate) persisted: Vec<ClaimId>,
    pub(crate) outputs: Vec<Row>,
}

/// An input or output claim.
pub(crate) struct Row {
    pub(crate) claim: ClaimId,
    pub(crate) partner: String,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) always_use_default: bool,
    pub(crate) required: bool,
    /// Whether the row says what the other side calls the claim.
    pub(crate) has_partner: bool,
    pub(crate) span: Span,
    pub(crate) returned: Returned,
}

/// Whether a technical profile gives a claim when it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returned {
    /// It only passes on what is there, and sets defaults.
    Never,
    Maybe,
    Always,
    /// The user fills it in.
    Entered {
        /// Whether the page insists.
        required: bool,
    },
}

pub(crate) enum DefaultValue {
    /// A text of the policy.
    Literal(TextId),
    /// What stands for it is known when it runs.
    Resolver { written: String, yields: Yields },
}

/// What a claim resolver gives in this kind of journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yields {
    Always,
    Maybe,
    Never,
    /// What a claim holds.
    Claim(ClaimId),
}

pub(crate) struct Transformation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) span: Span,
    pub(crate) inputs: Vec<Argument>,
    pub(crate) outputs: Vec<WrittenClaim>,
}

pub(crate) struct Argument {
    pub(crate) claim: ClaimId,
    /// Without a value the transformation fails.
    pub(crate) needed: bool,
    pub(crate) span: Span,
}

pub(crate) struct WrittenClaim {
    pub(crate) claim: ClaimId,
    pub(crate) effect: Effect,
}

/// What a transformation does to an output when its inputs have values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Sets,
    MaySet,
    Clears,
    /// The value of this input.
    Copies(ClaimId),
}

pub(crate) use journey::{compile, relying_party_default};
