//! Which characters XML allows where.

/// White space of XML 1.0 §2.3: never what Unicode calls white space.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a text is white space only. The other characters below the blank are none of XML, and reported as such.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|it| it <= b' ')
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

/// By byte: what an ASCII character is to a Name. A colon and all others are looked at as characters.
static KINDS: [Kind; 256] = {
    let mut table = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = match byte {
            b'_' | b'-' | b'.' => Kind::InName,
            _ if byte.is_ascii_alphanumeric() => Kind::InName,
            _ => Kind::Other,
        };
        byte += 1;
    }
    table
};

#[derive(Clone, Copy)]
enum Kind {
    InName,
    Other,
}

/// A Name of XML 1.0 §2.3 in a text.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    /// Where it ends; where it begins when there is none.
    pub(crate) end: usize,
    /// Its first colon.
    pub(crate) colon: Option<usize>,
}

/// The Name that begins at `at`.
pub(crate) fn name(text: &str, at: usize) -> Name {
    let bytes = text.as_bytes();
    let mut name = Name { end: at, colon: None };
    if bytes.get(at).is_some_and(|it| it.is_ascii_digit() || matches!(it, b'-' | b'.')) {
        return name;
    }
    loop {
        let rest = bytes.get(name.end..).unwrap_or_default();
        let is_other = |it: &u8| !matches!(KINDS[usize::from(*it)], Kind::InName);
        let Some(length) = rest.iter().position(is_other) else {
            name.end = bytes.len();
            return name;
        };
        name.end += length;
        if rest.get(length).is_some_and(|it| it.is_ascii() && *it != b':') {
            return name;
        }
        match text.get(name.end..).and_then(|rest| rest.chars().next()) {
            Some(':') => {
                name.colon = name.colon.or(Some(name.end));
                name.end += 1;
            }
            Some(c) if !c.is_ascii() && if name.end > at { is_name_char(c) } else { is_name_start(c) } => {
                name.end += c.len_utf8();
            }
            _ => return name,
        }
    }
}

/// Where the Name that begins at `at` ends; `at` itself when none begins there.
pub(crate) fn name_end(text: &str, at: usize) -> usize {
    name(text, at).end
}

/// Every character that XML forbids even as text, with its place.
pub(crate) fn illegal_chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    // One vectorised pass answers "none" for nearly every file. 0xEF begins U+FFFE and U+FFFF (and the byte-order mark).
    let suspicious = has_control(text.as_bytes()) || memchr::memchr(0xEF, text.as_bytes()).is_some();
    let searched = if suspicious { text } else { "" };
    searched.char_indices().filter(|(_, c)| !is_xml_char(*c))
}

#[inline(never)]
fn has_control(bytes: &[u8]) -> bool {
    let control =
        |byte: u8| u8::from(byte < 0x20) & u8::from(byte != b'\t') & u8::from(byte != b'\n') & u8::from(byte != b'\r');
    bytes.chunks(4096).any(|it| it.iter().fold(0, |found, byte| found | control(*byte)) != 0)
}
