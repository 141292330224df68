//! Kinds of technical profile that can't be called yet: what each declares and what it needs, so that nobody is
//! silent about them. A kind that becomes runnable moves from here to its own folder.

mod codes;
mod federation;
mod sessions;
mod tokens;
mod users;

use super::{ProfileKind, ProviderSpec, jwt_issuer};

/// A kind of profile that has no [`Exchange`](super::Exchange).
#[derive(Debug)]
pub struct Planned {
    /// The kind.
    pub kind: ProfileKind,
    /// What it declares.
    pub spec: ProviderSpec,
    /// What is missing before it can run; completes "needs …".
    pub needs: &'static str,
}

/// Every kind that can't be called, in alphabetical order.
pub static PLANNED: &[&Planned] = &[
    &codes::APPLICATION_INSIGHTS,
    &codes::AZURE_MFA,
    &tokens::BEARER_AUTHORIZATION,
    &codes::CAPTCHA,
    &codes::CONDITIONAL_ACCESS,
    &users::DIRECTORY,
    &tokens::ENGINE_DEFAULT,
    &tokens::ID_TOKEN_HINT,
    &tokens::JSON_ISSUER,
    &jwt_issuer::JWT_ISSUER,
    &federation::OAUTH1,
    &federation::OAUTH2,
    &tokens::OAUTH2_ERROR_ISSUER,
    &codes::ONE_TIME_PASSWORD,
    &federation::OPEN_ID_CONNECT,
    &federation::PASSWORD_LOGIN,
    &codes::PHONE_FACTOR,
    &federation::SAML_IDENTITY_PROVIDER,
    &tokens::SAML_ISSUER,
    &users::SELF_ASSERTED,
    &sessions::SESSION_DEFAULT,
    &sessions::SESSION_EXTERNAL_LOGIN,
    &sessions::SESSION_NOOP,
    &sessions::SESSION_OAUTH,
    &sessions::SESSION_SAML,
    &codes::SSPR,
    &federation::UPROVE,
    &codes::USER_JOURNEY_CONTEXT,
    &federation::WS_FED,
    &federation::WS_TRUST,
];
