//! Start tags and end tags.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use wayfarer_diagnostics::closest;

use super::{MAX_DEPTH, Open, Parser, XMLNS, offset};
use crate::chars::{self, Name};
use crate::document::{AttributeData, ElementData, NONE, Value};

/// No element of a policy has more than eight.
const MAX_ATTRIBUTES: usize = 256;

/// Up to here two loops find a repeated attribute sooner than a hash set.
const FEW: usize = 12;

/// An attribute as found in the tag.
#[derive(Clone, Copy)]
pub(super) struct RawAttribute {
    name_start: usize,
    name_end: usize,
    colon: Option<usize>,
    value_start: usize,
    value_end: usize,
    end: usize,
    /// Whether the value is its own text: no references, no white space but blanks.
    plain: bool,
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

    /// Adds an element to the tree, or only to what is open when it is no part of the tree.
    fn open_element(&mut self, start: usize, name: Name, end: usize) {
        let Name { end: name_end, colon } = name;
        let name = self.slice(start + 1, name_end);
        let bindings = self.scope.len();
        let mut default_namespace = self.open.last().map_or(NONE, |it| it.default_namespace);
        let first_attribute = self.attributes.len();
        self.push_attributes(start, name_end, &mut default_namespace);
        let (namespace, local_start) = match self.split(start + 1, name_end, colon) {
            Some((prefix, local_start)) => (self.resolve(prefix, start + 1, name_end), local_start),
            None => (default_namespace, start + 1),
        };
        let parent = self.open.last().map_or(NONE, |it| it.element);
        let in_tree = self.belongs_to_tree(start, name_end);
        let mut element = NONE;
        if in_tree {
            element = offset(self.elements.len());
            let data = ElementData {
                parent,
                first_child: NONE,
                next_sibling: NONE,
                namespace,
                start: offset(start),
                start_tag_end: offset(end),
                end: offset(end),
                name_end: offset(name_end),
                local_start: offset(local_start),
                first_attribute: offset(first_attribute),
                end_attribute: offset(self.attributes.len()),
                text: Value::EMPTY,
                text_span: (NONE, NONE),
            };
            self.link(element);
            self.elements.push(data);
        } else {
            self.attributes.truncate(first_attribute);
        }
        if let Some(names) = &mut self.open_names {
            *names.entry(name).or_default() += 1;
        }
        let first_chunk = self.chunks.len();
        let last_child = NONE;
        let open =
            Open { name, start, start_tag_end: end, element, last_child, first_chunk, bindings, default_namespace };
        self.open.push(open);
    }

    /// A second root and what is nested too deep are read, and left out of the tree.
    fn belongs_to_tree(&mut self, start: usize, name_end: usize) -> bool {
        let Some(parent) = self.open.last() else {
            if std::mem::replace(&mut self.seen_root, true) {
                let name = self.slice(start + 1, name_end);
                self.error(start, name_end, format!("`<{name}>` is a second root element"))
                    .label("the root element has ended before")
                    .help("a file holds one policy: move this one to a file of its own");
                return false;
            }
            return true;
        };
        if parent.element == NONE {
            return false;
        }
        if self.open.len() < MAX_DEPTH {
            return true;
        }
        if !std::mem::replace(&mut self.too_deep, true) {
            self.error(start, name_end, format!("elements are nested deeper than {MAX_DEPTH} levels"))
                .label("this element is left out")
                .help("no policy is nested deeper than 20 levels: look for missing end tags above");
        }
        false
    }

    /// Makes an element the last child of the open one.
    fn link(&mut self, element: u32) {
        let Some(parent) = self.open.last_mut() else { return };
        let before = std::mem::replace(&mut parent.last_child, element);
        let parent = parent.element;
        if before != NONE {
            if let Some(sibling) = self.elements.get_mut(before as usize) {
                sibling.next_sibling = element;
            }
        } else if let Some(parent) = self.elements.get_mut(parent as usize) {
            parent.first_child = element;
        }
    }

