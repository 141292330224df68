//! Technical-profile providers: what a `TechnicalProfile` can be, which metadata and keys it takes, and, for those
//! that run, what one call does. The network is [`Host`](crate::Host)'s.
//!
//! Start at [`kind_of`], which decides what a profile is; [`ProfileKind::support`] tells what can be done with it. A
//! provider that runs is one folder and one line in [`PROVIDERS`]; every other kind has a line in [`PLANNED`].

mod check;
mod claims_transformation;
mod exchange;
mod jwt_issuer;
mod kind;
mod none;
mod planned;
mod registry;
mod restful;
mod settings;
mod spec;
#[cfg(test)]
mod tests;

pub use exchange::{Call, Exchange, Exchanged, InputValue, Note, Provider, ProviderError, Returned};
pub use jwt_issuer::JwtIssuerSettings;
pub use kind::{ProfileKind, ProfileShape, kind_of};
pub use planned::{PLANNED, Planned};
pub use registry::{PROVIDERS, Support, kinds};
pub use settings::{DeclaredClaim, ProfileSettings, SettingProblem, SettingSubject, Severity};
pub use spec::{Caller, Interaction, KeySlot, MetadataKey, MetadataValue, ProviderSpec};
