//! Character and entity references, line ends, and the white space of attribute values.

use super::{Parser, offset};
use crate::chars;
use crate::document::Value;

/// What the white space characters of a value become.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// Text: line ends become `\n` (XML 1.0 §2.11).
    Kept,
    /// An attribute's value: each becomes a blank (§3.3.3).
    Blanked,
}

impl Parser<'_> {
    /// An attribute's value between its quotes.
    pub(super) fn attribute_value(&mut self, start: usize, end: usize) -> Value {
        let special = |byte: &u8| matches!(byte, b'&' | b'\t' | b'\n' | b'\r');
        if !self.text.as_bytes().get(start..end).unwrap_or_default().iter().any(special) {
            return Value::Written(offset(start), offset(end));
        }
        let from = offset(self.cooked.len());
        self.cook(start, end, Space::Blanked);
        Value::Cooked(from, offset(self.cooked.len()))
    }

    /// Appends `start..end` to what is cooked.
    pub(super) fn cook(&mut self, start: usize, end: usize, space: Space) {
        let mut at = start;
        while at < end {
            let rest = self.text.as_bytes().get(at..end).unwrap_or_default();
            let special = match space {
                Space::Kept => memchr::memchr2(b'&', b'\r', rest),
                Space::Blanked => rest.iter().position(|it| matches!(it, b'&' | b'\t' | b'\n' | b'\r')),
            };
            let stop = special.map_or(end, |it| at + it);
            let plain = self.slice(at, stop);
            self.cooked.push_str(plain);
            at = stop;
            match self.byte(at) {
                _ if at >= end => {}
                b'&' => at = self.reference(at, end),
                byte => {
                    at += if byte == b'\r' && at + 1 < end && self.byte(at + 1) == b'\n' { 2 } else { 1 };
                    self.cooked.push(if space == Space::Kept { '\n' } else { ' ' });
                }
            }
        }
    }

    /// Reads the reference at an `&` and hands back where it ends. A wrong one is reported and stays as written.
    fn reference(&mut self, at: usize, limit: usize) -> usize {
        let (stop, read) = if self.byte(at + 1) == b'#' { self.number(at, limit) } else { self.entity(at, limit) };
        match read {
            Some(c) => self.cooked.push(c),
            None => {
                let written = self.slice(at, stop);
                self.cooked.push_str(written);
            }
        }
        stop
    }

    fn entity(&mut self, at: usize, limit: usize) -> (usize, Option<char>) {
        let name_end = chars::name_end(self.text, at + 1).min(limit);
        let name = self.slice(at + 1, name_end);
        if name.is_empty() {
            self.error(at, at + 1, "`&` starts a reference, but no name follows")
                .label("a lone `&`")
                .help("write `&amp;` for the character itself");
            return (at + 1, None);
        }
        if name_end >= limit || self.byte(name_end) != b';' {
            self.error(at, name_end, format!("the reference `&{name}` lacks its `;`"))
                .label("no `;` after the name")
                .help("write `&amp;` for the character `&` itself");
            return (name_end, None);
        }
        let known = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                self.error(at, name_end + 1, format!("the entity `{name}` is not defined"))
                    .label("XML knows only `lt`, `gt`, `amp`, `quot` and `apos`")
                    .help("write the character itself, or `&amp;` where `&` is meant");
                return (name_end + 1, None);
            }
        };
        (name_end + 1, Some(known))
    }

    /// `&#10;` or `&#xA;`.
    fn number(&mut self, at: usize, limit: usize) -> (usize, Option<char>) {
        let (first, radix) = if self.byte(at + 2) == b'x' { (at + 3, 16) } else { (at + 2, 10) };
        let mut stop = first;
        let mut value: u32 = 0;
        while let Some(digit) = char::from(self.byte(stop)).to_digit(radix).filter(|_| stop < limit) {
            value = value.saturating_mul(radix).saturating_add(digit).min(0x11_0000);
            stop += 1;
        }
        if stop == first || stop >= limit || self.byte(stop) != b';' {
            let stop = stop.min(limit);
            self.error(at, stop, "the character reference is not closed")
                .label("digits and `;` belong here")
                .help("a character reference reads `&#233;` or `&#xE9;`");
            return (stop, None);
        }
        let c = char::from_u32(value).filter(|it| chars::is_xml_char(*it));
        if c.is_none() {
            let written = self.slice(at, stop + 1);
            self.error(at, stop + 1, format!("`{written}` is not a character of XML"))
                .label("no such character")
                .help("remove the reference; XML has no way to write this character");
        }
        (stop + 1, c)
    }
}
