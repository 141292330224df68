//! The inside of start tags.

use super::Parser;
use crate::chars::{self, Name};

/// An attribute as found in the tag.
#[derive(Clone, Copy)]
pub(super) struct RawAttribute {
    pub(super) name_start: usize,
    pub(super) name_end: usize,
    pub(super) colon: Option<usize>,
    pub(super) value_start: usize,
    pub(super) value_end: usize,
    pub(super) end: usize,
    /// Whether the value is its own text: no references, no white space but blanks.
    pub(super) plain: bool,
}

/// By byte: what it is to an attribute's value.
static IN_VALUE: [u8; 256] = {
    let mut table = [0; 256];
    table[b'<' as usize] = LESS;
    table[b'"' as usize] = DOUBLE;
    table[b'\'' as usize] = SINGLE;
    table[b'&' as usize] = COOKED;
    table[b'\t' as usize] = COOKED;
    table[b'\n' as usize] = COOKED;
    table[b'\r' as usize] = COOKED;
    table
};
const LESS: u8 = 1;
const DOUBLE: u8 = 2;
const SINGLE: u8 = 4;
const COOKED: u8 = 8;

/// What the inside of a start tag amounts to.
struct TagEnd {
    end: usize,
    empty: bool,
}

impl<'t> Parser<'t> {
    /// `<Name …>` or `<Name …/>`. Hands back where the tag ends, whatever quick-xml made of it.
    pub(super) fn start_tag(&mut self, start: usize) -> usize {
        let name = chars::name(self.text, start + 1);
        if name.end == start + 1 {
            // Not markup at all: `a < b`.
            self.error(start, start + 1, "`<` is not followed by the name of an element")
                .label("starts no tag")
                .help("write `&lt;` for the character itself");
            self.extend_text(start, start + 1);
            return start + 1;
        }
        self.flush_text();
        let TagEnd { end, empty } = self.read_attributes(start, name.end);
        self.open_element(start, name, end);
        if empty {
            self.close(end);
        }
        end
    }

    /// Reads up to the `>` into `self.raw`. Of several slips in one tag the first is told: the others mostly follow from it.
    fn read_attributes(&mut self, start: usize, name_end: usize) -> TagEnd {
        self.raw.clear();
        let mut told = false;
        let mut at = name_end;
        loop {
            let before = at;
            at = self.skip_space(at);
            match self.byte(at) {
                b'>' => return TagEnd { end: at + 1, empty: false },
                b'/' if self.byte(at + 1) == b'>' => return TagEnd { end: at + 2, empty: true },
                b'/' if self.byte(self.skip_space(at + 1)) == b'>' => {
                    self.slip(&mut told, at, at + 1, "`/` and `>` belong together", "write `/>`");
                    return TagEnd { end: self.skip_space(at + 1) + 1, empty: true };
                }
                b'<' => {
                    let name = self.slice(start + 1, name_end);
                    let message = format!("the tag `<{name}` is not closed before the next one");
                    self.slip(&mut told, start, at, message, "end the tag with `>` or `/>`");
                    return TagEnd { end: at, empty: false };
                }
                _ if at >= self.text.len() => {
                    let name = self.slice(start + 1, name_end);
                    let message = format!("the tag `<{name}` is never closed");
                    self.slip(&mut told, start, at, message, "end the tag with `>` or `/>`");
                    return TagEnd { end: at, empty: false };
                }
                _ => {}
            }
            let name = chars::name(self.text, at);
            if name.end == at {
                at = self.skip_junk(at, &mut told);
                continue;
            }
            if at == before {
                self.slip(&mut told, at, at, "white space belongs before an attribute", "add a blank");
            }
            let attribute = self.read_attribute(at, name, &mut told);
            at = attribute.end;
            self.raw.push(attribute);
        }
    }

    fn slip(&mut self, told: &mut bool, start: usize, end: usize, message: impl Into<String>, help: &str) {
        if !*told {
            self.error(start, end, message).label("here").help(help);
        }
        *told = true;
    }

    /// Something that begins no attribute, such as a quote too many.
    fn skip_junk(&mut self, at: usize, told: &mut bool) -> usize {
        let c = self.slice(at, self.text.len()).chars().next().unwrap_or(' ');
        let message = match c.is_control() {
            true => format!("U+{:04X} begins no attribute", u32::from(c)),
            false => format!("`{c}` begins no attribute"),
        };
        self.slip(told, at, at + c.len_utf8(), message, "remove it; an attribute reads Name=\"value\"");
        at + c.len_utf8()
    }

    fn read_attribute(&mut self, name_start: usize, name: Name, told: &mut bool) -> RawAttribute {
        let Name { end: name_end, colon } = name;
        let name = self.slice(name_start, name_end);
        let done = |value_start, value_end, end| {
            let plain = false;
            RawAttribute { name_start, name_end, colon, value_start, value_end, end, plain }
        };
        let equals = self.skip_space(name_end);
        if self.byte(equals) != b'=' {
            let message = format!("the attribute `{name}` has no value");
            self.slip(told, name_start, name_end, message, "write Name=\"value\"");
            return done(name_end, name_end, name_end);
        }
        let quote = self.skip_space(equals + 1);
        let mark = self.byte(quote);
        if !matches!(mark, b'"' | b'\'') {
            let rest = self.text.as_bytes().get(quote..).unwrap_or_default();
            let stop = |byte: &u8| chars::is_space(*byte) || matches!(byte, b'<' | b'>' | b'"' | b'\'');
            let mut end = quote + rest.iter().position(stop).unwrap_or(rest.len());
            if self.byte(end) == b'>' && end > quote && self.byte(end - 1) == b'/' {
                end -= 1;
            }
            let message = format!("the value of `{name}` is not in quotes");
            self.slip(told, quote, end, message, "put the value between two `\"`");
            return done(quote, end, end);
        }
        let value_start = quote + 1;
        // Values are short: one loop over the bytes is quicker than a vector search for each thing looked for.
        let stops = if mark == b'"' { LESS | DOUBLE } else { LESS | SINGLE };
        let value = self.text.as_bytes().get(value_start..).unwrap_or_default();
        let mut found = 0;
        let ends = value.iter().position(|byte| {
            found |= IN_VALUE[usize::from(*byte)];
            found & stops != 0
        });
        let plain = found & COOKED == 0;
        let stop = ends.map_or(self.text.len(), |it| value_start + it);
        if self.byte(stop) == mark {
            return RawAttribute { plain, ..done(value_start, stop, stop + 1) };
        }
        // A `<` before the quote: either it should read `&lt;`, or the quote is lost and the next tag has begun.
        let close = self.find_any(mark, mark, stop);
        let same_line = self.find_any(b'\n', b'\n', value_start) > stop;
        if same_line && close < self.text.len() {
            self.slip(told, stop, stop + 1, format!("`<` is not allowed in the value of `{name}`"), "write `&lt;`");
            return done(value_start, close, close + 1);
        }
        let help = format!("end the value with `{}`", char::from(mark));
        self.slip(told, quote, quote + 1, format!("the value of `{name}` is not closed"), &help);
        let rest = self.text.as_bytes().get(value_start..stop).unwrap_or_default();
        let mut end = value_start + memchr::memchr3(b'\n', b'\r', b'>', rest).unwrap_or(rest.len());
        if self.byte(end) == b'>' && end > value_start && self.byte(end - 1) == b'/' {
            end -= 1;
        }
        done(value_start, end, end)
    }
}
