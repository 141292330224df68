//! An upload of a set: which policies, in which order, what is done with each, and what is told of it.

mod arguments;
pub(crate) mod exchange;
pub(crate) mod report;
pub(crate) mod select;

pub(crate) use arguments::Deploy;
use std::fmt;
use wayfarer_compiler::BuiltFile;
use wayfarer_runtime::{GraphAnswer, GraphError, Stored};

/// A policy on its way.
pub(crate) struct Upload<'p> {
    /// `PolicyId`.
    pub(crate) id: &'p str,
    pub(crate) built: BuiltFile<'p>,
    pub(crate) state: State,
}

/// What becomes of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody has looked yet.
    Unknown,
    /// The tenant has the same.
    Unchanged,
    /// It is to be uploaded.
    Due(Reason),
    /// It was uploaded.
    Done(Stored, Reason),
    /// Its upload ended the command.
    Failed,
}

/// Why a policy is uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The tenant has none of that id.
    New,
    /// The tenant has another.
    Changed,
    /// `--force`
    Forced,
    /// This base policy is uploaded, and the service judges a relying party with a new base only when it comes again.
    BaseChanged(String),
}

impl Upload<'_> {
    pub(crate) fn is_due(&self) -> bool {
        matches!(self.state, State::Due(_))
    }
}

/// What ended an upload before its end.
pub(crate) struct Stop {
    /// The policy.
    pub(crate) id: String,
    pub(crate) doing: Doing,
    pub(crate) error: GraphError,
}

/// What was being done.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Doing {
    Asking,
    Uploading,
}

impl Stop {
    /// The answer, where the service doesn't take the policy.
    pub(crate) fn refusal(&self) -> Option<&GraphAnswer> {
        match &self.error {
            GraphError::Refused(answer) if self.doing == Doing::Uploading => Some(answer),
            _ => None,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.doing {
            Doing::Asking => "what the tenant has can't be told",
            Doing::Uploading => "it was not uploaded",
        };
        write!(f, "`{}`: {what}: {}", self.id, self.error)
    }
}
