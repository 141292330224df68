use std::fmt;
use std::sync::Arc;
use wayfarer_diagnostics::Span;
use wayfarer_syntax::{Document, Element, ElementId};

/// An element exactly as one file writes it.
#[derive(Clone)]
pub struct Written {
    document: Arc<Document>,
    element: ElementId,
}

impl Written {
    pub(crate) fn new(document: &Arc<Document>, element: Element<'_>) -> Self {
        Self { document: Arc::clone(document), element: element.id() }
    }

    /// The element in its file's tree.
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: the id was taken from this document, whose elements never go away"
    )]
    pub fn element(&self) -> Element<'_> {
        self.document.element(self.element).expect("an element of its own document")
    }
}

/// An element of an effective policy: as one file writes it, or merged from several.
#[derive(Clone)]
pub enum Node {
    /// No other file touches it.
    Written(Written),
    /// Laid over each other.
    Merged(Arc<Merged>),
}

/// What several files say of one element.
pub struct Merged {
    /// Who contributed, most derived first; never empty.
    written: Vec<Written>,
    children: Vec<Node>,
}

impl Node {
    pub(crate) fn written(document: &Arc<Document>, element: Element<'_>) -> Self {
        Self::Written(Written::new(document, element))
    }

    /// `over` laid over `under`, with the children that the rules of inheritance give.
    pub(crate) fn merged(over: &[Node], under: &[Node], children: Vec<Node>) -> Self {
        let written = over.iter().chain(under).flat_map(|it| it.contributors().cloned()).collect();
        Self::Merged(Arc::new(Merged { written, children }))
    }

    /// A view of the element.
    pub fn as_ref(&self) -> NodeRef<'_> {
        match self {
            Self::Written(written) => NodeRef::Written(&written.document, written.element()),
            Self::Merged(merged) => NodeRef::Merged(merged),
        }
    }

    /// The elements that this one was merged from, most derived first.
    pub fn contributors(&self) -> std::slice::Iter<'_, Written> {
        match self {
            Self::Written(written) => std::slice::from_ref(written).iter(),
            Self::Merged(merged) => merged.written.iter(),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} Id={:?}>", self.as_ref().name(), self.as_ref().attribute("Id").map(|it| it.value))
    }
}

/// A text with the place where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text, with references resolved.
    pub value: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// A borrowed [`Node`].
#[derive(Clone, Copy)]
pub enum NodeRef<'a> {
    /// As one file writes it.
    Written(&'a Arc<Document>, Element<'a>),
    /// Merged from several.
    Merged(&'a Arc<Merged>),
}

impl<'a> NodeRef<'a> {
    /// An owned handle to the same element.
    pub fn to_node(self) -> Node {
        match self {
            Self::Written(document, element) => Node::written(document, element),
            Self::Merged(merged) => Node::Merged(Arc::clone(merged)),
        }
    }

    /// The element as the most derived file writes it.
    pub fn element(self) -> Element<'a> {
        match self {
            Self::Written(_, element) => element,
            Self::Merged(merged) => first(merged).element(),
        }
    }

    /// The elements that this one was merged from, most derived first.
    pub fn elements(self) -> impl Iterator<Item = Element<'a>> {
        let (one, many) = match self {
            Self::Written(_, element) => (Some(element), &[][..]),
            Self::Merged(merged) => (None, &merged.written[..]),
        };
        one.into_iter().chain(many.iter().map(Written::element))
    }

    /// The element's local name.
    pub fn name(self) -> &'a str {
        self.element().name()
    }

    /// The start tag in the most derived file that writes the element.
    pub fn span(self) -> Span {
        self.element().start_tag()
    }

    /// An attribute; of several files the most derived one that has it decides.
    pub fn attribute(self, name: &str) -> Option<Text<'a>> {
        let attribute = self.elements().find_map(|it| it.attribute(name))?;
        Some(Text { value: attribute.value(), span: attribute.value_span() })
    }

    /// The character data; of several files the most derived one that has any decides.
    pub fn text(self) -> Text<'a> {
        let written = self.elements().find(|it| !it.text().is_empty()).unwrap_or_else(|| self.element());
        Text { value: written.text(), span: written.text_span().unwrap_or_else(|| written.start_tag()) }
    }

    /// The child elements in effective order.
    pub fn children(self) -> impl Iterator<Item = NodeRef<'a>> {
        let (written, merged) = match self {
            Self::Written(document, element) => {
                (Some(element.children().map(move |it| NodeRef::Written(document, it))), None)
            }
            Self::Merged(merged) => (None, Some(merged.children.iter().map(Node::as_ref))),
        };
        written.into_iter().flatten().chain(merged.into_iter().flatten())
    }

    /// The first child of that name.
    pub fn child(self, name: &str) -> Option<NodeRef<'a>> {
        self.children().find(|it| it.name() == name)
    }

    /// The children of that name.
    pub fn children_named(self, name: &'static str) -> impl Iterator<Item = NodeRef<'a>> {
        self.children().filter(move |it| it.name() == name)
    }

    /// The items of a list such as `OutputClaims/OutputClaim`; the wrapper may repeat.
    pub fn items(self, wrapper: &'static str, item: &'static str) -> impl Iterator<Item = NodeRef<'a>> {
        self.children_named(wrapper).flat_map(move |it| it.children_named(item))
    }
}

fn first(merged: &Merged) -> &Written {
    // INVARIANT: `Node::merged` is only called with at least one node on each side.
    &merged.written[0]
}
