//! Connections: accepted, kept to limits, and ended without losing a request.

mod accept;
mod drain;
mod guarded;
mod limits;
mod lines;
#[cfg(test)]
mod patience;

pub use accept::{Options, serve};
pub(crate) use drain::Drain;
pub(crate) use guarded::{Guarded, Observed};
pub use limits::Limits;
