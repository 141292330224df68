use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use rcgen::KeyPair;

/// Whether the certificate (DER) carries this key's own signature. Clients take a root without looking at that; here it
/// tells a damaged file.
pub(super) fn is_signed_by(certificate: &[u8], key: &KeyPair) -> bool {
    let signed = || {
        let (_, fields, _) = der_value(certificate)?;
        let (to_be_signed, _, fields) = der_value(fields)?;
        let (_, _, fields) = der_value(fields)?;
        let (_, signature, _) = der_value(fields)?;
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public_key_raw());
        // The first byte of a BIT STRING tells how many bits of its last byte are unused.
        public.verify(to_be_signed, signature.get(1..)?).ok()
    };
    signed().is_some()
}

/// The first DER value: with its header, without it, and what follows (X.690 §8.1.3).
fn der_value(input: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (&first, rest) = input.get(1..)?.split_first()?;
    let octets = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
    let long = rest.get(..octets).filter(|it| it.len() <= 3)?;
    let length = match octets {
        0 => usize::from(first),
        _ => long.iter().fold(0, |length, it| length << 8 | usize::from(*it)),
    };
    let header = 2 + octets;
    let end = header + length;
    Some((input.get(..end)?, input.get(header..end)?, input.get(end..)?))
}
