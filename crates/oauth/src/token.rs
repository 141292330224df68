//! The claims of an access token. `tokens.md` 2, 4 and 6.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::{Map, Value};
use wayfarer_store::Guid;

use crate::grants::Grant;

/// Claims that the protocol owns: what a policy says about them is dropped (`tokens.md` 6).
const PROTOCOL_OWNED: [&str; 13] =
    ["iss", "aud", "exp", "nbf", "iat", "nonce", "azp", "azpacr", "scp", "ver", "auth_time", "c_hash", "at_hash"];

/// Whether the protocol owns a claim's name.
pub fn is_protocol_owned(name: &str) -> bool {
    PROTOCOL_OWNED.contains(&name)
}

/// A claim that the service adds by itself.
#[derive(Debug, Clone, Copy)]
pub struct SystemClaim {
    /// Its name.
    pub name: &'static str,
    /// Whether every token has it.
    pub always: bool,
    /// Whether a row of the relying party with this name comes before it.
    pub yields: bool,
    /// Its JSON type.
    pub json_type: &'static str,
    /// What it is.
    pub what: &'static str,
}

const fn system(name: &'static str, json_type: &'static str, what: &'static str) -> SystemClaim {
    SystemClaim { name, always: true, yields: false, json_type, what }
}

/// A client credentials token: `tokens.md` 2.
const CLIENT_CREDENTIALS_CLAIMS: &[SystemClaim] = &[
    system("aud", "string", "the app id of the API"),
    system("iss", "string", "the address of the tenant that issued it"),
    system("exp", "number", "when it ends, in seconds since 1970"),
    system("nbf", "number", "when it begins, in seconds since 1970"),
    SystemClaim { yields: true, ..system("sub", "string", "the object id of the client's service principal") },
    SystemClaim { always: false, ..system("scp", "string", "the granted application roles, separated by blanks") },
    system("azpacr", "string", "`1`: the client proved itself with a secret"),
    SystemClaim { yields: true, ..system("oid", "string", "the object id of the client's service principal") },
    SystemClaim { yields: true, ..system("tid", "string", "the tenant's id") },
    system("ver", "string", "`2.0`"),
    system("azp", "string", "the app id of the client"),
    system("iat", "number", "when it was issued, in seconds since 1970"),
];

/// An id token: `tokens.md` 3.1.
const ID_TOKEN_CLAIMS: &[SystemClaim] = &[
    system("exp", "number", "when it ends, in seconds since 1970"),
    system("nbf", "number", "when it begins, in seconds since 1970"),
    system("ver", "string", "`1.0`"),
    system("iss", "string", "the address of the tenant that issued it"),
    SystemClaim { yields: true, ..system("sub", "string", "who it is about") },
    system("aud", "string", "the app id of the client"),
    SystemClaim {
        always: false,
        ..system("acr", "string", "the policy's id, unless `AuthenticationContextReferenceClaimPattern` is `None`")
    },
    SystemClaim { always: false, ..system("nonce", "string", "the request's `nonce`, when it was sent") },
    system("iat", "number", "when it was issued, in seconds since 1970"),
    system("auth_time", "number", "when the user signed in, in seconds since 1970"),
    SystemClaim { always: false, ..system("c_hash", "string", "the hash of the code that comes with it") },
    SystemClaim { always: false, ..system("at_hash", "string", "the hash of the access token that comes with it") },
];

/// The claims that the service adds, in their order: of the client credentials grant, or of an id token.
pub fn system_claims(client_credentials: bool) -> &'static [SystemClaim] {
    if client_credentials { CLIENT_CREDENTIALS_CLAIMS } else { ID_TOKEN_CLAIMS }
}

/// The form of `iss`: issuer metadata `IssuanceClaimPattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IssuanceClaimPattern {
    /// `https://{host}/{tenant id}/v2.0/`.
    #[default]
    AuthorityAndTenantGuid,
    /// `https://{host}/tfp/{tenant id}/{policy in lower case}/v2.0/`.
    AuthorityWithTfp,
}

/// The text is no `IssuanceClaimPattern`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither `AuthorityAndTenantGuid` nor `AuthorityWithTfp`")]
pub struct IssuanceClaimPatternError {
    text: String,
}

impl FromStr for IssuanceClaimPattern {
    type Err = IssuanceClaimPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "AuthorityAndTenantGuid" => Ok(Self::AuthorityAndTenantGuid),
            "AuthorityWithTfp" => Ok(Self::AuthorityWithTfp),
            _ => Err(IssuanceClaimPatternError { text: text.into() }),
        }
    }
}

