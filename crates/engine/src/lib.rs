//! Runs a user journey: [`advance`] takes a [`Plan`], the state of the journey and the request, and goes on until the
//! journey completes or fails. All it asks of the world it asks of a `Host`, so a run is repeatable.
//!
//! Nothing survives between two calls except [`JourneyState`], which is serializable. Never in here: XML, axum, SQL, and
//! what a token looks like (that is `wayfarer-oauth`'s). Start reading at [`Plan`], then [`advance`].

mod error;
mod journey;
mod localization;
pub mod plan;
mod precondition;
mod profile;
mod request;
mod trace;

pub use error::JourneyError;
pub use journey::{Completed, JourneyState, Outcome, TokenClaim, advance};
pub use plan::Plan;
pub use request::Request;
pub use trace::{Change, StepTrace, Trace};

/// What a journey knows at one moment: claim type id to value. A claim without an entry is absent or null.
pub type ClaimsBag = indexmap::IndexMap<String, wayfarer_builtins::Value>;
