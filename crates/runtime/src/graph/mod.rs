//! Microsoft Graph's custom policies over HTTP: the real service's, or those that `wayfarer serve` has. Reference "graph", 2.
//!
//! One call is one request. Whoever calls decides what a refusal means and whether to wait.

mod address;
mod error;

pub use error::{GraphAnswer, GraphError};

use address::Address;
use bytes::{Bytes, BytesMut};
use error::connection;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, StatusCode, redirect};
use std::time::Duration;
use wayfarer_builtins::Secret;

/// A policy has at most 1 MB; answers of Graph hold one, or a few messages.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;
/// To connect may take this long.
const CONNECT: Duration = Duration::from_secs(15);
/// The service judges a policy with its whole chain before it answers.
const ANSWER: Duration = Duration::from_secs(180);

/// What became of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The tenant has a new policy.
    Created,
    /// A policy of the tenant was replaced.
    Replaced,
}

/// The custom policies of a tenant.
#[derive(Debug)]
pub struct Graph {
    address: Address,
    client: Client,
    authorization: HeaderValue,
    /// Only to take it out of what is told.
    token: Secret,
}

impl Graph {
    /// Policies at `address` (such as `https://graph.microsoft.com/beta`), with a bearer token. `authorities` are PEM
    /// certificates that are trusted beside the system's.
    ///
    /// # Errors
    /// The address, the token or the certificates are none, or the token would go over the network in clear.
    pub fn new(address: &str, token: &str, authorities: Option<&[u8]>) -> Result<Self, GraphError> {
        let address = Address::parse(address)?;
        // `Bearer`, mostly, which stands before it in a header.
        if token.contains(char::is_whitespace) {
            return Err(GraphError::InvalidToken);
        }
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| GraphError::InvalidToken)?;
        authorization.set_sensitive(true);
        // A redirect would take the token to where nobody meant it to go.
        let mut builder = Client::builder().redirect(redirect::Policy::none()).connect_timeout(CONNECT).timeout(ANSWER);
        builder = builder.user_agent(concat!("wayfarer/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = authorities {
            let certificates = Certificate::from_pem_bundle(pem).map_err(|_| GraphError::InvalidAuthority)?;
            if certificates.is_empty() {
                return Err(GraphError::InvalidAuthority);
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if !address.is_secure() {
            // It is this machine's.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| GraphError::Client(connection(&error)))?;
        let token = Secret::new(token);
        Ok(Self { address, client, authorization, token })
    }

    /// The policy as the tenant has it; `None` where it has none of that id.
    ///
    /// # Errors
    /// Everything but an answer that says one or the other.
    pub async fn policy(&self, id: &str) -> Result<Option<Bytes>, GraphError> {
        let answer = self.send(self.request(Method::GET, id)).await?;
        match answer.status {
            StatusCode::OK => Ok(Some(answer.body)),
            // Another 404 would be the address's.
            StatusCode::NOT_FOUND if answer.is_graphs(&self.token) => Ok(None),
            _ => Err(answer.into_error(&self.token)),
        }
    }

    /// Puts a policy into the tenant, in the place of the one that it has of that id.
    ///
    /// # Errors
    /// Everything but a success; [`GraphError::Refused`] where the service doesn't take the policy.
    pub async fn put(&self, id: &str, xml: Vec<u8>) -> Result<Stored, GraphError> {
        let request = self.request(Method::PUT, id).header(CONTENT_TYPE, "application/xml").body(xml);
        let answer = self.send(request).await?;
        match answer.status {
            StatusCode::CREATED => Ok(Stored::Created),
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(Stored::Replaced),
            _ => Err(answer.into_error(&self.token)),
        }
    }

    fn request(&self, method: Method, id: &str) -> RequestBuilder {
        self.client.request(method, self.address.policy(id)).header(AUTHORIZATION, self.authorization.clone())
    }

    async fn send(&self, request: RequestBuilder) -> Result<Received, GraphError> {
        let failed = |error: reqwest::Error| match error.is_timeout() {
            true if error.is_connect() => GraphError::Timeout { host: self.address.host(), after: CONNECT },
            true => GraphError::Timeout { host: self.address.host(), after: ANSWER },
            false => GraphError::Connection { host: self.address.host(), reason: connection(&error) },
        };
        let mut response = request.send().await.map_err(failed)?;
        if response.status().is_redirection() {
            return Err(GraphError::Redirected { host: self.address.host(), to: target(&response) });
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(GraphError::TooLarge { limit: ANSWER_LIMIT });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Received { status, headers, body: body.freeze() })
    }
}

/// The host that a redirect leads to; its query may hold anything.
fn target(response: &Response) -> String {
    let location = response.headers().get(reqwest::header::LOCATION).and_then(|it| it.to_str().ok());
    let target = location.and_then(|it| response.url().join(it).ok());
    target.and_then(|it| it.host_str().map(str::to_owned)).unwrap_or_else(|| "nowhere".to_owned())
}

/// An answer that came whole.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    fn answer(&self, token: &Secret) -> GraphAnswer {
        GraphAnswer::read(self.status.as_u16(), &self.body, token.expose())
    }

    fn is_graphs(&self, token: &Secret) -> bool {
        !self.answer(token).code.is_empty()
    }

    fn into_error(self, token: &Secret) -> GraphError {
        let answer = self.answer(token);
        match self.status {
            StatusCode::BAD_REQUEST if !answer.code.is_empty() => GraphError::Refused(answer),
            StatusCode::UNAUTHORIZED => GraphError::Unauthorized(answer),
            StatusCode::FORBIDDEN => GraphError::Forbidden(answer),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let after = self.headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok());
                GraphError::Busy { after: after.and_then(|it| retry_after(it, jiff::Timestamp::now())), answer }
            }
            _ => GraphError::Unexpected(answer),
        }
    }
}

/// RFC 9110 §10.2.3: seconds, or a date.
fn retry_after(text: &str, now: jiff::Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_busy_service_asks_to_wait() {
        let now = "2015-10-21T07:27:00Z".parse().unwrap();
        for (text, expected) in [
            ("30", Some(30)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(60)),
            ("Wed, 21 Oct 2015 07:26:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(text, now), expected.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_token_is_shown_nowhere() {
        let graph = Graph::new("https://graph.microsoft.com/beta", "eyJ0.secret.token", None).unwrap();
        assert!(!format!("{graph:?}").contains("secret"), "{graph:?}");
    }

    #[test]
    fn what_is_no_token_and_no_certificate() {
        let error =
            |token: &str, pem: Option<&[u8]>| Graph::new("https://x/beta", token, pem).err().unwrap().to_string();
        for token in ["two\nlines", "Bearer eyJ0", "\u{20ac}\u{0}"] {
            assert_eq!(error(token, None), "the token has characters that no token has");
        }
        assert_eq!(error("t", Some(b"hello")), "there is no certificate in it");
    }
}
