//! Which characters XML allows where.

/// White space of XML 1.0 §2.3: never what Unicode calls white space.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a text is white space only.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// NameStartChar of XML 1.0 §2.3, fifth edition, the colon included.
pub(crate) fn is_name_start(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '_' | ':')
        || matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
            | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar of XML 1.0 §2.3, fifth edition, the colon included.
pub(crate) fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Char of XML 1.0 §2.2.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Where the Name that begins at `at` ends; `at` itself when none begins there.
pub(crate) fn name_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    loop {
        match bytes.get(end) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':') => end += 1,
            Some(b'0'..=b'9' | b'-' | b'.') if end > at => end += 1,
            Some(byte) if !byte.is_ascii() => {
                let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) else { return end };
                if !(if end > at { is_name_char(c) } else { is_name_start(c) }) {
                    return end;
                }
                end += c.len_utf8();
            }
            _ => return end,
        }
    }
}

/// Every character that XML forbids even as text, with its place.
pub(crate) fn illegal_chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    // One vectorised pass answers "none" for nearly every file. 0xEF begins U+FFFE and U+FFFF (and the byte-order mark).
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let suspicious = text.as_bytes().chunks(4096).any(|it| it.iter().fold(false, |found, byte| found | control(byte)))
        || memchr::memchr(0xEF, text.as_bytes()).is_some();
    let searched = if suspicious { text } else { "" };
    searched.char_indices().filter(|(_, c)| !is_xml_char(*c))
}
