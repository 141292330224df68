use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::documents::StoreError;
use crate::files::{self, Access, is_absence};

/// A folder of text files beside the tenants' that holds secrets too: it is the owner's alone and ignored by git, and a
/// reader sees a file whole or not at all.
#[derive(Debug, Clone)]
pub struct PrivateFolder {
    path: PathBuf,
}

impl PrivateFolder {
    /// The folder at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where a file of it is, whether it exists or not.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The text of a file without its byte-order mark, `None` when there is no such file.
    ///
    /// # Errors
    /// It can't be read, is not UTF-8 or is too large.
    pub fn read(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        match files::read_text(&self.path_of(name)) {
            Ok(text) => Ok(Some(files::without_mark(text))),
            Err(StoreError::Read { source, .. }) if is_absence(source.kind()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates a file, and the folder, unless the file is there. Returns whether this call created it: of several that
    /// race, in one process or many, exactly one does.
    ///
    /// # Errors
    /// The place can't be written.
    pub fn create(&self, name: &str, text: &str, access: Access) -> Result<bool, StoreError> {
        files::create_private_folder(&self.path)?;
        files::create(&self.path_of(name), text, access)
    }

    /// Replaces a file at once: a reader sees the old text or the new one.
    ///
    /// # Errors
    /// The place can't be written.
    pub fn replace(&self, name: &str, text: &str, access: Access) -> Result<(), StoreError> {
        files::replace(&self.path_of(name), text, access)
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
