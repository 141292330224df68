//! The effective policy written out: one tree without a base, with the place of every piece.

mod build;
mod diff;
mod json;
mod xml;

use wayfarer_diagnostics::Span;

pub use build::effective;
pub use diff::{Change, Difference, diff};
pub use json::to_json;
pub use xml::{Origins, to_xml};

/// An element of the effective policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The local name.
    pub name: String,
    /// Namespace and prefix of an element that is not of the policy's namespace (inside `Extensions`).
    pub foreign: Option<Foreign>,
    /// Name, value and place, in the schema's order.
    pub attributes: Vec<(String, String, Span)>,
    /// The text of an element without children.
    pub text: Option<(String, Span)>,
    /// The child elements in effective order.
    pub children: Vec<Piece>,
    /// The start tags of everybody who contributed, most derived first; empty for what merging itself adds.
    pub origins: Vec<Span>,
    /// What merging broke: printed as a comment, and worth a warning.
    pub remark: Option<String>,
}

/// An element of another namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The name with its prefix.
    pub qualified_name: String,
    /// The namespace; empty for none.
    pub namespace: String,
}

impl Piece {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, ..)| own == name).map(|(_, value, _)| value.as_str())
    }

    /// All remarks in the tree, with the place of their element, in document order.
    pub fn remarks(&self) -> Vec<(&str, Option<Span>)> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(piece) = open.pop() {
            found.extend(piece.remark.as_deref().map(|it| (it, piece.origins.first().copied())));
            open.extend(piece.children.iter().rev());
        }
        found
    }
}
