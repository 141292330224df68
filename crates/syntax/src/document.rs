use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use wayfarer_diagnostics::{FileId, Span};

use crate::POLICY_NAMESPACE;
use crate::parse::XMLNS;

/// "No element", "no namespace" in the flat vectors.
pub(crate) const NONE: u32 = u32::MAX;
/// Where [`POLICY_NAMESPACE`] stands in `Document::namespaces`.
pub(crate) const POLICY: u32 = 0;
/// Where the namespace of `xml:` stands.
pub(crate) const XML: u32 = 1;
/// Where the namespace of `xsi:` attributes stands.
pub(crate) const XSI: u32 = 2;

/// The namespaces that every document knows, in the order of the constants above.
pub(crate) const KNOWN_NAMESPACES: [&str; 3] =
    [POLICY_NAMESPACE, "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2001/XMLSchema-instance"];

/// One file as an element tree. What no policy has is not kept: processing instructions, and the white space between
/// child elements.
pub struct Document {
    pub(crate) file: FileId,
    pub(crate) text: Arc<str>,
    pub(crate) elements: Vec<ElementData>,
    pub(crate) attributes: Vec<AttributeData>,
    pub(crate) namespaces: Vec<String>,
    pub(crate) comments: Vec<(u32, u32)>,
    /// Every value that is not a slice of `text`, one after the other.
    pub(crate) cooked: String,
    pub(crate) well_formed: bool,
}

/// Names an element of one [`Document`]; ids count in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(u32);

impl ElementId {
    /// The position of the element in document order, counted from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value: a slice of the text as written, or of what was cooked from it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Written(u32, u32),
    Cooked(u32, u32),
}

impl Value {
    pub(crate) const EMPTY: Self = Self::Cooked(0, 0);
}

#[derive(Debug)]
pub(crate) struct ElementData {
    pub(crate) parent: u32,
    pub(crate) first_child: u32,
    pub(crate) next_sibling: u32,
    pub(crate) namespace: u32,
    pub(crate) start: u32,
    pub(crate) start_tag_end: u32,
    pub(crate) end: u32,
    /// The name as written follows `<`.
    pub(crate) name_end: u32,
    pub(crate) local_start: u32,
    pub(crate) first_attribute: u32,
    pub(crate) end_attribute: u32,
    pub(crate) text: Value,
    pub(crate) text_span: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeData {
    pub(crate) name_start: u32,
    pub(crate) name_end: u32,
    pub(crate) local_start: u32,
    pub(crate) namespace: u32,
    pub(crate) value: Value,
    /// Inside the quotes.
    pub(crate) value_start: u32,
    pub(crate) value_end: u32,
    /// After the closing quote.
    pub(crate) end: u32,
}

impl Document {
    /// The file that was read.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The text that spans count in.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The first element at the top, if there is any.
    pub fn root(&self) -> Option<Element<'_>> {
        self.element(ElementId(0))
    }

    /// The element of an id; `None` only for an id of another document.
    pub fn element(&self, id: ElementId) -> Option<Element<'_>> {
        Some(Element { document: self, data: self.elements.get(id.index())?, id })
    }

    /// What a span of this document covers, as written.
    pub fn written(&self, span: Span) -> &str {
        self.slice(span.start, span.end)
    }

    /// Every element, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.elements.iter().zip(0..).map(|(data, id)| Element { document: self, data, id: ElementId(id) })
    }

    /// Every comment, in document order.
    pub fn comments(&self) -> impl Iterator<Item = Comment<'_>> {
        self.comments.iter().map(|&(start, end)| Comment { document: self, start, end })
    }

    /// Whether the text is well-formed XML, namespaces included. What is not is still a tree of all that can be read.
    pub fn is_well_formed(&self) -> bool {
        self.well_formed
    }

    pub(crate) fn at(&self, id: u32) -> Option<Element<'_>> {
        if id == NONE { None } else { self.element(ElementId(id)) }
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn value(&self, value: Value) -> &str {
        match value {
            Value::Written(start, end) => self.slice(start, end),
            Value::Cooked(start, end) => self.cooked.get(start as usize..end as usize).unwrap_or_default(),
        }
    }

    fn namespace(&self, index: u32) -> Option<&str> {
        self.namespaces.get(index as usize).map(String::as_str)
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end: end.max(start) }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("file", &self.file)
            .field("elements", &self.elements.len())
            .finish_non_exhaustive()
    }
}

/// An element of a [`Document`].
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    data: &'d ElementData,
    id: ElementId,
}

impl<'d> Element<'d> {
    /// Names the element without borrowing the document.
    pub fn id(self) -> ElementId {
        self.id
    }

