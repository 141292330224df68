//! Where a tenant lasts: documents by name, in a folder or in a database. Nobody who reads or writes them asks which.

mod change;
#[cfg(test)]
pub(crate) mod contract;
mod database;
mod error;
mod folder;
mod snapshot;

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::files::without_mark;

pub use change::Change;
pub use database::Database;
pub use error::StoreError;
pub use folder::Folder;
pub(crate) use snapshot::{Snapshot, is_document, names};

/// No document of a tenant is near this; a larger one is a mistake.
pub(crate) const LIMIT: u64 = 4 * 1024 * 1024;

/// The text of a document. It is overwritten when dropped, since it may be a key.
pub type Text = Zeroizing<String>;

/// A number that differs when any document has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision(pub(crate) u64);

/// What can be read of a tenant, at any time or within a change.
pub trait Reader {
    /// The text of a document, byte for byte; `None` when there is none of that name.
    ///
    /// # Errors
    /// The place can't be read, or holds something that is no document.
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError>;

    /// The same without a byte-order mark.
    ///
    /// # Errors
    /// As [`Reader::read_as_written`].
    fn read(&self, name: &str) -> Result<Option<Text>, StoreError> {
        Ok(self.read_as_written(name)?.map(without_mark))
    }

    /// The names of the documents in a folder such as `apps`, sorted; none when there is no such folder. What begins
    /// with a dot is no document.
    ///
    /// # Errors
    /// The place can't be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError>;
}

/// A tenant's documents by name: `tenant.toml`, `apps/daemon.json`, `keys/B2C_1A_X.json`. A name has `/` between its
/// parts on every platform. What lies under `keys/` is secret: in a folder its files are the owner's alone.
pub trait Documents: Reader + fmt::Debug + Send + Sync {
    /// Begins a change. Changes of one tenant come one after the other, in this process and in others: this waits for
    /// its turn.
    ///
    /// # Errors
    /// The place can't be written.
    fn change(&self) -> Result<Box<dyn Change + '_>, StoreError>;

    /// How a person finds a document: its path, or the database and its name there.
    fn place(&self, name: &str) -> PathBuf;

    /// What changes whenever a document does, by whomever.
    ///
    /// # Errors
    /// The place can't be read.
    fn revision(&self) -> Result<Revision, StoreError>;
}

/// Whether a text can name a document on every platform: so that a name never leaves its place, and a tenant may move.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= 300 && name.split('/').all(is_part)
}

/// What Windows takes for a file: no character with a meaning, no blank or dot at the end, no device. What begins with a
/// dot is hidden, and no document.
fn is_part(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let stem = part.split('.').next().unwrap_or_default().to_lowercase();
    let number = stem.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let is_numbered = number.len() == 1 && number.bytes().all(|it| it.is_ascii_digit());
    let device = stem.get(..3).filter(|it| DEVICES.contains(it) && (stem.len() == 3 || stem.len() == 4 && is_numbered));
    let is_allowed = |c: char| !c.is_control() && !"\\:*?\"<>|".contains(c);
    let is_open = |edge: &str| part.ends_with(edge);
    device.is_none()
        && !part.is_empty()
        && !part.starts_with('.')
        && !is_open(" ")
        && !is_open(".")
        && part.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_on_every_platform() {
        for good in [
            "tenant.toml",
            "apps/My API (dev).json",
            "apps/a+b.json",
            "apps/O'Brien.json",
            "keys/é_1-2@x",
            "apps/console.json",
            "apps/com10.json",
            "a..b",
        ] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "a//b",
            "../a",
            "a/..",
            ".a",
            "a.",
            "a ",
            "nul.json",
            "apps/AUX",
            "apps/com1.json",
            "a:b",
            "a\\b",
            "a\0",
            "a?",
        ] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
