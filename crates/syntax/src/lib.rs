//! Policy XML: bytes → text → element tree with exact spans, the grammar of a policy, and the check against it.
//!
//! Never in here: inheritance, name resolution, serde, I/O. A problem in a file is data, never an `Err`: [`decode`] and
//! [`parse`] read on after a mistake and hand back all that can still be read; nothing here recurses, so that no
//! nesting, however deep, can exhaust a stack.
//!
//! quick-xml cuts the text into markup and text, with its checks off: it is a tokenizer, not a validator (it passes
//! raw control characters, two roots, a second byte-order mark). Well-formedness by XML 1.0 (fifth edition) and by
//! Namespaces in XML 1.0 is judged in [`mod@parse`], to the letter as libxml2 judges it, with these exceptions: a
//! `DOCTYPE` is always refused, and so is UTF-7; names of encodings are those of encoding_rs.
//!
//! Start reading at [`parse()`] for the tree, at [`grammar`] for what may stand where.

mod chars;
mod document;
mod encoding;
pub mod grammar;
mod parse;
mod report;
mod schema;
mod uri;

pub use document::{Attribute, Comment, Document, Element, ElementId};
pub use encoding::decode;
pub use parse::parse;

/// The namespace of every element of a policy.
pub const POLICY_NAMESPACE: &str = "http://schemas.microsoft.com/online/cpim/schemas/2013/06";
