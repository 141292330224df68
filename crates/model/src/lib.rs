//! The effective policy: a chain of policy files merged by the rules of inheritance, with the place of every piece.
//!
//! A file as written is the element tree of `wayfarer-syntax`; a [`Policy`] is one file laid over its base policies. What a
//! file does not touch is not copied: a `Policy` holds its own definitions and a reference to its base, so a chain costs
//! what its files cost, and policies that share bases share the work. Typed readers ([`TechnicalProfile`],
//! [`UserJourney`] …) look at that tree; nothing is lowered before someone asks.
//!
//! Never in here: opinions (they are rules), execution, I/O. Start reading at [`Policy`], then `merge`.

mod bases;
mod client_credentials;
pub mod effective;
mod kind;
mod merge;
mod node;
mod policy;
mod predicates;
mod references;
mod view;

pub use bases::{BaseGraph, is_user_flow};
pub use client_credentials::CLIENT_CREDENTIALS_JOURNEY;
pub use kind::Kind;
pub use node::{Node, NodeRef, Text, Written};
pub use policy::Policy;
pub use predicates::{UnresolvedName, predicate};
pub use references::{Reference, references};
pub use view::{
    ClaimReference, ClaimType, ClaimsExchange, ClaimsTransformation, Item, NamedBy, OrchestrationStep, Precondition,
    Protocol, RelyingParty, StepType, TechnicalProfile, TransformationArgument, TransformationParameter, UserJourney,
};
// The tree as written is part of what a policy shows: rules on inheritance compare files.
pub use wayfarer_syntax::{Attribute, Element, Place, escaped, layout};
