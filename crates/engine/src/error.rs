/// Why a journey ended without a token, in the service's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct JourneyError {
    /// Such as `AADB2C90075`.
    pub code: &'static str,
    /// The text that belongs to the code; the client sees it.
    pub message: String,
    /// For trace and log only. Never a secret.
    pub detail: String,
    /// `Order` of the step.
    pub step: Option<u32>,
    /// The technical profile that failed.
    pub technical_profile: Option<String>,
}

impl JourneyError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: detail.into(), step: None, technical_profile: None }
    }

    /// The service's answer to whatever has no code of its own. Which code a failing transformation or a missing
    /// required claim gives in a `ClaimsExchange` is not documented; this one is our choice.
    pub(crate) fn generic(detail: impl Into<String>) -> Self {
        let message =
            "An error occurred while processing the request. Please locate the `CorrelationId` from the response.";
        Self::new("AADB2C90037", message, detail)
    }
}
