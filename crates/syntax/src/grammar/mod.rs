//! What may stand where in a policy.

use wayfarer_diagnostics::Diagnostics;

use crate::Document;

/// Checks a document against the grammar.
pub fn check_schema(_document: &Document, _diagnostics: &mut Diagnostics) {}
