//! The grants, one folder each: code, `docs.md`, and `vectors.toml` with cases that run as tests.

pub mod client_credentials;

use wayfarer_store::Guid;

/// What a token request was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Application id of the client: `azp`.
    pub client_app_id: Guid,
    /// Object id of the client's service principal: `oid`, and `sub` unless the policy says otherwise.
    pub client_service_principal_id: Guid,
    /// Application id of the API: `aud`, and `resource` of the answer.
    pub api_app_id: Guid,
    /// The granted role values, in the order of the API's `appRoles`.
    pub scp: Vec<String>,
    /// The scope parameter as sent.
    pub scope: String,
}
