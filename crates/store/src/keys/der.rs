//! The modulus and exponent inside a DER `RSAPublicKey` (RFC 8017 A.1.1), which is how aws-lc-rs shows a public key.

/// `SEQUENCE { modulus INTEGER, publicExponent INTEGER }`: both numbers, big-endian, without leading zeros.
pub(super) fn rsa_public_key(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (content, rest) = element(der, 0x30)?;
    let (modulus, content) = element(content, 0x02)?;
    let (exponent, content) = element(content, 0x02)?;
    (rest.is_empty() && content.is_empty()).then(|| (unsigned(modulus), unsigned(exponent)))
}

/// The content of the element that `der` begins with, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [first, length, rest @ ..] = der else { return None };
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), rest.get(2..)?),
        _ => return None,
    };
    (*first == tag).then_some(())?;
    rest.split_at_checked(length)
}

fn unsigned(integer: &[u8]) -> Vec<u8> {
    integer.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_numbers_and_refuses_the_rest() {
        let der = [0x30, 0x09, 0x02, 0x02, 0x00, 0xc5, 0x02, 0x03, 0x01, 0x00, 0x01];
        assert_eq!(rsa_public_key(&der), Some((vec![0xc5], vec![1, 0, 1])));
        for end in 0..der.len() {
            assert_eq!(rsa_public_key(&der[..end]), None);
        }
    }
}
