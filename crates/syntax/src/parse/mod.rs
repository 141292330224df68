//! Text → tree. One pass over the tokens of quick-xml; every check of XML 1.0 is ours, and none stops the reading.

mod attributes;
mod content;
mod elements;
mod end_tags;
mod markup;
mod namespaces;
mod references;
mod tags;

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use wayfarer_diagnostics::{Diagnostics, FileId, Span};

use crate::chars;
use crate::document::{AttributeData, Document, ElementData, NONE};
use crate::report::Report;
use content::Chunk;
use namespaces::Scope;
use tags::RawAttribute;

/// The code of everything that is no well-formed XML.
pub(crate) const MALFORMED: &str = "xml-malformed";

/// "Namespace" of the attributes that declare one.
pub(crate) const XMLNS: u32 = u32::MAX - 1;

/// Elements deeper than this are read and left out of the tree, so that whoever walks the tree may recurse.
const MAX_DEPTH: usize = 200;

/// Reads a text as XML. All that can be read is in the tree, also when the text is malformed: a wrong end tag closes what
/// it most likely was meant for, a second root is left out.
pub fn parse(file: FileId, text: Arc<str>) -> (Document, Diagnostics) {
    let mut parser = Parser::new(file, &text);
    if u32::try_from(text.len()).is_ok_and(|it| it < XMLNS) {
        parser.report_illegal_characters();
        parser.read_document();
        parser.finish();
    } else {
        parser.error(0, 0, "the file is larger than 4 GiB").help("no policy is larger than 1,024 KB");
    }
    let Parser { elements, attributes, cooked, comments, scope, report, .. } = parser;
    let well_formed = report.is_empty();
    let namespaces = scope.into_namespaces();
    let diagnostics = report.finish(MALFORMED, text.len());
    (Document { file, text, elements, attributes, namespaces, comments, cooked, well_formed }, diagnostics)
}

/// What is known while reading.
struct Parser<'t> {
    text: &'t str,
    report: Report,
    elements: Vec<ElementData>,
    attributes: Vec<AttributeData>,
    comments: Vec<(u32, u32)>,
    cooked: String,
    scope: Scope<'t>,
    /// The elements whose end tag is still to come, the root first.
    open: Vec<Open<'t>>,
    /// How often each name is open; made at the first wrong end tag.
    open_names: Option<HashMap<&'t str, usize>>,
    /// The text of all open elements, each element's in one stretch.
    chunks: Vec<Chunk>,
    /// Text that quick-xml has handed out and that may go on in its next token.
    pending: Option<(usize, usize)>,
    /// Attributes of the tag at hand.
    raw: Vec<RawAttribute>,
    seen_root: bool,
    too_deep: bool,
    doctype: bool,
}