/// Who issues a token.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// Scheme and host of the request, with its port if it has one: `https://contoso.b2clogin.com`.
    pub origin: &'a str,
    /// The tenant's id, whatever the request called it.
    pub tenant_id: Guid,
    /// The policy, in its own case.
    pub policy_id: &'a str,
    /// Which form.
    pub pattern: IssuanceClaimPattern,
}

impl Issuer<'_> {
    /// The value of `iss`, and of `issuer` in the discovery document. It ends with a slash.
    pub fn uri(&self) -> String {
        let Self { origin, tenant_id, policy_id, pattern } = self;
        match pattern {
            IssuanceClaimPattern::AuthorityAndTenantGuid => format!("{origin}/{tenant_id}/v2.0/"),
            IssuanceClaimPattern::AuthorityWithTfp => {
                format!("{origin}/tfp/{tenant_id}/{}/v2.0/", policy_id.to_lowercase())
            }
        }
    }
}

/// When a token was issued and how long it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Issue time in epoch seconds: `nbf` and `iat`.
    pub not_before: i64,
    /// Seconds: issuer metadata `token_lifetime_secs`, else 3600.
    pub seconds: u32,
}

impl Lifetime {
    /// From `now` for `seconds`.
    pub fn new(now: Timestamp, seconds: u32) -> Self {
        Self { not_before: now.as_second(), seconds }
    }

    /// `exp`.
    pub fn expires_on(self) -> i64 {
        self.not_before.saturating_add(self.seconds.into())
    }
}

/// The claims of an access token, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessTokenPayload {
    /// The payload.
    pub claims: Map<String, Value>,
    /// Names that the policy wanted to set and the protocol owns, in policy order.
    pub dropped: Vec<String>,
}

/// The payload of a client credentials token: `aud`, `iss`, `exp`, `nbf`, the policy's claims, `scp`, `azpacr`, `oid`,
/// `tid`, `ver`, `azp`, `iat`.
///
/// `policy_claims` are the relying party's output claims in policy order, by the name that the token shows. A row
/// without a value is `Value::Null`: it still says where the system's `sub` stands. Of several rows with one name the
/// last that has a value counts; an empty string is no value (`decisions.md`).
pub fn access_token_payload(
    grant: &Grant,
    issuer: &Issuer<'_>,
    lifetime: Lifetime,
    policy_claims: &[(String, Value)],
) -> AccessTokenPayload {
    let mut claims = Map::with_capacity(12 + policy_claims.len());
    claims.insert("aud".into(), grant.api_app_id.to_string().into());
    claims.insert("iss".into(), issuer.uri().into());
    claims.insert("exp".into(), lifetime.expires_on().into());
    claims.insert("nbf".into(), lifetime.not_before.into());
    let service_principal = Value::from(grant.client_service_principal_id.to_string());
    if policy_claims.iter().all(|(name, _)| name != "sub") {
        claims.insert("sub".into(), service_principal.clone());
    }
    let dropped = add_policy_claims(&mut claims, policy_claims, &service_principal);
    if !grant.scp.is_empty() {
        claims.insert("scp".into(), grant.scp.join(" ").into());
    }
    claims.insert("azpacr".into(), "1".into());
    claims.entry("oid").or_insert(service_principal);
    claims.entry("tid").or_insert_with(|| issuer.tenant_id.to_string().into());
    claims.insert("ver".into(), "2.0".into());
    claims.insert("azp".into(), grant.client_app_id.to_string().into());
    claims.insert("iat".into(), lifetime.not_before.into());
    AccessTokenPayload { claims, dropped }
}

/// Returns the names that were dropped.
fn add_policy_claims(claims: &mut Map<String, Value>, rows: &[(String, Value)], subject: &Value) -> Vec<String> {
    let winners = winning_rows(rows);
    let mut dropped: Vec<String> = Vec::new();
    for (at, (name, value)) in rows.iter().enumerate() {
        let wins = winners.get(name.as_str()) == Some(&at);
        match name.as_str() {
            _ if wins && is_owned(name) => dropped.push(name.clone()),
            _ if wins => _ = claims.insert(name.clone(), value.clone()),
            "sub" if !winners.contains_key("sub") => _ = claims.entry("sub").or_insert_with(|| subject.clone()),
            _ => {}
        }
    }
    dropped
}

fn is_owned(name: &str) -> bool {
    PROTOCOL_OWNED.contains(&name)
}

/// For each name the last row that has a value.
fn winning_rows(rows: &[(String, Value)]) -> BTreeMap<&str, usize> {
    let valued = rows.iter().enumerate().filter(|(_, (_, value))| !value.is_null() && value != "");
    valued.map(|(at, (name, _))| (name.as_str(), at)).collect()
}

#[cfg(test)]
mod tests;
