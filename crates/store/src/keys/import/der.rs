//! What a DER file is, told by how it begins; that it is whole is for those who read it.

/// The files that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// RFC 7292 `PFX`: version 3.
    Pkcs12,
    /// RFC 5958 `OneAsymmetricKey`: version 0 or 1, then an algorithm.
    Pkcs8,
    /// RFC 8017 `RSAPrivateKey`: version 0 or 1, then the modulus.
    Pkcs1,
    /// RFC 5958 `EncryptedPrivateKeyInfo`: an algorithm, then bytes.
    EncryptedPkcs8,
    /// RFC 5915 `ECPrivateKey`: version 1, then bytes.
    Sec1,
    /// RFC 5280 `Certificate`: a sequence that doesn't begin with an algorithm.
    Certificate,
    /// RFC 5280 `SubjectPublicKeyInfo`: an algorithm, then bits; or RFC 8017 `RSAPublicKey`: two numbers.
    PublicKey,
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

pub(super) fn shape(file: &[u8]) -> Option<Shape> {
    let inner = enter(file, SEQUENCE)?;
    match inner {
        [INTEGER, 1, 3, ..] => Some(Shape::Pkcs12),
        [INTEGER, 1, 0 | 1, SEQUENCE, ..] => Some(Shape::Pkcs8),
        [INTEGER, 1, 0 | 1, INTEGER, ..] => Some(Shape::Pkcs1),
        [INTEGER, 1, 1, OCTET_STRING, ..] => Some(Shape::Sec1),
        [INTEGER, ..] => Some(Shape::PublicKey),
        [SEQUENCE, ..] if enter(inner, SEQUENCE)?.first() != Some(&OBJECT_IDENTIFIER) => Some(Shape::Certificate),
        [SEQUENCE, length, rest @ ..] if *length < 0x80 => match rest.get(usize::from(*length)) {
            Some(&BIT_STRING) => Some(Shape::PublicKey),
            _ => Some(Shape::EncryptedPkcs8),
        },
        [SEQUENCE, ..] => Some(Shape::EncryptedPkcs8),
        _ => None,
    }
}

/// What follows the tag and the length, whatever the length says.
fn enter(der: &[u8], tag: u8) -> Option<&[u8]> {
    let [first, length, rest @ ..] = der else { return None };
    // 0x80 is a length that isn't told, in files that are BER.
    let more = if *length <= 0x80 { 0 } else { usize::from(length & 0x7f) };
    (*first == tag && more <= 4).then(|| rest.get(more..))?
}
