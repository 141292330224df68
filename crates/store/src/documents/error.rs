use std::io;
use std::path::PathBuf;

use super::LIMIT;

/// A document could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not a plain file, or not readable.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Larger than any document of a tenant may be.
    #[error("`{}` is larger than {LIMIT} bytes: that is no document of a tenant", path.display())]
    TooLarge {
        /// The document.
        path: PathBuf,
    },
    /// Not UTF-8 text.
    #[error("`{}` is not UTF-8 (byte {offset}): save it as UTF-8", path.display())]
    NotUtf8 {
        /// The document.
        path: PathBuf,
        /// The first byte that is not UTF-8.
        offset: usize,
    },
    /// The place can't be written.
    #[error(
        "cannot write `{}`: {source}; make the folder writable, \
         set WAYFARER_HOME to a folder that is, or use --tenant DIR or --database URL",
        path.display()
    )]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Documents that belong together could not be read together.
    #[error("`{}` changes all the time: try again when nobody writes to it", path.display())]
    Unsteady {
        /// The folder or the database.
        path: PathBuf,
    },
    /// The text can't name a document.
    #[error(
        "`{name}` can't name a document: no part of a name may hold what Windows keeps for itself, or begin or end with a dot"
    )]
    Name {
        /// What was given.
        name: String,
    },
    /// The file is no database of a tenant, or a damaged one. It is left as it is.
    #[error("`{}` is not a tenant database: {reason}", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// Why not, and what to do.
        reason: String,
    },
    /// The database fails.
    #[error("the database `{}` fails: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}
