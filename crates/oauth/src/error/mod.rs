//! Errors of the token endpoint: what the client is told, apart from what only the log and the trace may say.

mod protocol;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;
use wayfarer_store::Guid;

pub use protocol::{NotAuthenticated, OAuthError, ProtocolError};

/// A refused token request. `Display` is the public message with its code; [`TokenError::detail`] is private.
#[derive(Debug, thiserror::Error)]
#[error("{}: {public}", public.aadb2c())]
pub struct TokenError {
    public: ProtocolError,
    detail: Option<Cow<'static, str>>,
    used_header: UsedHeader,
}

/// Whether the client authenticated in the `Authorization` header, which decides between 400 and 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UsedHeader {
    Yes,
    No,
}

impl TokenError {
    /// An error without a private detail.
    pub fn new(public: ProtocolError) -> Self {
        Self { public, detail: None, used_header: UsedHeader::No }
    }

    /// Adds what the log and the trace may say, never the client. It must hold no secret and no claim value.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(crate) fn with_header(self, used_header: UsedHeader) -> Self {
        Self { used_header, ..self }
    }

    /// What the client is told.
    pub fn public(&self) -> &ProtocolError {
        &self.public
    }

    /// The OAuth error value.
    pub fn error(&self) -> OAuthError {
        self.public.error()
    }

    /// The number after `AADB2C`.
    pub fn code(&self) -> u32 {
        self.public.code()
    }

    /// What only the log and the trace may say.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The HTTP status: 400, but 401 when a client that used the `Authorization` header was not recognised.
    /// Source: `errors.md` 1, RFC 6749 §5.2.
    pub fn status(&self) -> u16 {
        if self.www_authenticate().is_some() { 401 } else { 400 }
    }

    /// The `WWW-Authenticate` header that goes with 401.
    pub fn www_authenticate(&self) -> Option<&'static str> {
        let unauthorized = self.used_header == UsedHeader::Yes && self.error() == OAuthError::InvalidClient;
        unauthorized.then_some("Basic realm=\"Azure AD B2C\"")
    }

    /// The value of `error_description`: message, correlation id and time, each ended by CR LF.
    pub fn description(&self, correlation_id: Guid, now: Timestamp) -> String {
        let time = now.strftime("%Y-%m-%d %H:%M:%S");
        format!("{self}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: {time}Z\r\n")
    }

    /// The response body: a JSON object with exactly `error` and `error_description`.
    pub fn body(&self, correlation_id: Guid, now: Timestamp) -> String {
        let description = self.description(correlation_id, now);
        json!({ "error": self.error().as_str(), "error_description": description }).to_string()
    }
}

impl From<ProtocolError> for TokenError {
    fn from(public: ProtocolError) -> Self {
        Self::new(public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of a captured body (`errors.md` 1).
    #[test]
    fn the_body_has_two_members_and_ends_its_lines_with_cr_lf() {
        let error = TokenError::new(ProtocolError::UnreadableCredentials).with_detail("expired");
        let id = "11112222-BBBB-3333-cccc-4444dddd5555".parse().unwrap();
        let now = "2025-03-01T09:08:07.9Z".parse().unwrap();
        let expected = concat!(
            r#"{"error":"invalid_client","error_description":"AADB2C90081: The specified client_secret does not match "#,
            r#"the expected value for this client. Please correct the client_secret and try again.\r\n"#,
            r#"Correlation ID: 11112222-bbbb-3333-cccc-4444dddd5555\r\nTimestamp: 2025-03-01 09:08:07Z\r\n"}"#
        );
        assert_eq!(error.body(id, now), expected);
        assert_eq!(error.detail(), Some("expired"));
    }

    #[test]
    fn only_a_client_that_used_the_header_gets_401() {
        let wrong = || TokenError::new(ProtocolError::UnreadableCredentials);
        assert_eq!((wrong().status(), wrong().www_authenticate()), (400, None));
        let header = wrong().with_header(UsedHeader::Yes);
        assert_eq!((header.status(), header.www_authenticate()), (401, Some("Basic realm=\"Azure AD B2C\"")));
        assert_eq!(TokenError::new(ProtocolError::ScopeMissing).with_header(UsedHeader::Yes).status(), 400);
    }
}
