use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// Text that must not be shown: its `Debug` prints `[redacted]`, and it is overwritten when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself. Never put the result into a message, a log or a trace.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What is kept of a client secret: enough to recognise it, not enough to tell it.
#[derive(Clone)]
pub enum SecretDigest {
    /// HMAC-SHA-256 under the tenant's pepper.
    Peppered([u8; 32]),
    /// HMAC-SHA-256 of a development secret, which a fixture tenant holds in clear.
    Development {
        /// The digest.
        digest: [u8; 32],
        /// The secret, public on purpose: `wayfarer run` shows it in its `curl` line.
        secret: Secret,
    },
}

impl SecretDigest {
    /// The secret of a fixture tenant, which is public on purpose.
    pub fn development_secret(&self) -> Option<&str> {
        match self {
            Self::Peppered(_) => None,
            Self::Development { secret, .. } => Some(secret.expose()),
        }
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A secret that a client presented, already digested. The work of making one depends only on the secret's length,
/// so an unknown client costs as much as a wrong secret.
pub struct PresentedSecret {
    peppered: [u8; 32],
    development: [u8; 32],
}

impl PresentedSecret {
    /// Whether this is the secret behind `digest`, compared in constant time. `None` costs the same and is `false`.
    pub fn matches(&self, digest: Option<&SecretDigest>) -> bool {
        let (presented, kept) = match digest {
            Some(SecretDigest::Peppered(kept)) => (&self.peppered, *kept),
            Some(SecretDigest::Development { digest, .. }) => (&self.development, *digest),
            None => (&self.peppered, [0; 32]),
        };
        verify_slices_are_equal(presented, &kept).is_ok() & digest.is_some()
    }
}

impl fmt::Debug for PresentedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Turns secrets into digests under the tenant's pepper.
#[derive(Clone)]
pub(crate) struct Digester {
    has_pepper: bool,
    pepper: hmac::Key,
    development: hmac::Key,
}

impl Digester {
    /// With the tenant's pepper. Without one, the same work is done and no `Peppered` digest is ever made.
    pub(crate) fn new(pepper: Option<&[u8]>) -> Self {
        Self {
            has_pepper: pepper.is_some(),
            pepper: hmac::Key::new(hmac::HMAC_SHA256, pepper.unwrap_or(&[0; 32])),
            development: hmac::Key::new(hmac::HMAC_SHA256, b"wayfarer development secret"),
        }
    }

    pub(crate) fn has_pepper(&self) -> bool {
        self.has_pepper
    }

    pub(crate) fn peppered(&self, secret: &Secret) -> [u8; 32] {
        digest(&self.pepper, secret)
    }

    pub(crate) fn development(&self, secret: &Secret) -> SecretDigest {
        SecretDigest::Development { digest: digest(&self.development, secret), secret: secret.clone() }
    }

    pub(crate) fn present(&self, secret: &Secret) -> PresentedSecret {
        PresentedSecret { peppered: digest(&self.pepper, secret), development: digest(&self.development, secret) }
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

fn digest(key: &hmac::Key, secret: &Secret) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (byte, tag) in bytes.iter_mut().zip(hmac::sign(key, secret.expose().as_bytes()).as_ref()) {
        *byte = *tag;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_rfc_4231_case_2() {
        let digester = Digester::new(Some(b"Jefe"));
        let digest = digester.peppered(&Secret::new("what do ya want for nothing?"));
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), expected);
    }

    #[test]
    fn only_the_right_secret_matches_and_nothing_is_shown() {
        let digester = Digester::new(Some(b"pepper"));
        let kept = SecretDigest::Peppered(digester.peppered(&Secret::new("right")));
        assert!(digester.present(&Secret::new("right")).matches(Some(&kept)));
        assert!(!digester.present(&Secret::new("wrong")).matches(Some(&kept)));
        assert!(!digester.present(&Secret::new("right")).matches(None));
        assert!(!Digester::new(Some(b"other")).present(&Secret::new("right")).matches(Some(&kept)));
        assert_eq!(format!("{:?} {:?} {kept:?}", Secret::new("right"), digester), "[redacted] [redacted] [redacted]");
    }
}
