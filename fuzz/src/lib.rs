//! What the targets share: reading documents out of the fuzzer's bytes, and the promises that every document keeps.

mod call;
mod mutate;

pub use call::{Call, Texts, write};
pub use mutate::mutate;

use std::sync::Arc;
use wayfarer_diagnostics::{Diagnostics, Sources, Span};
use wayfarer_syntax::{Document, Element, decode, parse};

/// Stands between the documents of one input. XML forbids the character, so no document loses anything.
pub const SEPARATOR: u8 = 0x1E;

/// No more documents than these are taken out of one input.
pub const MOST_DOCUMENTS: usize = 3;

/// A phase tells this many findings of a file, and then in one more how many are left out.
const MOST_FINDINGS: usize = 201;

/// Deeper elements are not in the tree.
const MAX_DEPTH: usize = 200;

/// The documents of one input.
pub fn documents(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|it| *it == SEPARATOR).take(MOST_DOCUMENTS)
}

/// One document as read.
pub struct Read {
    pub document: Arc<Document>,
    /// The bytes could be decoded, and the text is well-formed.
    pub is_well_formed: bool,
}

/// Bytes → tree, with what is promised of findings checked.
pub fn read(sources: &mut Sources, name: &str, bytes: &[u8]) -> Read {
    let file = sources.add(name, "");
    let (text, undecoded) = decode(file, bytes);
    sources.set_text(file, Arc::clone(&text));
    assert_findings(&text, &undecoded);
    let (document, malformed) = parse(file, text);
    assert_findings(document.text(), &malformed);
    assert_eq!(document.is_well_formed(), malformed.is_empty(), "what is malformed is said, and nothing else");
    let is_well_formed = undecoded.is_empty() && malformed.is_empty();
    Read { document: Arc::new(document), is_well_formed }
}

/// Every finding stands in the text, and there is an end to them.
pub fn assert_findings(text: &str, found: &Diagnostics) {
    assert!(found.len() <= MOST_FINDINGS, "{} findings of one phase", found.len());
    for it in found.iter() {
        assert_span(text, it.primary.span);
        it.related.iter().for_each(|it| assert_span(text, it.span));
        assert!(!it.code.is_empty() && !it.message.is_empty() && !it.message.contains('\n'), "{it:?}");
    }
}

/// The span lies in the text and cuts no character.
pub fn assert_span(text: &str, span: Span) {
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(text.get(start..end).is_some(), "{start}..{end} is no part of a text of {} bytes", text.len());
}

fn assert_within(inner: Span, outer: Span) {
    assert!(outer.start <= inner.start && inner.end <= outer.end, "{inner:?} is not inside {outer:?}");
}

/// Spans lie in the text, parts in the whole, children in their parents and behind each other.
pub fn assert_tree(document: &Document) {
    let text = document.text();
    let mut depths: Vec<usize> = Vec::new();
    for (index, element) in document.elements().enumerate() {
        assert_eq!(element.id().index(), index, "ids count in document order");
        assert_eq!(document.element(element.id()), Some(element));
        let depth = element.parent().map_or(0, |it| depths[it.id().index()] + 1);
        assert!(depth < MAX_DEPTH, "an element at depth {depth}");
        assert!(depth > 0 || index == 0, "a second root is left out");
        depths.push(depth);
        assert_element(text, element);
    }
    let mut last = 0;
    for comment in document.comments() {
        assert_span(text, comment.span());
        assert!(last <= comment.span().start, "comments are in document order");
        last = comment.span().end;
        let _ = comment.text();
    }
}

fn assert_element(text: &str, element: Element<'_>) {
    let (whole, tag) = (element.span(), element.start_tag());
    assert_span(text, whole);
    assert_span(text, tag);
    assert_within(tag, whole);
    assert_eq!(tag.start, whole.start);
    assert_within(element.name_span(), tag);
    assert_span(text, element.name_span());
    assert!(element.qualified_name().ends_with(element.name()));
    for attribute in element.attributes().chain(element.namespace_declarations()) {
        assert_within(attribute.span(), tag);
        assert_within(attribute.name_span(), attribute.span());
        assert_within(attribute.value_span(), attribute.span());
        for span in [attribute.span(), attribute.name_span(), attribute.value_span()] {
            assert_span(text, span);
        }
        assert!(attribute.name().ends_with(attribute.local_name()));
        let _ = (attribute.value(), attribute.namespace());
    }
    if let Some(span) = element.text_span() {
        assert_span(text, span);
        assert_within(span, whole);
    } else {
        assert!(element.text().is_empty(), "a text without a place: {:?}", element.text());
    }
    let mut last = tag.end;
    for child in element.children() {
        assert_eq!(child.parent(), Some(element));
        assert_within(child.span(), whole);
        assert!(last <= child.span().start, "{child:?} begins before its elder sibling or start tag ends");
        assert!(child.id() > element.id());
        last = child.span().end;
    }
}
