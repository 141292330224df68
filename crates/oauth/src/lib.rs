//! OAuth 2.0 as Azure AD B2C speaks it: pure decisions from a request and a tenant to a token, an answer or an error.
//!
//! Never in it: axum types, HTML, journeys, files, clocks. Time and keys are handed in. Where to start: a request is
//! read by [`request`], judged by [`grants`], turned into claims by [`token`], signed by [`jose`] and answered by
//! [`response`] or, when it fails, by [`error`]. [`metadata`] describes the service.

pub mod error;
pub mod grants;
pub mod jose;
pub mod metadata;
pub mod request;
pub mod response;
pub mod token;

pub use error::{OAuthError, ProtocolError, TokenError};
pub use grants::Grant;
pub use request::TokenRequest;
