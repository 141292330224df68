use super::check::SignatureProblem;
use super::regex::RegexErrorCause;
use std::borrow::Cow;

/// Why a claims transformation could not be prepared or did not succeed. No text holds a claim's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransformationError {
    /// The declaration is not what the method expects; [`super::Transformation::check`] tells all problems.
    #[error("claims transformation `{transformation}` ({method}): {problem}")]
    Signature {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// The first problem.
        problem: SignatureProblem,
    },
    /// A parameter's text can't be used.
    #[error("claims transformation `{transformation}` ({method}): parameter `{parameter}` {reason}")]
    Parameter {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// The parameter's `Id`, or the claim's name where it is about a declared claim.
        parameter: String,
        /// What is wrong, as the end of a sentence. It may show policy text, never a claim's value.
        reason: String,
    },
    /// A parameter's text may be fine, and Wayfarer can't use it.
    #[error("claims transformation `{transformation}` ({method}): parameter `{parameter}` {reason}")]
    Unsupported {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// As of [`Self::Parameter`].
        parameter: String,
        /// As of [`Self::Parameter`].
        reason: String,
    },
    /// An input claim that the method needs has no value (reference, R6).
    #[error("claims transformation `{transformation}` ({method}): claim `{claim_type}` has no value")]
    MissingInput {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// The name on the side of the transformation.
        slot: String,
        /// The claim type's id.
        claim_type: String,
    },
    /// An assertion does not hold: something to tell the user (reference, R15).
    #[error("{default_text}")]
    Assertion {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// The key under which localized strings and metadata may hold the text for the user.
        key: &'static str,
        /// The text for the user when neither does.
        default_text: &'static str,
    },
    /// Anything else that goes wrong during a call (reference, R7).
    #[error("claims transformation `{transformation}` ({method}) failed: {reason}")]
    Failed {
        /// The transformation's `Id`.
        transformation: String,
        /// Its method.
        method: &'static str,
        /// What went wrong. It may name ids and slots.
        reason: Cow<'static, str>,
    },
}

impl TransformationError {
    /// What is wrong, without saying of which transformation.
    pub fn reason(&self) -> String {
        match self {
            Self::Signature { problem, .. } => problem.to_string(),
            Self::Parameter { parameter, reason, .. } | Self::Unsupported { parameter, reason, .. } => {
                format!("parameter `{parameter}` {reason}")
            }
            Self::MissingInput { slot, .. } => format!("input `{slot}` has no value"),
            Self::Assertion { default_text, .. } => (*default_text).to_owned(),
            Self::Failed { reason, .. } => reason.to_string(),
        }
    }

    /// One word for the kind, as vectors write it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature { .. } => "signature",
            Self::Parameter { .. } | Self::Unsupported { .. } => "parameter",
            Self::MissingInput { .. } => "missing-input",
            Self::Assertion { .. } => "assertion",
            Self::Failed { .. } => "failed",
        }
    }
}

/// The message of an assertion.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assertion {
    /// The key of the text.
    pub key: &'static str,
    /// The text when the policy gives none.
    pub default_text: &'static str,
}

/// Why one call fails, before it is known whose.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The text for the user has this key.
    Assertion(&'static Assertion),
    /// A technical failure.
    Failed(Cow<'static, str>),
}

impl Failure {
    /// A technical failure with a fixed text.
    pub(crate) fn new(reason: &'static str) -> Self {
        Self::Failed(Cow::Borrowed(reason))
    }
}

/// Why a parameter (or declared claim) can't be used, before it is known whose.
#[derive(Debug)]
pub(crate) struct ParameterFailure {
    /// The parameter's `Id`.
    pub parameter: String,
    /// The end of a sentence that begins with it.
    pub reason: String,
    /// Who refuses it.
    pub cause: RegexErrorCause,
}

impl ParameterFailure {
    /// A problem of that parameter.
    pub(crate) fn new(parameter: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { parameter: parameter.into(), reason: reason.into(), cause: RegexErrorCause::Invalid }
    }

    /// The same, of whoever refuses it.
    pub(crate) fn by(self, cause: RegexErrorCause) -> Self {
        Self { cause, ..self }
    }
}
