/// A tenant's policies: where they are kept, and what makes one sound. A name is a `PolicyId`, compared without regard to
/// case.
pub trait Policies: Send + Sync {
    /// The ids of all policies, as their files write them, in a lasting order.
    ///
    /// # Errors
    /// [`PolicyError::Unavailable`].
    fn list(&self) -> Result<Vec<String>, PolicyError>;

    /// The bytes of a policy as they were uploaded; `None` when there is none of that id.
    ///
    /// # Errors
    /// [`PolicyError::Unavailable`].
    fn read(&self, id: &str) -> Result<Option<Vec<u8>>, PolicyError>;

    /// Checks an upload together with its chain as Azure does and, when it is sound, stores it: the next request for a token
    /// is served by it. Nobody sees half of it.
    ///
    /// # Errors
    /// [`PolicyError::Invalid`] says what is wrong, [`PolicyError::Exists`] that [`Upload::Create`] found one.
    fn put(&self, id: &str, xml: &[u8], upload: Upload) -> Result<Put, PolicyError>;

    /// Removes a policy.
    ///
    /// # Errors
    /// [`PolicyError::NotFound`], and [`PolicyError::Inherited`] while other policies have it as their base.
    fn delete(&self, id: &str) -> Result<(), PolicyError>;
}

/// What an upload may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upload {
    /// `POST`: only a new policy.
    Create,
    /// `PUT`: a new policy, or another text for the one that there is.
    CreateOrReplace,
}

/// What an upload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// There was no policy of that id.
    Created,
    /// There was one.
    Replaced,
}

/// A policy could not be read, stored or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// Azure would refuse the upload. Nothing was stored.
    Invalid {
        /// Azure's own messages (reference "graph", 2.4), one a problem, in their order; none twice.
        messages: Vec<String>,
    },
    /// There is a policy of that id already.
    Exists,
    /// There is no policy of that id.
    NotFound,
    /// Others inherit from it.
    Inherited {
        /// Their ids.
        by: Vec<String>,
    },
    /// The place can't be read or written, or the server serves policies that nobody may change.
    Unavailable {
        /// Why, for the log.
        detail: String,
    },
}