    fn push_attributes(&mut self, start: usize, name_end: usize, default_namespace: &mut u32) {
        if self.raw.is_empty() {
            return;
        }
        let mut raw = std::mem::take(&mut self.raw);
        if raw.len() > MAX_ATTRIBUTES {
            let name = self.slice(start + 1, name_end);
            self.error(start, name_end, format!("`{name}` has {} attributes; {MAX_ATTRIBUTES} are allowed", raw.len()))
                .label("too many attributes")
                .help("no element of a policy has more than eight");
        }
        self.report_repeated(&raw);
        raw.truncate(MAX_ATTRIBUTES);
        let first = self.attributes.len();
        let mut prefixed = 0;
        for it in &raw {
            let value = match it.plain {
                true => Value::Written(offset(it.value_start), offset(it.value_end)),
                false => self.attribute_value(it.value_start, it.value_end),
            };
            let (mut namespace, mut local_start) = (NONE, it.name_start);
            match self.split(it.name_start, it.name_end, it.colon) {
                Some(("xmlns", local)) => {
                    (namespace, local_start) = (XMLNS, local);
                    let prefix = self.slice(local, it.name_end);
                    let uri = self.owned(value);
                    self.declare(prefix, &uri, it.name_start, it.end);
                }
                Some((_, local)) => {
                    local_start = local;
                    prefixed += 1;
                }
                None if self.slice(it.name_start, it.name_end) == "xmlns" => {
                    namespace = XMLNS;
                    let uri = self.owned(value);
                    if let Some(index) = self.declare("", &uri, it.name_start, it.end) {
                        *default_namespace = index;
                    }
                }
                None => {}
            }
            self.attributes.push(AttributeData {
                name_start: offset(it.name_start),
                name_end: offset(it.name_end),
                local_start: offset(local_start),
                namespace,
                value,
                value_start: offset(it.value_start),
                value_end: offset(it.value_end),
                end: offset(it.end),
            });
        }
        if prefixed > 0 {
            self.resolve_attributes(first);
        }
        self.raw = raw;
    }

    /// Prefixes are looked up once all declarations of the tag are known, whatever their order.
    fn resolve_attributes(&mut self, first: usize) {
        let mut seen: HashSet<(u32, &str)> = HashSet::new();
        for index in first..self.attributes.len() {
            let Some(&it) = self.attributes.get(index) else { continue };
            if it.local_start == it.name_start || it.namespace == XMLNS {
                continue;
            }
            let (start, end) = (it.name_start as usize, it.name_end as usize);
            let prefix = self.slice(start, (it.local_start as usize).saturating_sub(1));
            let namespace = self.resolve(prefix, start, end);
            if let Some(it) = self.attributes.get_mut(index) {
                it.namespace = namespace;
            }
            let local = self.slice(it.local_start as usize, end);
            let name = self.slice(start, end);
            if namespace != NONE && !seen.insert((namespace, local)) {
                self.error(start, end, format!("the attribute `{name}` is there before, under another prefix"))
                    .label("repeated")
                    .help("remove one of the two");
            }
        }
    }

    fn report_repeated(&mut self, raw: &[RawAttribute]) {
        let text = self.text;
        let name = |it: &RawAttribute| text.get(it.name_start..it.name_end).unwrap_or_default();
        // Pairs of a repeated attribute and the first of its name.
        let mut repeated = Vec::new();
        if raw.len() <= FEW {
            for (nth, it) in raw.iter().enumerate() {
                let first = raw.iter().take(nth).find(|other| name(other) == name(it));
                repeated.extend(first.map(|first| (*it, *first)));
            }
        } else {
            let mut seen: HashMap<&str, RawAttribute> = HashMap::with_capacity(raw.len());
            for it in raw {
                match seen.entry(name(it)) {
                    Entry::Occupied(first) => repeated.push((*it, *first.get())),
                    Entry::Vacant(entry) => {
                        entry.insert(*it);
                    }
                }
            }
        }
        for (it, first) in repeated {
            let first = self.report.span(first.name_start..first.end);
            self.error(it.name_start, it.name_end, format!("the attribute `{}` is repeated", name(&it)))
                .label("the second of its name")
                .help("remove one of the two")
                .related(first, "the first of its name");
        }
    }

