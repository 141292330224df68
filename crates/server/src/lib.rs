//! The service: Azure AD B2C's own URLs over HTTP and HTTPS. A request is taken apart here, judged by `wayfarer-oauth`, run
//! by the engine, and put together again.
//!
//! Never in here: SQL and protocol decisions. Start reading at [`Service`], then [`serve`], which hands every request to
//! `endpoints`; [`follow`] puts what changed on disk in place.

mod connections;
mod endpoints;
mod graph;
mod live;
mod log;
mod rate;
mod reload;
mod service;
mod source;
mod uploads;
mod url;

pub use connections::{Limits, Options, serve};
pub use graph::Graph;
pub use rate::AZURE_RATE;
pub use reload::follow;
pub use service::{Parts, ReloadError, Service};
pub use source::{Loaded, Source};
pub use uploads::{Overlay, Uploaded, Uploads};
