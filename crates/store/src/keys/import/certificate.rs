//! X.509 certificates beside a key: which is its own, who issued it, and how long it is valid. No signature is judged:
//! whoever holds the private key says what it is for.

use x509_parser::prelude::{FromDer, X509Certificate};

use crate::keys::key::Validity;
use crate::keys::rsa::PublicHalf;

/// No chain is longer; one that is goes in circles.
const DEPTH: usize = 10;

#[derive(Clone)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) validity: Validity,
    /// `None` where the key is not RSA.
    pub(super) public: Option<PublicHalf>,
    subject: Vec<u8>,
    issuer: Vec<u8>,
}

impl Certificate {
    /// `None` when it is no certificate.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        let (nbf, exp) = (validity.not_before.timestamp(), validity.not_after.timestamp());
        Some(Self {
            der: der.to_vec(),
            validity: Validity { nbf: Some(nbf), exp: Some(exp) },
            public: PublicHalf::of_der(&certificate.public_key().subject_public_key.data),
            subject: certificate.subject().as_raw().to_vec(),
            issuer: certificate.issuer().as_raw().to_vec(),
        })
    }
}

/// The certificate of that key and after it those of its issuers, as far as they are there (RFC 7517 §4.7). Of several
/// certificates for the key, the one that ends last; nothing when there is none.
pub(super) fn chain(key: &PublicHalf, certificates: &[Certificate]) -> Vec<Certificate> {
    let own = certificates.iter().filter(|it| it.public.as_ref() == Some(key)).max_by_key(|it| it.validity.exp);
    let mut chain: Vec<Certificate> = own.cloned().into_iter().collect();
    while let Some(last) = chain.last()
        && last.issuer != last.subject
        && chain.len() < DEPTH
    {
        let Some(issuer) = certificates.iter().find(|it| it.subject == last.issuer) else { break };
        chain.push(issuer.clone());
    }
    chain
}
