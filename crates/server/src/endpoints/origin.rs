//! The scheme and host that the client used: they begin `iss` and every URL of the discovery document.

use crate::live::Live;
use http::{Request, Version, header};

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
        let named = host(request)?;
        // RFC 9112 §3.2.2: an absolute target comes before `Host`.
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = authority.or(named).unwrap_or_else(|| live.first_host());
        // RFC 9110 §4.2.4: whoever names a user means to mislead. It may be a secret, too, which no log gets to see.
        if host.contains('@') {
            return Err(Misplaced::Malformed);
        }
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
fn host<B>(request: &Request<B>) -> Result<Option<&str>, Misplaced> {
    let mut all = request.headers().get_all(header::HOST).iter();
    match (all.next(), all.next()) {
        (None, _) if request.version() < Version::HTTP_11 => Ok(None),
        (Some(host), None) => host.to_str().map(Some).map_err(|_| Misplaced::Malformed),
        _ => Err(Misplaced::Malformed),
    }
}
