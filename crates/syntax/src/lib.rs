//! Policy XML: bytes → text → element tree with exact spans, the grammar of a policy, and the check against it.
//!
//! Never in here: inheritance, name resolution, serde, I/O. A problem in a file is data, never an `Err`: [`decode`] and
//! [`parse`] read on after a mistake and hand back all that can still be read; nothing here recurses, so that no
//! nesting, however deep, can exhaust a stack.
//!
//! quick-xml cuts the text into markup and text, with its checks off: it is a tokenizer, not a validator (it passes
//! raw control characters, two roots, a second byte-order mark). Well-formedness by XML 1.0 (fifth edition) and by
//! Namespaces in XML 1.0 is judged while the tree is built, validity in [`grammar`], both to the letter as libxml2 judges them.
//! Where the verdict is another, it is on purpose:
//!
//! | what | libxml2 2.14 | here |
//! |---|---|---|
//! | `DOCTYPE` | read, with limits | refused |
//! | UTF-7, UTF-32, and names of encodings that encoding_rs does not know | what iconv has | refused |
//! | depth | 256 levels | 200 |
//! | attributes of one element | no limit | 256 |
//! | namespaces in scope | no limit | 512 |
//! | one text or value of more than 10 MB | refused | read |
//! | `xsi:type` with a type of XSD itself | all that derive | the declared type, `xs:string` and what has no more rules |
//!
//! Start reading at [`parse()`] for the tree, at [`grammar`] for what may stand where.

mod chars;
mod document;
mod encoding;
mod escape;
pub mod grammar;
pub mod layout;
mod parse;
mod report;
mod schema;
mod uri;

pub use document::{Attribute, Comment, Document, Element, ElementId};
pub use encoding::{decode, encode};
pub use escape::{Place, escaped};
pub use parse::parse;

/// The namespace of every element of a policy.
pub const POLICY_NAMESPACE: &str = "http://schemas.microsoft.com/online/cpim/schemas/2013/06";
