//! Changes to policies that keep them policies: elements copied, moved, dropped or made by the grammar. Bytes changed
//! at random seldom leave anything that reaches the merging of two policies.

use crate::{MOST_DOCUMENTS, SEPARATOR};
use libfuzzer_sys::fuzzer_mutate;
use std::ops::Range;
use std::sync::Arc;
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_syntax::grammar::{self, ElementDecl};
use wayfarer_syntax::{Document, Element, parse};

/// For `fuzz_mutator!`: a quarter of the changes are libFuzzer's own.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    if random.below(4) != 0
        && let Some(text) = std::str::from_utf8(&data[..size]).ok().and_then(|it| changed(it, &mut random))
        && let Some(place) = data[..max_size].get_mut(..text.len()).filter(|it| !it.is_empty())
    {
        place.copy_from_slice(text.as_bytes());
        return text.len();
    }
    fuzzer_mutate(data, size, max_size)
}

/// Values that are easily lost on the way: white space, markup, what folds to other characters, numbers and lists.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "&#9;",
    "&#10;",
    "&#13;",
    "a&#13;&#10;b",
    "\t",
    "\n",
    "&quot;&apos;",
    "&lt;!--",
    "--&gt;",
    "]]&gt;",
    "&amp;amp;",
    "\u{130}\u{131}\u{df}\u{1E9E}",
    "\u{3A3}\u{3C2}",
    "\u{A0}\u{2028}\u{FEFF}",
    "\u{1F600}",
    "01",
    "+1",
    "-1",
    "99999999999999999999",
    "a b",
    "a,b",
    "{Claim:a}",
];

/// What may stand inside elements beside their children.
const CONTENTS: [&str; 14] = [
    "x",
    " \n",
    "&#13;",
    "&#32;",
    "&lt;",
    "<![CDATA[]]>",
    "<![CDATA[<&]]>",
    "<!-- - -->",
    "<?pi x?>",
    "<x/>",
    "<x xmlns=\"\"> <y/></x>",
    "<x xmlns=\"u\" a=\"1\"><y xmlns=\"v\"/></x>",
    "<p:x xmlns:p=\"u\" p:a=\"1\">t</p:x>",
    "<p:x xmlns:p=\"u\"><p:y xmlns:p=\"v\" a=\"1\"/></p:x>",
];

const ATTRIBUTES: [&str; 8] = [
    " xml:lang=\"en\"",
    " xml:space=\"preserve\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"",
    " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"a\"",
    " xmlns:p=\"u\" p:a=\"1\"",
    " xmlns:p=\"v\" p:Id=\"1\"",
    " Id=\"\"",
    " x=\"1\"",
];

/// A place between the parts of an element, or all of its content.
fn inside(element: Element<'_>, start: usize, random: &mut Random) -> Option<Range<usize>> {
    if element.start_tag() == element.span() {
        return None;
    }
    let content = range(start, element.start_tag()).end;
    if let Some(text) = element.text_span().filter(|_| random.below(2) == 0) {
        return Some(range(start, text));
    }
    let child = element.children().nth(random.below(8));
    let at = child.map_or(content, |it| range(start, it.span()).end);
    Some(at..at)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % limit.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len()))
    }
}

/// A document of the input and where it begins.
struct Part {
    start: usize,
    document: Document,
}

fn parts(input: &str) -> Vec<Part> {
    let mut sources = Sources::default();
    let mut start = 0;
    let texts = input.split(char::from(SEPARATOR)).take(MOST_DOCUMENTS);
    texts
        .map(|text| {
            let part = Part { start, document: parse(sources.add("", ""), Arc::from(text)).0 };
            start += text.len() + 1;
            part
        })
        .collect()
}