/// An element whose end tag is still to come.
struct Open<'t> {
    name: &'t str,
    start: usize,
    start_tag_end: usize,
    /// `NONE` for what is not in the tree.
    element: u32,
    last_child: u32,
    first_chunk: usize,
    bindings: usize,
    default_namespace: u32,
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            text,
            report: Report::new(file),
            // A policy has an element every 70 bytes or more, and an attribute every 60.
            elements: Vec::with_capacity((text.len() / 80).min(1 << 20)),
            attributes: Vec::with_capacity((text.len() / 64).min(1 << 20)),
            comments: Vec::new(),
            cooked: String::new(),
            scope: Scope::default(),
            open: Vec::new(),
            open_names: None,
            chunks: Vec::new(),
            pending: None,
            raw: Vec::new(),
            seen_root: false,
            too_deep: false,
            doctype: false,
        }
    }

    /// Feeds the tokens of quick-xml to the methods below. Each of them says where its markup really ended: where that
    /// is not what quick-xml took for the end (a lost quote, a lost `>`), a new tokenizer starts there.
    fn read_document(&mut self) {
        let whole = self.text;
        // Reading a stretch again may cost no more than four times the text: hostile input stays linear.
        let mut budget = whole.len().saturating_mul(4).saturating_add(1 << 20);
        let mut base = 0;
        while let Some(rest) = whole.get(base..).filter(|it| !it.is_empty()) {
            if rest.starts_with('\u{FEFF}') {
                // quick-xml would drop it unseen.
                self.extend_text(base, base + 3);
                base += 3;
                continue;
            }
            let mut reader = Reader::from_str(rest);
            let config = reader.config_mut();
            config.allow_dangling_amp = true;
            config.allow_unmatched_ends = true;
            config.check_end_names = false;
            // White space between tags is half of all tokens: quick-xml skips it, and `skip_blank` finds it again by place.
            config.trim_text_start = true;
            let mut start = base;
            base = loop {
                let event = reader.read_event();
                let end = usize::try_from(reader.buffer_position()).map_or(whole.len(), |it| base + it);
                if let Ok(Event::Text(_) | Event::GeneralRef(_)) = event {
                    self.extend_text(start, end);
                    start = end;
                    continue;
                }
                start = self.skip_blank(start);
                let next = match event {
                    Ok(Event::Text(_) | Event::GeneralRef(_)) => end,
                    Ok(Event::Eof) => break whole.len(),
                    Ok(Event::Start(_) | Event::Empty(_)) => self.start_tag(start),
                    Ok(Event::End(_)) => self.end_tag(start),
                    Ok(Event::Comment(_)) => self.comment(start, end),
                    Ok(Event::CData(_)) => self.cdata(start, end),
                    Ok(Event::PI(_) | Event::Decl(_)) => self.instruction(start, end),
                    Ok(Event::DocType(_)) => self.doctype(start, end),
                    Err(_) => self.broken_markup(start),
                };
                if next != end {
                    let again = end.saturating_sub(next);
                    if again <= budget {
                        budget -= again;
                        break next;
                    }
                    if event.is_err() {
                        break whole.len();
                    }
                }
                start = end;
            };
        }
    }

    /// What is still open at the end of the text, and a text without any element.
    fn finish(&mut self) {
        let end = self.text.len();
        self.flush_text();
        if let Some(last) = self.open.last() {
            let (name, start, tag_end) = (last.name, last.start, last.start_tag_end);
            let outer: Vec<Span> =
                self.open.iter().rev().skip(1).take(4).map(|it| self.report.span(it.start..it.start_tag_end)).collect();
            let diagnostic = self.error(start, tag_end, format!("`<{name}>` is never closed"));
            diagnostic.label("no end tag follows").help(format!("add `</{name}>` where the element ends"));
            for span in outer {
                diagnostic.related(span, "this element is not closed either");
            }
        }
        while !self.open.is_empty() {
            self.close(end);
        }
        if !self.seen_root && self.report.is_empty() {
            let message = if chars::is_blank(self.text) { "the file is empty" } else { "the file has no root element" };
            self.error(0, 0, message).help("a policy file holds one `TrustFrameworkPolicy` element");
        }
    }

    fn report_illegal_characters(&mut self) {
        for (at, c) in chars::illegal_chars(self.text) {
            if self.report.overflows() {
                continue;
            }
            self.error(at, at + c.len_utf8(), format!("the character U+{:04X} is not allowed in XML", u32::from(c)))
                .label("not a character of XML")
                .help("remove it; XML has no way to write it");
        }
    }

    fn error(&mut self, start: usize, end: usize, message: impl Into<String>) -> &mut wayfarer_diagnostics::Diagnostic {
        let span = self.report.span(start..end);
        self.report.error(MALFORMED, span, message)
    }

    /// The byte at an offset; 0, which XML forbids, past the end.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn skip_space(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().position(|it| !chars::is_space(*it)).unwrap_or(rest.len())
    }

    /// Where the first of two bytes stands from `at` on; the end of the text when there is none.
    fn find_any(&self, one: u8, two: u8, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr2(one, two, rest).map_or(self.text.len(), |it| at + it)
    }
}

/// Offsets fit, since [`parse`] refuses larger texts.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
