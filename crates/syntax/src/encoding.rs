//! Bytes → text.

use std::borrow::Cow;
use std::sync::Arc;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};
use wayfarer_diagnostics::{Diagnostics, FileId};

use crate::parse::MALFORMED;
use crate::report::Report;

/// Bytes → text: UTF-8, UTF-16 by its byte-order mark, or what the XML declaration names. The byte-order mark is not
/// part of the text, and spans count in the text. What can't be decoded is reported and replaced by U+FFFD, so that all
/// that can still be read is read.
pub fn decode(file: FileId, bytes: &[u8]) -> (Arc<str>, Diagnostics) {
    let mut report = Report::new(file);
    let text = match bytes {
        // A mark says it all: libxml2, like XML 1.0 appendix F, then ignores the name in the declaration.
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3, &mut report),
        [0xFF, 0xFE, rest @ ..] => other(UTF_16LE, rest, &mut report),
        [0xFE, 0xFF, rest @ ..] => other(UTF_16BE, rest, &mut report),
        [b'<', 0, b'?', 0, ..] => other(UTF_16LE, bytes, &mut report),
        [0, b'<', 0, b'?', ..] => other(UTF_16BE, bytes, &mut report),
        _ => declared(bytes, &mut report),
    };
    let text: Arc<str> = text.into();
    let end = text.len();
    (text, report.finish(MALFORMED, end))
}

/// Text → bytes: `after` in the encoding of a file whose bytes were decoded to `before`, with a byte-order mark where the
/// file has one. `None` where not even `before` comes out as the bytes that were read, or where the encoding lacks a
/// character of `after`: then nobody may write the file anew.
pub fn encode(after: &str, before: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let encoder = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Encoder::Utf8 { mark: "\u{FEFF}" },
        [0xFF, 0xFE, ..] => Encoder::Utf16 { mark: "\u{FEFF}", to_bytes: u16::to_le_bytes },
        [0xFE, 0xFF, ..] => Encoder::Utf16 { mark: "\u{FEFF}", to_bytes: u16::to_be_bytes },
        [b'<', 0, b'?', 0, ..] => Encoder::Utf16 { mark: "", to_bytes: u16::to_le_bytes },
        [0, b'<', 0, b'?', ..] => Encoder::Utf16 { mark: "", to_bytes: u16::to_be_bytes },
        _ if bytes == before.as_bytes() => Encoder::Utf8 { mark: "" },
        _ => Encoder::Declared(Encoding::for_label(declared_name(bytes)?.1.as_bytes())?),
    };
    (encoder.encode(before)? == bytes).then(|| encoder.encode(after)).flatten()
}

enum Encoder {
    Utf8 { mark: &'static str },
    Utf16 { mark: &'static str, to_bytes: fn(u16) -> [u8; 2] },
    Declared(&'static Encoding),
}

impl Encoder {
    fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 { mark } => Some([mark.as_bytes(), text.as_bytes()].concat()),
            Self::Utf16 { mark, to_bytes } => {
                Some(mark.encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect())
            }
            Self::Declared(encoding) => {
                let (bytes, _, had_errors) = encoding.encode(text);
                (!had_errors).then(|| bytes.into_owned())
            }
        }
    }
}

/// `before` bytes of the file come before these.
fn utf8<'b>(bytes: &'b [u8], before: usize, report: &mut Report) -> Cow<'b, str> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    // In the text the bad bytes are one U+FFFD.
    let span = report.span(at..at + '\u{FFFD}'.len_utf8());
    report
        .error(MALFORMED, span, format!("byte 0x{byte:02X} at offset {} is not valid UTF-8", before + at))
        .label("can't be decoded")
        .help("save the file as UTF-8");
    String::from_utf8_lossy(bytes)
}

fn other<'b>(encoding: &'static Encoding, bytes: &'b [u8], report: &mut Report) -> Cow<'b, str> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        let at = text.find('\u{FFFD}').unwrap_or_default();
        let span = report.span(at..at + '\u{FFFD}'.len_utf8());
        report
            .error(MALFORMED, span, format!("this is not valid {}", encoding.name()))
            .label("can't be decoded")
            .help("save the file as UTF-8");
    }
    text
}

