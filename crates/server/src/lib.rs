//! The service: Azure AD B2C's own URLs on axum. A request is taken apart here, judged by `wayfarer-oauth`, run by the
//! engine, and put together again.
//!
//! Never in here: SQL and protocol decisions. Start reading at [`Service`], then [`serve`].

mod endpoints;
mod service;
mod url;

pub use endpoints::{router, serve};
pub use service::{Policy, Service};
