use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Digest, SHA256, digest};

/// The token that callers must present. Only its digest is kept.
#[derive(Clone)]
pub struct BearerToken {
    digest: Digest,
}

impl BearerToken {
    /// Keeps the digest of `token`.
    pub fn new(token: &str) -> Self {
        Self { digest: digest(&SHA256, token.as_bytes()) }
    }

    /// Whether `authorization`, the value of that header, presents the token (RFC 6750 §2.1; the scheme's case does not
    /// matter). Digests are compared in constant time, so that the time taken tells nothing but the length presented.
    pub fn accepts(&self, authorization: Option<&[u8]>) -> bool {
        let presented = authorization.and_then(bearer);
        let found = digest(&SHA256, presented.unwrap_or_default());
        verify_slices_are_equal(found.as_ref(), self.digest.as_ref()).is_ok() & presented.is_some()
    }
}

fn bearer(authorization: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = authorization.split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"Bearer ") && !token.is_empty()).then_some(token)
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_accepted() {
        let token = BearerToken::new("s3cret");
        for good in ["Bearer s3cret", "bearer s3cret", "BEARER  s3cret "] {
            assert!(token.accepts(Some(good.as_bytes())), "{good}");
        }
        for bad in
            ["", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3crets", "Bearer S3CRET", "Basic s3cret", "s3cret"]
        {
            assert!(!token.accepts(Some(bad.as_bytes())), "{bad}");
        }
        assert!(!token.accepts(None) && !token.accepts(Some(b"Bearer \xff")));
        assert!(!BearerToken::new("").accepts(Some(b"Bearer ")), "no empty token is ever accepted");
        assert_eq!(format!("{token:?}"), "[redacted]");
    }
}
