//! PEM as people's tools write it (RFC 7468).

use base64::prelude::{BASE64_STANDARD, Engine};
use zeroize::Zeroizing;

/// The text of a PEM file: UTF-8, with or without a byte-order mark, or UTF-16, which `>` of Windows PowerShell writes.
pub(super) fn text(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let units = |from: fn([u8; 2]) -> u16| {
        let units: Zeroizing<Vec<u16>> =
            Zeroizing::new(bytes.chunks_exact(2).skip(1).map(|it| from([it[0], it[1]])).collect());
        Zeroizing::new(String::from_utf16_lossy(&units).into_bytes())
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => Zeroizing::new(rest.to_vec()),
        _ => Zeroizing::new(bytes.to_vec()),
    }
}

/// What the sections of a PEM text are called, such as `CERTIFICATE`; the first few, since a file may hold anything.
pub(super) fn labels(text: &[u8]) -> Vec<String> {
    let label = |line: &[u8]| {
        let label = line.strip_prefix(b"-----BEGIN ")?.trim_ascii_end().strip_suffix(b"-----")?;
        let is_label = label.len() <= 40 && label.iter().all(|it| it.is_ascii_graphic() || *it == b' ');
        is_label.then(|| String::from_utf8_lossy(label).into_owned())
    };
    text.split(|it| matches!(it, b'\n' | b'\r')).filter_map(label).take(8).collect()
}

/// One section of a PEM text.
pub(super) fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(der));
    let mut text = Zeroizing::new(String::with_capacity(encoded.len() + encoded.len() / 64 + 2 * label.len() + 40));
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    for (at, character) in encoded.char_indices() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_64_characters() {
        let lines = |bytes: usize| {
            let text = encode("TEST", &vec![0xff; bytes]);
            text.lines().map(str::len).collect::<Vec<_>>()
        };
        assert_eq!(lines(48), [20, 64, 18]);
        assert_eq!(lines(49), [20, 64, 4, 18]);
        // RFC 4648 §10
        assert_eq!(encode("TEST", b"foobar").as_str(), "-----BEGIN TEST-----\nZm9vYmFy\n-----END TEST-----\n");
    }

    #[test]
    fn a_file_full_of_labels_is_told_in_short() {
        let begin = |label: &str| format!("-----BEGIN {label}-----\r\n");
        let long = "X".repeat(41);
        let text =
            [begin("A B"), begin(&long), begin("\u{1b}[31m"), "-----BEGIN C----\n".into(), begin("D").repeat(20)];
        assert_eq!(labels(text.concat().as_bytes()), ["A B", "D", "D", "D", "D", "D", "D", "D"]);
    }

    #[test]
    fn utf_16_of_either_order() {
        assert_eq!(text(b"\xff\xfea\0b\0").as_slice(), b"ab");
        assert_eq!(text(b"\xfe\xff\0a\0b\0").as_slice(), b"ab"); // and a byte too many
        assert_eq!(text(b"\xef\xbb\xbfab").as_slice(), b"ab");
    }
}
