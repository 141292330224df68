use super::{Answer, Origin, respond};
use crate::live::{Live, Policy};
use crate::url::Target;
use crate::{Service, log};
use http::StatusCode;
use serde_json::Value;
use wayfarer_oauth::metadata::{Discovery, UserInfo, discovery, jwks};
use wayfarer_oauth::token::Issuer;
use wayfarer_runtime::issuance_claim_pattern;

/// The discovery document (reference "endpoints", 1.3).
pub(super) fn document(live: &Live, policy: &Policy, target: &Target, origin: &Origin) -> Answer {
    let pattern = policy.issuer.as_ref().map(|it| issuance_claim_pattern(it.pattern)).unwrap_or_default();
    let about = Discovery {
        issuer: Issuer { origin: &origin.url, tenant_id: live.tenant.id(), policy_id: &policy.id, pattern },
        tenant_segment: &target.tenant,
        style: target.style,
        user_info: if policy.user_info { UserInfo::Declared } else { UserInfo::Absent },
        claims: &policy.claims,
    };
    respond::public_json(Value::Object(discovery(&about)).to_string())
}

/// The keys that verify the policy's tokens (reference "endpoints", 1.4).
pub(super) fn keys(service: &Service, policy: &Policy) -> Answer {
    let now = service.host().now();
    let Some(issuer) = &policy.issuer else { return respond::not_found() };
    match service.keys().keyset(&issuer.signing_key, now) {
        Ok(keyset) => respond::public_json(jwks(&keyset, now).to_string()),
        Err(error) => {
            log::request(service.correlation_id(), &policy.id, &error.to_string());
            respond::status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
