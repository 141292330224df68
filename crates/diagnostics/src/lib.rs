//! Files, spans and [`Diagnostic`]: what every other crate uses to say what is wrong, and where.
//!
//! Never in here: policy knowledge and I/O. Start reading at [`Diagnostic`]; [`render`] turns a list of them into text.

mod diagnostic;
mod fingerprint;
pub mod render;
mod source;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity, closest, one_line};
pub use fingerprint::fingerprints;
pub use source::{FileId, Location, Replaced, SourceFile, Sources, Span};
