//! Every name that a policy may use: data types and their values, what claim types say of them, claims transformations,
//! technical-profile providers, claim resolvers; and [`Host`], everything that a running journey may ask of the outside world.
//!
//! Never in here: sockets, clocks, random sources (they arrive through [`Host`]), and the policy's syntax. Adding a
//! transformation or a provider is one folder and one line in the list beside it.

pub mod claim_rules;
mod data_type;
mod host;
mod localization;
pub mod providers;
pub mod reference;
pub mod resolvers;
mod secret;
pub mod transformations;
mod value;

pub use data_type::DataType;
pub use host::{Host, HostError};
pub use localization::{LocalizedResources, closest_language};
pub use secret::Secret;
pub use value::{Identity, ParseValueError, Value};
