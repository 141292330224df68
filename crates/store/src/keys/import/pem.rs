//! PEM (RFC 7468): any number of private keys, with certificates beside them.

use ::pem::{Pem, parse_many};
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::private_key::{RsaPrivateKey, damaged, elliptic};
use super::{ImportError, ImportedKey};
use crate::Secret;

pub(super) fn read(text: &str, password: Option<&Secret>) -> Result<Vec<ImportedKey>, ImportError> {
    let blocks = blocks(text)?;
    let (mut keys, mut certificates, mut public) = (Vec::new(), Vec::new(), None);
    for block in blocks {
        let what = format!("the PEM block `{}`", block.tag());
        match block.tag() {
            "PRIVATE KEY" => keys.push(RsaPrivateKey::from_pkcs8(&what, &contents(block))?),
            "RSA PRIVATE KEY" => keys.push(read_pkcs1(&what, block)?),
            "ENCRYPTED PRIVATE KEY" => keys.push(RsaPrivateKey::from_encrypted(&what, &contents(block), password)?),
            "EC PRIVATE KEY" => return Err(elliptic(&what)),
            "DSA PRIVATE KEY" => return Err(ImportError::NotRsa { what, kind: "a DSA key".into() }),
            "OPENSSH PRIVATE KEY" => return Err(openssh(what)),
            "CERTIFICATE" | "X509 CERTIFICATE" => certificates.push(certificate(&block)?),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => public = Some("a public key"),
            // Parameters, requests, revocation lists: what stands beside keys and is none.
            _ => {}
        }
    }
    if keys.is_empty() {
        let certificate = certificates.first().map(|_| "a certificate");
        return Err(ImportError::NoPrivateKey { what: certificate.or(public).unwrap_or("no key at all") });
    }
    Ok(keys.into_iter().map(|it| ImportedKey::rsa(it).certified(&certificates)).collect())
}

/// The certificates of a file, whatever else is in it.
pub(super) fn certificates(text: &str) -> Result<Vec<Certificate>, ImportError> {
    let is_certificate = |block: &&Pem| matches!(block.tag(), "CERTIFICATE" | "X509 CERTIFICATE");
    blocks(text)?.iter().filter(is_certificate).map(certificate).collect()
}

fn blocks(text: &str) -> Result<Vec<Pem>, ImportError> {
    // The library's message may quote what it stumbled over, and a block without an end it leaves out.
    let blocks = parse_many(text).ok().filter(|it| it.len() == text.matches("-----BEGIN ").count());
    blocks
        .ok_or_else(|| damaged("the PEM file", "a block has no end, another end than its beginning, or is not base64"))
}

fn certificate(block: &Pem) -> Result<Certificate, ImportError> {
    let what = format!("the PEM block `{}`", block.tag());
    Certificate::read(block.contents()).ok_or_else(|| damaged(&what, "it is no whole X.509 certificate"))
}

fn contents(block: Pem) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(block.into_contents())
}

fn read_pkcs1(what: &str, block: Pem) -> Result<RsaPrivateKey, ImportError> {
    if block.headers().get("DEK-Info").is_some() {
        return Err(ImportError::Unsupported {
            what: what.into(),
            how: "is encrypted as OpenSSL did before PKCS#8",
            remedy: "encrypt it anew with `openssl pkcs8 -topk8 -in OLD -out NEW`",
        });
    }
    RsaPrivateKey::from_pkcs1(what, &contents(block))
}

fn openssh(what: String) -> ImportError {
    ImportError::Unsupported {
        what,
        how: "has OpenSSH's own format",
        remedy: "write it as PEM with `ssh-keygen -p -m PKCS8 -f FILE`",
    }
}