    /// Prefix and start of the local name; a colon in a wrong place is reported.
    fn split(&mut self, start: usize, end: usize, colon: Option<usize>) -> Option<(&'t str, usize)> {
        let colon = colon?.checked_sub(start)?;
        let name = self.slice(start, end);
        let (prefix, local) = (name.get(..colon)?, name.get(colon + 1..)?);
        if prefix.is_empty() || local.contains(':') || !local.chars().next().is_some_and(chars::is_name_start) {
            self.error(start, end, format!("`{name}` is not a name: a colon stands between prefix and local name"))
                .label("misplaced colon")
                .help("remove the colon");
            return None;
        }
        Some((prefix, start + colon + 1))
    }

    fn owned(&self, value: Value) -> String {
        match value {
            Value::Written(start, end) => self.slice(start as usize, end as usize).to_owned(),
            Value::Cooked(start, end) => self.cooked.get(start as usize..end as usize).unwrap_or_default().to_owned(),
        }
    }

    /// `</Name>`. Hands back where the tag ends.
    pub(super) fn end_tag(&mut self, start: usize) -> usize {
        self.flush_text();
        // Nearly always it is the open element's, and closed at once: there is no need to look at each character.
        if let Some(open) = self.open.last() {
            let end = start + 2 + open.name.len();
            if self.byte(end) == b'>' && self.text.get(start + 2..end) == Some(open.name) {
                self.close(end + 1);
                return end + 1;
            }
        }
        let name_end = chars::name_end(self.text, start + 2);
        let name = self.slice(start + 2, name_end);
        let mut end = self.skip_space(name_end);
        if self.byte(end) == b'>' && !name.is_empty() {
            end += 1;
        } else {
            let message =
                if name.is_empty() { "the end tag has no name" } else { "`>` belongs after the name of an end tag" };
            end = self.find_any(b'>', b'<', end);
            end += usize::from(self.byte(end) == b'>');
            let help = self.open.last().map_or_else(|| "remove it".to_owned(), |it| format!("write `</{}>`", it.name));
            self.error(start, end, message).label("this end tag").help(help);
        }
        match self.open.last().map(|it| (it.name, it.start, it.start_tag_end)) {
            None => {
                self.error(start, end, format!("`</{name}>` closes nothing: no element is open"))
                    .label("nothing to close")
                    .help("remove it");
            }
            Some((open, ..)) if open == name || name.is_empty() => self.close(end),
            Some(open) => self.wrong_end_tag(name, start, end, open),
        }
        end
    }

    /// The end tag is another than the open element's: either end tags are missing before it, or it is misspelled, or it
    /// is one too many.
    fn wrong_end_tag(&mut self, name: &'t str, start: usize, end: usize, open: (&'t str, usize, usize)) {
        let (open, open_start, open_end) = open;
        let opened = self.report.span(open_start..open_end);
        if self.is_open(name) {
            self.error(start, end, format!("`<{open}>` is not closed before `</{name}>`"))
                .label(format!("`</{open}>` is missing before this"))
                .help(format!("add `</{open}>`"))
                .related(opened, "opened here");
            while self.open.last().is_some_and(|it| it.name != name) {
                self.close(start);
            }
            self.close(end);
        } else if closest(name, [open]).is_some() {
            self.error(start, end, format!("`</{name}>` does not match `<{open}>`"))
                .label("another name than in the start tag")
                .help(format!("write `</{open}>`"))
                .related(opened, "opened here");
            self.close(end);
        } else {
            self.error(start, end, format!("`</{name}>` closes no open element"))
                .label(format!("`<{open}>` is open here"))
                .help(format!("remove it, or add the start tag `<{name}>`"))
                .related(opened, "opened here");
        }
    }

    fn is_open(&mut self, name: &str) -> bool {
        let open = &self.open;
        let names = self.open_names.get_or_insert_with(|| {
            let mut names = HashMap::new();
            for it in open {
                *names.entry(it.name).or_default() += 1;
            }
            names
        });
        names.get(name).is_some_and(|it| *it > 0)
    }

    /// Ends the innermost open element.
    pub(super) fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let (text, text_span) = self.take_text(&open);
        if let Some(element) = self.elements.get_mut(open.element as usize) {
            (element.end, element.text, element.text_span) = (offset(end), text, text_span);
        }
        self.scope.truncate(open.bindings);
        if let Some(count) = self.open_names.as_mut().and_then(|it| it.get_mut(open.name)) {
            *count = count.saturating_sub(1);
        }
    }
}
