//! Texts that grow without bound from small parameters are refused before they are made.

use super::failure::Failure;

/// The largest text that a method makes, in bytes.
const LIMIT: usize = 8 * 1024 * 1024;

/// Fails for a text that would be larger.
pub(crate) fn check(bytes: Option<usize>) -> Result<usize, Failure> {
    bytes.filter(|it| *it <= LIMIT).ok_or_else(|| Failure::new("the result would be larger than 8 MiB"))
}
