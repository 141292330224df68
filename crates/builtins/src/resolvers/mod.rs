//! Claim resolvers: texts such as `{Policy:PolicyId}` that stand for something of the request, the policy or the
//! journey. Start at [`parse`]; [`place_rule`] tells where one works, and [`Resolver::resolve`] what it stands for.
//!
//! Reference "claim-resolvers". What is not documented there, and chosen here, is marked in [`RESOLVERS`].

mod context;
mod culture;
mod embedded;
mod parse;
mod place;
mod resolve;
mod table;
#[cfg(test)]
mod tests;

pub use context::{JourneyKind, Request, ResolverContext, SamlRequest, TokenResponse, is_protocol_parameter};
pub use embedded::{Target, resolve_within};
pub use parse::{Braces, Resolver, parse};
pub use place::{Place, PlaceRule, ResolvingFlag, place_rule};
pub use resolve::ResolverError;
pub use table::{Namespace, PlaceNote, RESOLVERS, ResolverName, ResolverSpec, ResultType};