    /// The document that the element belongs to.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// The local name.
    pub fn name(self) -> &'d str {
        self.document.slice(self.data.local_start, self.data.name_end)
    }

    /// The name as written, with its prefix.
    pub fn qualified_name(self) -> &'d str {
        self.document.slice(self.data.start + 1, self.data.name_end)
    }

    /// The namespace, `None` when the element has none.
    pub fn namespace(self) -> Option<&'d str> {
        self.document.namespace(self.data.namespace)
    }

    /// Whether the element is in the namespace of policies.
    pub fn is_policy(self) -> bool {
        self.data.namespace == POLICY
    }

    /// From the start tag to the end tag, both included.
    pub fn span(self) -> Span {
        self.document.span(self.data.start, self.data.end)
    }

    /// The start tag (or the empty-element tag), from `<` to `>`.
    pub fn start_tag(self) -> Span {
        self.document.span(self.data.start, self.data.start_tag_end)
    }

    /// The name in the start tag, with its prefix.
    pub fn name_span(self) -> Span {
        self.document.span(self.data.start + 1, self.data.name_end)
    }

    /// The name in the end tag, without its prefix; `None` for an empty-element tag.
    pub fn end_tag_name(self) -> Option<Span> {
        let written = self.document.slice(self.data.start_tag_end, self.data.end);
        let tag = written.rfind("</")?;
        let name = written.get(tag + 2..)?.find(self.name())?;
        let start = self.data.start_tag_end as usize + tag + 2 + name;
        Some(Span::new(self.document.file, start, start + self.name().len()))
    }

    /// The element that this one stands in.
    pub fn parent(self) -> Option<Element<'d>> {
        self.document.at(self.data.parent)
    }

    /// The child elements in order.
    pub fn children(self) -> impl Iterator<Item = Element<'d>> {
        let document = self.document;
        std::iter::successors(document.at(self.data.first_child), move |it| document.at(it.data.next_sibling))
    }

    /// The first child element with a local name, in the namespace of policies.
    pub fn child(self, name: &str) -> Option<Element<'d>> {
        self.children().find(|it| it.is_policy() && it.name() == name)
    }

    /// The child elements with a local name, in the namespace of policies.
    pub fn children_named(self, name: &str) -> impl Iterator<Item = Element<'d>> {
        self.children().filter(move |it| it.is_policy() && it.name() == name)
    }

    /// The attributes in order, without namespace declarations.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        self.all_attributes().filter(|it| it.data.namespace != XMLNS)
    }

    /// The namespace declarations (`xmlns`, `xmlns:PREFIX`) in order.
    pub fn namespace_declarations(self) -> impl Iterator<Item = Attribute<'d>> {
        self.all_attributes().filter(|it| it.data.namespace == XMLNS)
    }

    /// The attribute that is written so, without a prefix.
    pub fn attribute(self, name: &str) -> Option<Attribute<'d>> {
        self.all_attributes().find(|it| it.data.namespace == NONE && it.name() == name)
    }

    /// Character data and CDATA together, references resolved, comments dropped, line ends as `\n`. Next to child
    /// elements white space alone is no text.
    pub fn text(self) -> &'d str {
        self.document.value(self.data.text)
    }

    /// Where [`Self::text`] is written: from its first to its last character; `None` when there is none, not even an
    /// empty CDATA section.
    pub fn text_span(self) -> Option<Span> {
        let (start, end) = self.data.text_span;
        (start != NONE).then(|| self.document.span(start, end))
    }

    fn all_attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        let range: Range<usize> = self.data.first_attribute as usize..self.data.end_attribute as usize;
        let document = self.document;
        document.attributes.get(range).unwrap_or_default().iter().map(move |data| Attribute { document, data })
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.data, other.data)
    }
}

impl Eq for Element<'_> {}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}> at {}", self.qualified_name(), self.data.start)
    }
}

/// An attribute of an [`Element`].
#[derive(Clone, Copy)]
pub struct Attribute<'d> {
    document: &'d Document,
    data: &'d AttributeData,
}

impl<'d> Attribute<'d> {
    /// The name as written, with its prefix.
    pub fn name(self) -> &'d str {
        self.document.slice(self.data.name_start, self.data.name_end)
    }

    /// The name without its prefix.
    pub fn local_name(self) -> &'d str {
        self.document.slice(self.data.local_start, self.data.name_end)
    }

    /// The namespace; an attribute without a prefix has none.
    pub fn namespace(self) -> Option<&'d str> {
        self.document.namespace(self.data.namespace)
    }

    /// The value: references resolved, white space normalized (XML 1.0 §3.3.3).
    pub fn value(self) -> &'d str {
        self.document.value(self.data.value)
    }

    /// From the name to the closing quote.
    pub fn span(self) -> Span {
        self.document.span(self.data.name_start, self.data.end)
    }

    /// The name, with its prefix.
    pub fn name_span(self) -> Span {
        self.document.span(self.data.name_start, self.data.name_end)
    }

    /// The value as written, inside the quotes.
    pub fn value_span(self) -> Span {
        self.document.span(self.data.value_start, self.data.value_end)
    }

    pub(crate) fn document(self) -> &'d Document {
        self.document
    }

    pub(crate) fn namespace_index(self) -> u32 {
        self.data.namespace
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}", self.name(), self.value())
    }
}

/// A comment of a [`Document`].
#[derive(Clone, Copy)]
pub struct Comment<'d> {
    document: &'d Document,
    start: u32,
    end: u32,
}

impl<'d> Comment<'d> {
    /// What stands between `<!--` and `-->`, as written.
    pub fn text(self) -> &'d str {
        self.document.slice(self.start + 4, self.end.saturating_sub(3))
    }

    /// From `<!--` to `-->`.
    pub fn span(self) -> Span {
        self.document.span(self.start, self.end)
    }
}

impl fmt::Debug for Comment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<!--{}-->", self.text())
    }
}
