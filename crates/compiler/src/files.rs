use std::path::{Path, PathBuf};

/// The file system as a project needs it; the real one is `wayfarer-runtime`'s.
pub trait Files: Sync {
    /// What a path is; `None` when nothing is there.
    fn entry(&self, path: &Path) -> Option<Entry>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// The file can't be read, or is larger than `limit` bytes (then nothing is read).
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError>;

    /// The `*.xml` files directly in a folder, or also in the folders below it: sorted, each once, whatever links there are.
    fn xml_files(&self, folder: &Path, below: bool) -> Listing;

    /// Whether findings in a file are wanted that was found in a folder; else it is only looked up as a base policy.
    fn is_judged(&self, _path: &Path) -> bool {
        true
    }

    /// One spelling for all paths of a file or folder.
    fn canonical(&self, path: &Path) -> PathBuf;
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// The files of a folder, and what of it could not be read.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The files, sorted.
    pub files: Vec<PathBuf>,
    /// Folders that could not be read, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It has more bytes than the limit.
    #[error("{size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// The system says why.
    #[error("{0}")]
    Unreadable(String),
}
