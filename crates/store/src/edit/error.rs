use crate::documents::StoreError;
use crate::tenant::{FindError, LoadError};

/// A registration could not be changed. Nothing was written, unless a folder failed between two of its files: it has no
/// undo, and what was written first does no harm alone.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The embedded tenant has no folder.
    #[error(
        "the embedded tenant `{tenant}` can't be changed: use --tenant DIR or --database URL with a tenant of your own"
    )]
    ReadOnly {
        /// Its name.
        tenant: String,
    },
    /// No single app answers to the name or id.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The tenant's files are broken.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A document can't be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The value given is not one that Azure would take.
    #[error("{what} `{value}` {problem}")]
    Invalid {
        /// What kind of value: `app name`, `role value` …
        what: &'static str,
        /// The value.
        value: String,
        /// Why not.
        problem: String,
    },
    /// A member of an application does not hold what Azure would take.
    #[error("`{member}` {problem}")]
    Member {
        /// Where, in Graph's words: `appRoles[1].value`.
        member: String,
        /// Why not. It repeats no value that may be a secret.
        problem: String,
    },
    /// Another app has what must be unique in the tenant.
    #[error("{what} `{value}` belongs to {owner}: it must be unique in the tenant")]
    Taken {
        /// What kind of value: `Application ID URI`.
        what: &'static str,
        /// The value.
        value: String,
        /// Who has it: name and application id.
        owner: String,
    },
    /// A role or scope is to go while it is enabled.
    #[error("`{member}` has `{value}`, which is enabled: disable it (`isEnabled`) before it is taken away")]
    Enabled {
        /// `appRoles` or `api.oauth2PermissionScopes`.
        member: &'static str,
        /// Its value, or its id where it has none.
        value: String,
    },
    /// What is to be made is there already.
    #[error("{what} `{value}` is there already")]
    Exists {
        /// What: `service principal`, `app role assignment`.
        what: &'static str,
        /// Which.
        value: String,
    },
    /// An app that a file brings can't be taken over.
    #[error("{place}: {why}")]
    Import {
        /// The file, and which of its manifests.
        place: String,
        /// Why not.
        why: Box<EditError>,
    },
    /// What is to be changed or taken away is not there.
    #[error("there is no {what} `{value}`")]
    Missing {
        /// What: `password credential`, `service principal` …
        what: &'static str,
        /// Which.
        value: String,
    },
}

impl EditError {
    pub(super) fn invalid(what: &'static str, value: &str, problem: impl Into<String>) -> Self {
        Self::Invalid { what, value: shortened(value), problem: problem.into() }
    }

    pub(super) fn member(member: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Member { member: member.into(), problem: problem.into() }
    }
}

fn shortened(value: &str) -> String {
    value.chars().take(200).collect()
}
