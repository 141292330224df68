//! The service's log: lines on stderr with ids and codes, never a value that a request or a policy holds.

use std::fmt::Display;
use std::io::{self, Write};
use wayfarer_store::Guid;

/// One line. A log that nobody reads any more keeps no request from its answer.
pub(crate) fn line(what: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{what}");
}

/// What became of a request.
pub(crate) fn request(correlation_id: Guid, policy: &str, what: &str) {
    line(format_args!("{correlation_id} {policy} {what}"));
}