fn changed(input: &str, random: &mut Random) -> Option<String> {
    let parts = parts(input);
    let elements: Vec<(usize, Element<'_>)> =
        parts.iter().flat_map(|part| part.document.elements().map(|it| (part.start, it))).collect();
    let values: Vec<(&str, Range<usize>)> = elements
        .iter()
        .flat_map(|(start, it)| it.attributes().map(|it| (it.name(), range(*start, it.value_span()))))
        .collect();
    let (from, one) = *random.pick(&elements)?;
    let source = range(from, one.span());
    let alike: Vec<(usize, Element<'_>)> = elements.iter().copied().filter(|(_, it)| it.name() == one.name()).collect();
    let among = if random.below(2) == 0 { &alike } else { &elements };
    let (to, other) = *random.pick(among)?;
    let target = range(to, other.span());
    let splice = |at: Range<usize>, with: &str| Some([&input[..at.start], with, &input[at.end..]].concat());
    match random.below(14) {
        0 => splice(target, &input[source]),
        1 => splice(target.start..target.start, &input[source]),
        2 => splice(target.end..target.end, &input[source]),
        3 => splice(source, ""),
        4 => {
            let (name, value) = random.pick(&values)?;
            let alike: Vec<_> = values.iter().filter(|(it, _)| it == name || random.below(4) == 0).collect();
            let (_, other) = random.pick(&alike)?;
            splice(value.clone(), &input[other.clone()])
        }
        5 => {
            let (_, value) = random.pick(&values)?;
            let text = &input[value.clone()];
            let cased = if random.below(2) == 0 { text.to_uppercase() } else { text.to_lowercase() };
            splice(value.clone(), &cased)
        }
        6 => splice(random.pick(&values)?.1.clone(), random.pick(&TEXTS)?),
        7 => splice(inside(other, to, random)?, random.pick(&CONTENTS)?),
        8 => {
            let at = to + other.name_span().end as usize;
            splice(at..at, random.pick(&ATTRIBUTES)?)
        }
        9 => {
            let part = random.pick(&parts)?;
            let at = part.start + part.document.text().len();
            splice(at..at, &format!("\u{1E}{}", part.document.text()))
        }
        _ => {
            let children = grammar::declaration(other)?.ty.children();
            let child = random.pick(children)?;
            let at = to + place_for(other, children, child)?;
            let mut made = String::new();
            write(&mut made, child, &Values { input, known: &values }, 3, random);
            splice(at..at, &made)
        }
    }
}

fn range(start: usize, span: Span) -> Range<usize> {
    start + span.start as usize..start + span.end as usize
}

/// Where a child may stand by the order of the grammar; none in an empty-element tag.
fn place_for(parent: Element<'_>, children: &[ElementDecl], child: &ElementDecl) -> Option<usize> {
    if parent.start_tag() == parent.span() {
        return None;
    }
    let rank = |name: &str| children.iter().position(|it| it.name == name);
    let before = parent.children().filter(|it| rank(it.name()) <= rank(child.name)).last();
    Some(before.map_or(parent.start_tag(), Element::span).end as usize)
}

/// The attribute values of an input, by name: what refers to something and what is referred to share them.
struct Values<'a> {
    input: &'a str,
    known: &'a [(&'a str, Range<usize>)],
}

impl Values<'_> {
    fn any(&self, random: &mut Random) -> &str {
        random.pick(self.known).map_or("", |(_, place)| &self.input[place.clone()])
    }
}

/// An element with what the grammar requires of it, and some of what it allows.
fn write(out: &mut String, declaration: &ElementDecl, values: &Values<'_>, depth: usize, random: &mut Random) {
    let ty = declaration.ty;
    out.push_str(&format!("<{}", declaration.name));
    for attribute in ty.attributes {
        if attribute.required || random.below(3) == 0 {
            let value = match random.pick(attribute.ty.values) {
                Some(value) => value,
                None if attribute.name == "Order" => ["1", "2", "3", "02"][random.below(4)],
                None if random.below(3) == 0 => ["a", "A", "b", "true", "0"][random.below(5)],
                None => values.any(random),
            };
            out.push_str(&format!(" {}=\"{value}\"", attribute.name));
        }
    }
    out.push('>');
    if let Some(text) = ty.text_type() {
        out.push_str(random.pick(text.values).copied().unwrap_or_else(|| values.any(random)));
    }
    for child in ty.children() {
        if depth > 0 && (child.occurrence.is_required() || random.below(4) == 0) {
            write(out, child, values, depth - 1, random);
            if child.occurrence.is_repeatable() && random.below(2) == 0 {
                write(out, child, values, depth - 1, random);
            }
        }
    }
    out.push_str(&format!("</{}>", declaration.name));
}
