use super::{Reader, StoreError};

/// A change of a tenant's documents, begun by [`Documents::change`](super::Documents::change). It sees what it wrote.
/// Dropped without [`Change::commit`], a database keeps nothing of it; a folder, which has no undo, keeps what was
/// written so far, each document whole.
pub trait Change: Reader {
    /// Writes a document unless there is one of that name. Returns whether it did: of several that race, one does.
    ///
    /// # Errors
    /// The place can't be written.
    fn create(&mut self, name: &str, text: &str) -> Result<bool, StoreError>;

    /// Writes a document, new or not: a reader sees the old text or the new one.
    ///
    /// # Errors
    /// The place can't be written.
    fn replace(&mut self, name: &str, text: &str) -> Result<(), StoreError>;

    /// Takes a document away. Returns whether there was one.
    ///
    /// # Errors
    /// The place can't be written.
    fn remove(&mut self, name: &str) -> Result<bool, StoreError>;

    /// Makes the change last, and lets others change again.
    ///
    /// # Errors
    /// The place can't be written.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
