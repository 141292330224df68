//! The scheme and host that the client used: they begin `iss` and every URL of the discovery document.

use crate::live::Live;
use http::{HeaderMap, Request, header};

/// Where the client believes it is.
pub(super) struct Origin {
    /// `https://contoso.b2clogin.com`, with the port where there is one.
    pub(super) url: String,
    scheme_length: usize,
}

/// A request that came for another place.
pub(super) enum Misplaced {
    /// No host, or several (RFC 9112 §3.2).
    Malformed,
    /// A host that is none of the tenant's.
    Unknown(String),
}

impl Origin {
    pub(super) fn of<B>(scheme: &str, request: &Request<B>, live: &Live) -> Result<Self, Misplaced> {
        let host = match request.uri().authority() {
            // RFC 9112 §3.2.2: an absolute target comes before `Host`.
            Some(authority) => authority.as_str(),
            None => host(request.headers())?.unwrap_or_else(|| live.first_host()),
        };
        if !live.answers_to(host) {
            return Err(Misplaced::Unknown(host.chars().take(100).collect::<String>().escape_debug().to_string()));
        }
        let url = format!("{scheme}://{}", host.to_ascii_lowercase());
        Ok(Self { url, scheme_length: scheme.len() + 3 })
    }

    /// The host alone, with its port.
    pub(super) fn host(&self) -> &str {
        self.url.get(self.scheme_length..).unwrap_or_default()
    }
}

/// `None` for a client of HTTP/1.0, which need not tell.
fn host(headers: &HeaderMap) -> Result<Option<&str>, Misplaced> {
    let mut all = headers.get_all(header::HOST).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(host), None) => host.to_str().map(Some).map_err(|_| Misplaced::Malformed),
        (Some(_), Some(_)) => Err(Misplaced::Malformed),
    }
}