/// No byte-order mark: the encoding that the XML declaration names, else UTF-8.
fn declared<'b>(bytes: &'b [u8], report: &mut Report) -> Cow<'b, str> {
    let Some((at, name)) = declared_name(bytes) else { return utf8(bytes, 0, report) };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if ["UTF-8", "UTF8"].into_iter().any(is) {
        return utf8(bytes, 0, report);
    }
    if ["US-ASCII", "ASCII"].into_iter().any(is) {
        let text = String::from_utf8_lossy(bytes);
        // All before it is ASCII, so that it stands at the same place in the text, where it may be wider.
        if let Some((high, character)) = text.char_indices().find(|(_, it)| !it.is_ascii()) {
            let span = report.span(high..high + character.len_utf8());
            report
                .error(MALFORMED, span, format!("the file declares encoding `{name}`, but not all of it is ASCII"))
                .label("not an ASCII character")
                .help("declare encoding=\"utf-8\" and save the file as UTF-8");
        }
        return text;
    }
    let known = Encoding::for_label(name.as_bytes());
    if known == Some(UTF_8) {
        return utf8(bytes, 0, report);
    }
    let wide = [Some(UTF_16LE), Some(UTF_16BE)].contains(&known);
    match known.filter(|it| !wide && ![REPLACEMENT, X_USER_DEFINED].contains(it)) {
        Some(_) if bytes.is_ascii() => String::from_utf8_lossy(bytes),
        Some(encoding) => other(encoding, bytes, report),
        None => {
            // What can't be decoded takes more room in the text than in the bytes.
            let start = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).len();
            let span = report.span(start..start + name.len());
            let message = match wide {
                true => format!("the file declares encoding `{name}`, but its bytes are not in that encoding"),
                false => format!("the encoding `{name}` is not supported"),
            };
            let help = "save the file as UTF-8 and declare encoding=\"utf-8\"";
            report.error(MALFORMED, span, message).label("declared here").help(help);
            String::from_utf8_lossy(bytes)
        }
    }
}

/// The value of `encoding` in an XML declaration and where it stands. A malformed declaration is [`mod@crate::parse`]'s.
fn declared_name(bytes: &[u8]) -> Option<(usize, &str)> {
    let end = memchr::memmem::find(bytes.get(..bytes.len().min(1024))?, b"?>")?;
    let declaration = bytes.get(..end)?;
    if !declaration.starts_with(b"<?xml") || !declaration.get(5).is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let word = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let skip = |from: usize| {
        let rest = declaration.get(from..)?;
        Some(from + rest.iter().position(|it| !it.is_ascii_whitespace())?)
    };
    let equals = skip(word)?;
    let quote = skip(equals + 1)?;
    let mark = declaration.get(quote).filter(|it| matches!(it, b'"' | b'\''))?;
    if declaration.get(equals) != Some(&b'=') {
        return None;
    }
    let value = declaration.get(quote + 1..)?;
    let name = std::str::from_utf8(value.get(..memchr::memchr(*mark, value)?)?).ok()?;
    let legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-');
    let well_formed = name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.bytes().all(legal);
    well_formed.then_some((quote + 1, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayfarer_diagnostics::Sources;

    #[test]
    fn a_changed_text_comes_out_in_the_encoding_of_its_file() {
        let utf16 = |mark: bool, to_bytes: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
            let mark = if mark { "\u{FEFF}" } else { "" };
            mark.encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
        };
        let latin = |text: &str| -> Vec<u8> { text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect() };
        let (a, b) = (
            "<?xml version=\"1.0\" encoding=\"E\"?>\r\n<é/>\r\n",
            "<?xml version=\"1.0\" encoding=\"E\"?>\r\n<éü/>\r\n",
        );
        let declared = |name: &str| [a, b].map(|it| it.replace('E', name));
        let [latin_a, latin_b] = declared("iso-8859-1");
        for (name, before, after) in [
            ("UTF-8", a.as_bytes().to_vec(), b.as_bytes().to_vec()),
            ("UTF-8 with a mark", format!("\u{FEFF}{a}").into_bytes(), format!("\u{FEFF}{b}").into_bytes()),
            ("UTF-16LE", utf16(true, u16::to_le_bytes, a), utf16(true, u16::to_le_bytes, b)),
            ("UTF-16BE", utf16(true, u16::to_be_bytes, a), utf16(true, u16::to_be_bytes, b)),
            ("UTF-16LE without a mark", utf16(false, u16::to_le_bytes, a), utf16(false, u16::to_le_bytes, b)),
            ("UTF-16BE without a mark", utf16(false, u16::to_be_bytes, a), utf16(false, u16::to_be_bytes, b)),
            ("Latin-1", latin(&latin_a), latin(&latin_b)),
        ] {
            let (text, _) = decode(Sources::default().add("a.xml", ""), &before);
            assert_eq!(encode(&text.replace("<é/>", "<éü/>"), &text, &before), Some(after), "{name}");
        }
        let text: &str = &latin_a;
        assert_eq!(
            encode(&text.replace("<é/>", "<😀/>"), text, &latin(text)),
            None,
            "the encoding lacks the character"
        );
        assert_eq!(encode("b", "a\u{FFFD}", b"a\xFF"), None, "what could not be decoded can't be written again");
    }
}
