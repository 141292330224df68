//! Files, spans and [`Diagnostic`]: what every other crate uses to say what is wrong, and where.
//!
//! Never in here: policy knowledge and I/O. Start reading at [`Diagnostic`]; [`render`] turns a list of them into text,
//! and [`fix`] applies what they propose.

mod diagnostic;
mod fingerprint;
pub mod fix;
pub mod render;
mod source;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Refusal, Severity, closest, one_line, only_close};
pub use fingerprint::fingerprints;
pub use fix::{Applicability, Edit, Fix};
pub use source::{FileId, Location, Replaced, SourceFile, Sources, Span};
