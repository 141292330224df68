//! `Authorization: Basic`. RFC 6749 §2.3.1, RFC 7617.

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine};
use wayfarer_store::Secret;

use crate::error::{ProtocolError, TokenError};

use super::form;

/// A client's name and the readings of its secret.
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) secrets: Vec<Secret>,
}

/// Both halves are form-urlencoded before base64, but many clients leave that out: so the raw secret counts as well.
pub(super) fn parse(header: &[u8]) -> Result<Credentials, TokenError> {
    let unreadable = |detail| TokenError::new(ProtocolError::UnreadableCredentials).with_detail(detail);
    let text = std::str::from_utf8(header).map_err(|_| unreadable("the Authorization header is not text"))?;
    let (scheme, encoded) = text.trim().split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(unreadable("the Authorization header is not of the scheme Basic"));
    }
    let encoded = encoded.trim();
    let pair = BASE64_STANDARD.decode(encoded).or_else(|_| BASE64_STANDARD_NO_PAD.decode(encoded)).ok();
    let pair = pair.and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.ok_or_else(|| unreadable("the Authorization header is not base64 of UTF-8 text"))?;
    let (id, secret) = pair.split_once(':').ok_or_else(|| unreadable("the Authorization header has no colon"))?;
    let client_id = form::decode(id.as_bytes()).unwrap_or_else(|| id.to_owned());
    let mut secrets: Vec<Secret> = form::decode(secret.as_bytes()).into_iter().map(Secret::new).collect();
    if secrets.iter().all(|decoded| decoded.expose() != secret) {
        secrets.push(Secret::new(secret));
    }
    secrets.retain(|secret| !secret.expose().is_empty());
    Ok(Credentials { client_id, secrets })
}
