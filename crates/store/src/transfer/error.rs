use std::path::PathBuf;

use crate::documents::StoreError;
use crate::tenant::LoadError;

/// A tenant could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is something already where it is to go.
    #[error("`{}` holds a tenant already, and nothing was written", path.display())]
    Exists {
        /// The folder or the database.
        path: PathBuf,
    },
    /// The file system takes two names for one.
    #[error("`{name}` has the name of another document here: this file system doesn't tell them apart")]
    OneName {
        /// The document.
        name: String,
    },
    /// What is to be moved is no tenant, or a broken one.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A document can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
