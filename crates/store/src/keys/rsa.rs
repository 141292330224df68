//! RSA private keys as PKCS#8 DER: making them, their public half, and how large they are.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{self, KeyPair};
use aws_lc_rs::signature::KeyPair as _;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use pkcs8::der::Decode;
use zeroize::Zeroizing;

/// How many bits the modulus of a generated key has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeySize {
    /// 2048 bits, as Azure AD B2C makes them.
    #[default]
    Rsa2048,
    /// 3072 bits.
    Rsa3072,
    /// 4096 bits.
    Rsa4096,
}

impl KeySize {
    /// The size with that many bits; `None` where no keys of that size are made.
    pub fn from_bits(bits: u32) -> Option<Self> {
        [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096].into_iter().find(|it| it.bits() == bits)
    }

    /// The number of bits.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }
}

/// The public half of an RSA key: both numbers big-endian, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicHalf {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
}

impl PublicHalf {
    /// Out of a private key in PKCS#8; `None` when it is none that may sign tokens.
    pub(super) fn of_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        Self::of_der(KeyPair::from_pkcs8(pkcs8).ok()?.public_key().as_ref())
    }

    /// Out of a DER `RSAPublicKey` (RFC 8017 A.1.1).
    pub(super) fn of_der(der: &[u8]) -> Option<Self> {
        let key = pkcs1::RsaPublicKeyRef::from_der(der).ok()?;
        Some(Self { modulus: key.modulus.as_bytes().to_vec(), exponent: key.public_exponent.as_bytes().to_vec() })
    }

    /// The key's id: RFC 7638 §3, SHA-256 over the required members in lexicographic order, base64url.
    pub(super) fn thumbprint(&self) -> String {
        let members = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, self.e(), self.n());
        BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
    }

    /// The exponent as a JWK has it.
    pub(super) fn e(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.exponent)
    }

    /// The modulus as a JWK has it.
    pub(super) fn n(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.modulus)
    }
}

/// A new private key in PKCS#8; `None` when the cryptographic library makes none.
pub(super) fn generate(size: KeySize) -> Option<Zeroizing<Vec<u8>>> {
    let size = match size {
        KeySize::Rsa2048 => rsa::KeySize::Rsa2048,
        KeySize::Rsa3072 => rsa::KeySize::Rsa3072,
        KeySize::Rsa4096 => rsa::KeySize::Rsa4096,
    };
    pkcs8_of(&KeyPair::generate(size).ok()?)
}

/// The key pair as plain PKCS#8, without the attributes and the public half that other programs put beside it.
pub(super) fn pkcs8_of(pair: &KeyPair) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(pair.as_der().ok()?.as_ref().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_numbers_and_refuses_the_rest() {
        let der = [0x30, 0x09, 0x02, 0x02, 0x00, 0xc5, 0x02, 0x03, 0x01, 0x00, 0x01];
        let half = PublicHalf { modulus: vec![0xc5], exponent: vec![1, 0, 1] };
        assert_eq!(PublicHalf::of_der(&der), Some(half));
        for end in 0..der.len() {
            assert_eq!(PublicHalf::of_der(&der[..end]), None);
        }
    }

    /// The example of RFC 7638 §3.1.
    #[test]
    fn key_ids_are_rfc_7638_thumbprints() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(n).unwrap();
        let half = PublicHalf { modulus, exponent: vec![1, 0, 1] };
        assert_eq!(half.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn sizes_are_those_that_are_made() {
        assert_eq!(
            [2048, 3072, 4096].map(|it| KeySize::from_bits(it).map(KeySize::bits)),
            [2048, 3072, 4096].map(Some)
        );
        assert_eq!([0, 1024, 2047, 8192].map(KeySize::from_bits), [None; 4]);
        let pkcs8 = generate(KeySize::Rsa3072).unwrap();
        assert_eq!(PublicHalf::of_pkcs8(&pkcs8).unwrap().modulus.len() * 8, 3072);
    }
}
