//! Character data and CDATA: what is between the tags.

use super::references::Space;
use super::{Open, Parser, offset};
use crate::chars;
use crate::document::{NONE, Value};

/// A stretch of an element's text, uninterrupted by markup.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    start: usize,
    end: usize,
    blank: bool,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    CData,
}

impl Parser<'_> {
    /// quick-xml cuts text at references: it is taken up whole at the next markup.
    pub(super) fn extend_text(&mut self, start: usize, end: usize) {
        self.pending = Some((self.pending.map_or(start, |(first, _)| first), end));
    }

    /// Takes up white space before a markup, which quick-xml has skipped; hands back where the markup begins.
    pub(super) fn skip_blank(&mut self, start: usize) -> usize {
        let end = self.skip_space(start);
        // Beside child elements white space is nobody's text.
        let wanted = self.pending.is_some() || self.open.last().is_some_and(|it| it.last_child == NONE);
        if end > start && wanted {
            self.extend_text(start, end);
        }
        end
    }

    /// Takes up the text before a markup. Each method that reads markup calls this first.
    pub(super) fn flush_text(&mut self) {
        let Some((start, end)) = self.pending.take() else { return };
        let blank = chars::is_blank(self.slice(start, end));
        if self.open.is_empty() {
            if !blank {
                self.text_outside(start, end);
            }
        } else {
            if !blank {
                self.report_cdata_end(start, end);
            }
            self.push_chunk(Chunk { start, end, blank, kind: Kind::Text });
        }
    }

    /// `<![CDATA[…]]>`
    pub(super) fn cdata(&mut self, start: usize, end: usize) -> usize {
        self.flush_text();
        if self.open.is_empty() {
            self.error(start, end, "a CDATA section stands outside the root element")
                .label("not inside an element")
                .help("remove it, or move it into the element that it belongs to");
            return end;
        }
        let (start, stop) = (start + "<![CDATA[".len(), end.saturating_sub("]]>".len()));
        let blank = chars::is_blank(self.slice(start, stop));
        self.push_chunk(Chunk { start, end: stop, blank, kind: Kind::CData });
        end
    }

    fn push_chunk(&mut self, chunk: Chunk) {
        // White space between child elements is most of what there is, and nobody's text.
        if !(chunk.blank && self.open.last().is_some_and(|it| it.last_child != NONE)) {
            self.chunks.push(chunk);
        }
    }

    fn text_outside(&mut self, start: usize, end: usize) {
        let written = self.slice(start, end);
        let first = start + written.len() - written.trim_ascii_start().len();
        let last = start + written.trim_ascii_end().len();
        let (message, help) = match written.trim_ascii().chars().next() {
            Some('\u{FEFF}') if start == 0 => ("the file has a second byte-order mark", "save the file as UTF-8 anew"),
            _ if self.seen_root => {
                ("text stands after the root element", "remove it; nothing may follow the root element")
            }
            _ => ("text stands before the root element", "remove it; a policy file begins with `<`"),
        };
        self.error(first, last, message).label("not inside an element").help(help);
    }

    fn report_cdata_end(&mut self, start: usize, end: usize) {
        let bytes = self.text.as_bytes().get(start..end).unwrap_or_default();
        if memchr::memchr(b']', bytes).is_some() {
            for found in memchr::memmem::find_iter(bytes, b"]]>") {
                let at = start + found;
                self.error(at, at + 3, "`]]>` is not allowed in text")
                    .label("ends no CDATA section")
                    .help("write `]]&gt;`");
            }
        }
    }

    /// The text of an element that ends here, and where it is written.
    pub(super) fn take_text(&mut self, open: &Open) -> (Value, (u32, u32)) {
        let taken = self.write_text(open);
        self.chunks.truncate(open.first_chunk);
        taken.unwrap_or((Value::EMPTY, (NONE, NONE)))
    }

    fn write_text(&mut self, open: &Open) -> Option<(Value, (u32, u32))> {
        let mut first_chunk = open.first_chunk;
        let mut chunks = self.chunks.get(first_chunk..)?;
        if open.last_child != NONE {
            // The white space around child elements is not worth pointing at.
            let lead = chunks.iter().position(|it| !it.blank)?;
            first_chunk += lead;
            chunks = chunks.get(lead..)?;
        }
        let (first, last, count) = (*chunks.first()?, *chunks.last()?, chunks.len());
        let mut span = (offset(first.start), offset(last.end));
        if open.last_child != NONE {
            let written = self.slice(first.start, last.end);
            let lead = written.len() - written.trim_ascii_start().len();
            span = (offset(first.start + lead), offset(first.start + written.trim_ascii_end().len()));
        }
        if count == 1 && !self.needs_cooking(first) {
            return Some((Value::Written(offset(first.start), offset(first.end)), span));
        }
        let from = offset(self.cooked.len());
        for nth in first_chunk..first_chunk + count {
            if let Some(&chunk) = self.chunks.get(nth) {
                self.cook_chunk(chunk);
            }
        }
        Some((Value::Cooked(from, offset(self.cooked.len())), span))
    }

    fn needs_cooking(&self, chunk: Chunk) -> bool {
        let bytes = self.text.as_bytes().get(chunk.start..chunk.end).unwrap_or_default();
        match chunk.kind {
            Kind::Text => memchr::memchr2(b'&', b'\r', bytes).is_some(),
            Kind::CData => memchr::memchr(b'\r', bytes).is_some(),
        }
    }

    fn cook_chunk(&mut self, chunk: Chunk) {
        if chunk.kind == Kind::Text {
            return self.cook(chunk.start, chunk.end, Space::Kept);
        }
        let mut at = chunk.start;
        while at < chunk.end {
            let stop = self.find_any(b'\r', b'\r', at).min(chunk.end);
            let plain = self.slice(at, stop);
            self.cooked.push_str(plain);
            at = stop;
            if at < chunk.end {
                self.cooked.push('\n');
                at += if at + 1 < chunk.end && self.byte(at + 1) == b'\n' { 2 } else { 1 };
            }
        }
    }
}
