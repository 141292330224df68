//! The discovery document and the JWKS. `endpoints.md` 1.3 and 1.4.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wayfarer_store::{Key, KeySet};

use crate::token::Issuer;

/// Where the request named the policy; the document's URLs name it in the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlStyle {
    /// `/{tenant}/{policy}/…`.
    Path,
    /// `/{tenant}/…?p={policy}`.
    Query,
}

/// Whether the policy declares a UserInfo endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInfo {
    /// `Endpoint Id="UserInfo"` is there.
    Declared,
    /// It is not.
    Absent,
}

/// What a discovery document is made from.
#[derive(Debug, Clone, Copy)]
pub struct Discovery<'a> {
    /// Origin, tenant id, policy and pattern.
    pub issuer: Issuer<'a>,
    /// The tenant as the request named it, by name or by id; the URLs repeat it.
    pub tenant_segment: &'a str,
    /// The style of the request.
    pub style: UrlStyle,
    /// Whether there is a `userinfo_endpoint`.
    pub user_info: UserInfo,
    /// The relying party's output claims as the token names them, in policy order.
    pub claims: &'a [String],
}

/// The discovery document, member by member in the order of live documents.
pub fn discovery(of: &Discovery<'_>) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("issuer".into(), of.issuer.uri().into());
    document.insert("authorization_endpoint".into(), url(of, "oauth2/v2.0/authorize"));
    document.insert("token_endpoint".into(), url(of, "oauth2/v2.0/token"));
    document.insert("end_session_endpoint".into(), url(of, "oauth2/v2.0/logout"));
    document.insert("jwks_uri".into(), url(of, "discovery/v2.0/keys"));
    if of.user_info == UserInfo::Declared {
        document.insert("userinfo_endpoint".into(), url(of, "openid/v2.0/userinfo"));
    }
    document.insert("response_modes_supported".into(), json!(["query", "fragment", "form_post"]));
    document.insert("response_types_supported".into(), response_types());
    document.insert("scopes_supported".into(), json!(["openid"]));
    document.insert("subject_types_supported".into(), json!(["pairwise"]));
    document.insert("id_token_signing_alg_values_supported".into(), json!(["RS256"]));
    let methods = json!(["client_secret_post", "client_secret_basic"]);
    document.insert("token_endpoint_auth_methods_supported".into(), methods);
    document.insert("claims_supported".into(), claims_supported(of.claims));
    document
}

/// The keys that verify a policy's tokens at `now`, as `{"keys":[…]}`.
pub fn jwks(keys: &KeySet, now: Timestamp) -> Value {
    let keys: Vec<Value> = keys.published(now).into_iter().filter_map(Key::public_jwk).map(Value::Object).collect();
    json!({ "keys": keys })
}

fn url(of: &Discovery<'_>, operation: &str) -> Value {
    let (origin, tenant, policy) = (of.issuer.origin, of.tenant_segment, of.issuer.policy_id.to_lowercase());
    match of.style {
        UrlStyle::Path => format!("{origin}/{tenant}/{policy}/{operation}").into(),
        UrlStyle::Query => format!("{origin}/{tenant}/{operation}?p={policy}").into(),
    }
}

fn response_types() -> Value {
    json!([
        "code",
        "code id_token",
        "code token",
        "code id_token token",
        "id_token",
        "id_token token",
        "token",
        "token id_token"
    ])
}

/// The policy's names, then the protocol's, each once.
fn claims_supported(claims: &[String]) -> Value {
    let system = ["iss", "iat", "exp", "aud", "acr", "nonce", "auth_time"];
    let mut names: Vec<&str> = Vec::new();
    for name in claims.iter().map(String::as_str).chain(system) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    json!(names)
}

#[cfg(test)]
mod tests;
