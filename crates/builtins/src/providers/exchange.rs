//! The two traits of a provider that runs, and what passes through them.

use super::{ProfileSettings, ProviderSpec, SettingProblem};
use crate::{Host, Value};
use async_trait::async_trait;
use std::fmt::Debug;

/// A kind of technical profile that runs.
pub trait Provider: Send + Sync {
    /// What the provider declares about itself.
    fn spec(&self) -> &'static ProviderSpec;

    /// Everything that is wrong with a profile's settings, in the order of the policy.
    fn check(&self, settings: &ProfileSettings) -> Vec<SettingProblem> {
        super::check::generic(self.spec(), settings)
    }

    /// Reads the settings once, at compile time.
    ///
    /// # Errors
    /// The problems of [`Provider::check`] that keep the profile from being called.
    fn configure(&self, settings: &ProfileSettings) -> Result<Box<dyn Exchange>, Vec<SettingProblem>>;
}

/// A configured technical profile, ready to be called any number of times.
#[async_trait]
pub trait Exchange: Send + Sync + Debug {
    /// Stage 5 of a technical profile: the call itself. The bag, defaults and transformations are the engine's.
    async fn run(&self, call: Call<'_>, host: &dyn Host) -> Exchanged;
}

/// How a call ended, and what the trace tells about it.
pub type Exchanged = (Result<Returned, ProviderError>, Vec<Note>);

/// The output claims that the other side gave a value: index into [`ProfileSettings::outputs`], and the value. What
/// is not in here was not returned.
pub type Returned = Vec<(usize, Value)>;

/// One call of a technical profile.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// What the error texts call `{0}`: the id of the `ClaimsExchange`, else the profile's.
    pub exchange_id: &'a str,
    /// The step's `Order`.
    pub step: u32,
    /// The tenant's name, for error texts.
    pub tenant: &'a str,
    /// One entry for each declared input claim, in order; a missing entry counts as absent.
    pub inputs: &'a [InputValue],
}

/// What an input claim holds at the moment of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputValue {
    /// A value.
    Value(Value),
    /// None: the claim takes no part in the request.
    Absent,
    /// `AlwaysUseDefaultValue` with a claim resolver that yielded nothing: `null` where the format has one.
    Null,
}

impl InputValue {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ProviderError {
    /// The service's code, such as `AADB2C90075`.
    pub code: &'static str,
    /// The text that belongs to the code; the application may see it.
    pub message: String,
    /// What a page shows instead of the generic text: the service's own message, or the one that metadata gives.
    pub user_message: Option<String>,
    /// For trace and log: never a secret or a claim's value.
    pub detail: String,
}

impl ProviderError {
    /// What a page shows: the service's generic text where there is no other (azure-docs issue 117307).
    pub fn page_message(&self) -> &str {
        self.user_message.as_deref().unwrap_or("There was a problem processing your request. Please try again.")
    }
}

/// A line of the trace: never a secret or a claim's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Such as `POST https://api.contoso.com/augment` or `200 OK, application/json, 87 bytes`.
    pub text: String,
}

impl Note {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}
