//! What a failed call says: reference "technical-profiles", B1.1 and B1.5; "errors", section 7.

use super::settings::Settings;
use super::status;
use crate::HostError;
use crate::providers::{Call, ProviderError};
use http::StatusCode;

const FAILED: &str = "Failed to establish connection to restful service end point. Restful service URL: {0}";
const DNS: &str = "Failed to resolve the hostname of the restful service endpoint. Restful service URL: {0}";
const TIMEOUT: &str = "Failed to establish connection to restful service end point within timeout limit {0} seconds. \
                       Restful service URL: {1}";
/// Stands for a URL that is not told.
const WITHHELD: &str = "…";

/// AADB2C90075 with the service's own message: the error contract.
pub(super) fn of_contract(message: String, detail: &str) -> ProviderError {
    ProviderError {
        code: "AADB2C90075",
        message: message.clone(),
        user_message: Some(message),
        detail: detail.to_owned(),
    }
}

/// AADB2C90075: a status that is no success and brings no message.
pub(super) fn of_status(settings: &Settings, call: &Call<'_>, status: StatusCode) -> ProviderError {
    let (code, reason) = (status::name(status), status.canonical_reason().unwrap_or_default());
    let message = format!(
        "The claims exchange '{}' specified in step '{}' returned HTTP error response with Code '{code}' and Reason '{reason}'.",
        call.exchange_id, call.step
    );
    error(settings, "AADB2C90075", message, format!("the service answered with status {}", status.as_u16()))
}

/// AADB2C90261: an error body that can't be read.
pub(super) fn unreadable(settings: &Settings, call: &Call<'_>, status: StatusCode) -> ProviderError {
    let message = format!(
        "The claims exchange '{}' specified in step '{}' returned HTTP error response that could not be parsed.",
        call.exchange_id, call.step
    );
    let detail = format!("the service answered with status {} and a body that is no JSON object", status.as_u16());
    error(settings, "AADB2C90261", message, detail)
}

/// AADB2C90027: the service refused user name and password.
pub(super) fn credentials_refused(settings: &Settings) -> ProviderError {
    let message = format!(
        "Basic credentials specified for '{}' are invalid. Check that the credentials are correct and that access has been granted by the resource.",
        settings.profile
    );
    error(settings, "AADB2C90027", message, "the service answered with status 401".to_owned())
}

/// AADB2C90194: no value for the claim that holds the bearer token.
pub(super) fn bearer_claim_absent(settings: &Settings, call: &Call<'_>, claim: &str) -> ProviderError {
    let present = settings.inputs.iter().zip(call.inputs).filter(|(_, input)| input.value().is_some());
    let present: Vec<_> = present.map(|(declared, _)| declared.claim_type.as_str()).collect();
    let message = format!(
        "Claim '{claim}' specified for the bearer token is not present in the available claims. Available claims '{}'.",
        present.join(", ")
    );
    error(settings, "AADB2C90194", message, format!("the input claim `{claim}` has no value"))
}

/// AADB2C90255: the call could not be made, or its result not be used. Which code the service has for this is not
/// documented, so chosen.
pub(super) fn incomplete(settings: &Settings, detail: String) -> ProviderError {
    let message = format!(
        "The claims exchange specified in technical profile '{}' did not complete as expected. You might want to try starting your session over from the beginning.",
        settings.profile
    );
    error(settings, "AADB2C90255", message, detail)
}

/// What the outside world answered instead of a response, or of a key.
pub(super) fn of_host(settings: &Settings, call: &Call<'_>, failure: &HostError) -> ProviderError {
    let url = settings.service.to_string();
    let text = match failure {
        HostError::KeyMissing(container) => {
            let message =
                format!("KeyContainer with 'id': '{container}' cannot be found in the directory '{}'", call.tenant);
            return error(settings, "AADB2C90073", message, failure.to_string());
        }
        HostError::KeyInvalid { container, reason } => {
            let tenant = call.tenant;
            let message = format!(
                "The key container with ID '{container}' in tenant '{tenant}' does not have a valid key. Reason: {reason}."
            );
            return error(settings, "AADB2C90019", message, failure.to_string());
        }
        HostError::Timeout { after } => {
            let seconds = after.as_secs().to_string();
            failed(settings, settings.messages.timeout.as_deref(), TIMEOUT, &[&seconds, &url], &url)
        }
        HostError::Dns => failed(settings, settings.messages.dns.as_deref(), DNS, &[&url], &url),
        // Whoever probes for addresses is not told which one was it.
        HostError::NotAllowed(_) => failed(settings, None, FAILED, &[WITHHELD], WITHHELD),
        _ => failed(settings, None, FAILED, &[&url], &url),
    };
    ProviderError { code: "AADB2C90075", user_message: Some(text.clone()), message: text, detail: failure.to_string() }
}

/// The policy's text for this failure, else its text for any failure (which shows `url`), else the built-in one.
fn failed(settings: &Settings, own: Option<&str>, built_in: &str, positions: &[&str], url: &str) -> String {
    match (own, &settings.messages.failed) {
        (Some(text), _) => fill(text, positions),
        (None, Some(text)) => fill(text, &[url]),
        (None, None) => fill(built_in, positions),
    }
}

fn error(settings: &Settings, code: &'static str, message: String, detail: String) -> ProviderError {
    let user_message = settings.messages.failed.as_ref().map(|it| fill(it, &[&settings.service.to_string()]));
    ProviderError { code, message, user_message, detail }
}

/// Replaces `{0}`, `{1}` … once: what is put in is not looked at again.
fn fill(text: &str, positions: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = super::service_url::placeholder(rest) {
        out.push_str(before);
        match name.parse::<usize>().ok().and_then(|it| positions.get(it)) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    out + rest
}
