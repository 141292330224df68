//! What the table is made of.

use super::simple::SimpleType;

/// The type of an element: which attributes it has and what stands in it.
#[derive(Debug)]
pub struct Type {
    /// The schema's name for it; empty for a type that only one element has.
    pub name: &'static str,
    /// In the schema's order.
    pub attributes: &'static [AttributeDecl],
    /// What stands in it.
    pub content: Content,
}

/// What stands in an element.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Nothing, not even white space.
    Empty,
    /// Text of a simple type, no elements.
    Text(&'static SimpleType),
    /// These elements in this order.
    Sequence(&'static [ElementDecl]),
    /// Elements of one of these, not of several.
    Choice(&'static [ElementDecl]),
    /// Elements of any namespace, which nothing checks; no text.
    Skipped,
    /// Anything: text, elements, attributes.
    Anything,
}

/// An element inside its parent.
#[derive(Debug)]
pub struct ElementDecl {
    /// The local name.
    pub name: &'static str,
    /// What the element is.
    pub ty: &'static Type,
    /// How often it stands there.
    pub occurrence: Occurrence,
    /// What must be unique in it.
    pub keys: &'static [Key],
}

/// How often an element may stand in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// Exactly once.
    One,
    /// At most once.
    ZeroOrOne,
    /// Any number of times.
    ZeroOrMore,
    /// At least once.
    OneOrMore,
}

impl Occurrence {
    /// Whether the parent must have one.
    pub fn is_required(self) -> bool {
        matches!(self, Self::One | Self::OneOrMore)
    }

    /// Whether the parent may have several.
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::ZeroOrMore | Self::OneOrMore)
    }
}

/// An attribute of an element; none is in a namespace.
#[derive(Debug)]
pub struct AttributeDecl {
    /// The name.
    pub name: &'static str,
    /// What its value may be.
    pub ty: &'static SimpleType,
    /// Whether the element must have it.
    pub required: bool,
    /// What counts when it is absent, where the schema says so.
    pub default: Option<&'static str>,
}

/// An attribute whose value may occur once only among the elements of a path (XSD `key`).
#[derive(Debug)]
pub struct Key {
    /// The schema's name for it.
    pub name: &'static str,
    /// The names from a child of the element that has the key down to the elements that it is about.
    pub path: &'static [&'static str],
    /// The attribute.
    pub attribute: &'static str,
}

/// The type of an element that the schema gives none.
pub static ANYTHING: Type = Type { name: "", attributes: &[], content: Content::Anything };

impl Type {
    /// The elements that may stand in it, in order.
    pub fn children(&self) -> &'static [ElementDecl] {
        match self.content {
            Content::Sequence(children) | Content::Choice(children) => children,
            Content::Empty | Content::Text(_) | Content::Skipped | Content::Anything => &[],
        }
    }

    /// The child element of a name.
    pub fn child(&self, name: &str) -> Option<&'static ElementDecl> {
        self.children().iter().find(|it| it.name == name)
    }

    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeDecl> {
        self.attributes.iter().find(|it| it.name == name)
    }

    /// What its text may be; `None` when it holds no text.
    pub fn text_type(&self) -> Option<&'static SimpleType> {
        match self.content {
            Content::Text(ty) => Some(ty),
            _ => None,
        }
    }

    pub(super) const fn empty(name: &'static str, attributes: &'static [AttributeDecl]) -> Self {
        Self { name, attributes, content: Content::Empty }
    }

    pub(super) const fn text(
        name: &'static str,
        attributes: &'static [AttributeDecl],
        text: &'static SimpleType,
    ) -> Self {
        Self { name, attributes, content: Content::Text(text) }
    }

    pub(super) const fn sequence(
        name: &'static str,
        attributes: &'static [AttributeDecl],
        children: &'static [ElementDecl],
    ) -> Self {
        Self { name, attributes, content: Content::Sequence(children) }
    }

    pub(super) const fn choice(
        name: &'static str,
        attributes: &'static [AttributeDecl],
        children: &'static [ElementDecl],
    ) -> Self {
        Self { name, attributes, content: Content::Choice(children) }
    }

    pub(super) const fn skipped(name: &'static str, attributes: &'static [AttributeDecl]) -> Self {
        Self { name, attributes, content: Content::Skipped }
    }
}

impl ElementDecl {
    pub(super) const fn keys(mut self, keys: &'static [Key]) -> Self {
        self.keys = keys;
        self
    }
}

impl AttributeDecl {
    pub(super) const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
}

const fn element(name: &'static str, ty: &'static Type, occurrence: Occurrence) -> ElementDecl {
    ElementDecl { name, ty, occurrence, keys: &[] }
}

pub(super) const fn one(name: &'static str, ty: &'static Type) -> ElementDecl {
    element(name, ty, Occurrence::One)
}

pub(super) const fn zero_or_one(name: &'static str, ty: &'static Type) -> ElementDecl {
    element(name, ty, Occurrence::ZeroOrOne)
}

pub(super) const fn zero_or_more(name: &'static str, ty: &'static Type) -> ElementDecl {
    element(name, ty, Occurrence::ZeroOrMore)
}

pub(super) const fn one_or_more(name: &'static str, ty: &'static Type) -> ElementDecl {
    element(name, ty, Occurrence::OneOrMore)
}

pub(super) const fn required(name: &'static str, ty: &'static SimpleType) -> AttributeDecl {
    AttributeDecl { name, ty, required: true, default: None }
}

pub(super) const fn optional(name: &'static str, ty: &'static SimpleType) -> AttributeDecl {
    AttributeDecl { name, ty, required: false, default: None }
}

pub(super) const fn key(name: &'static str, path: &'static [&'static str], attribute: &'static str) -> Key {
    Key { name, path, attribute }
}
