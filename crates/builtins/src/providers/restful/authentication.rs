//! `AuthenticationType`: how a request proves who sends it. Secrets are read at the moment of use.

use super::failure;
use super::request::header_value;
use super::settings::{Authentication, Settings};
use crate::providers::{Call, InputValue, ProviderError};
use crate::{Host, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, HeaderName};

/// Adds the header that authenticates the request.
pub(super) async fn add(
    settings: &Settings,
    call: &Call<'_>,
    host: &dyn Host,
    request: &mut Request<Bytes>,
) -> Result<(), ProviderError> {
    let Some((name, text)) = header(settings, call, host).await? else {
        return Ok(());
    };
    let refused = || failure::incomplete(settings, format!("the text for `{name}` holds control characters"));
    let mut value = header_value(&text).ok_or_else(refused)?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

async fn header(
    settings: &Settings,
    call: &Call<'_>,
    host: &dyn Host,
) -> Result<Option<(HeaderName, String)>, ProviderError> {
    Ok(match &settings.authentication {
        Authentication::None => None,
        Authentication::Basic { user, password } => {
            let (user, password) = (key(settings, call, host, user).await?, key(settings, call, host, password).await?);
            Some((AUTHORIZATION, format!("Basic {}", BASE64.encode(format!("{user}:{password}")))))
        }
        Authentication::BearerKey(container) => {
            Some((AUTHORIZATION, format!("Bearer {}", key(settings, call, host, container).await?)))
        }
        Authentication::BearerClaim { claim, input } => {
            let token = input.and_then(|it| call.inputs.get(it)).and_then(InputValue::value).map(Value::to_text);
            let token = token.ok_or_else(|| failure::bearer_claim_absent(settings, call, claim))?;
            Some((AUTHORIZATION, format!("Bearer {token}")))
        }
        Authentication::ApiKey { header, container } => {
            Some((header.clone(), key(settings, call, host, container).await?))
        }
    })
}

async fn key(settings: &Settings, call: &Call<'_>, host: &dyn Host, container: &str) -> Result<String, ProviderError> {
    match host.policy_key(container).await {
        Ok(secret) => Ok(secret.expose().to_owned()),
        Err(error) => Err(failure::of_host(settings, call, &error)),
    }
}
