//! The answer to a token request that was granted. `endpoints.md` 2.4.

use std::fmt::{self, Write};

use serde_json::{Map, Value};

use crate::grants::Grant;
use crate::token::Lifetime;

/// How the answer writes its numbers: issuer metadata `SendTokenResponseBodyWithJsonNumbers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// As JSON numbers (`true`, and the default).
    #[default]
    Json,
    /// As strings (`false`).
    Text,
}

impl Numbers {
    fn value(self, number: i64) -> Value {
        match self {
            Self::Json => number.into(),
            Self::Text => number.to_string().into(),
        }
    }
}

/// The answer to a client credentials request. `resource` is the API's id, as live answers have it: the article's sample
/// shows its placeholder of the client there.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenResponse {
    /// The signed token.
    pub access_token: String,
    lifetime: Lifetime,
    resource: String,
    numbers: Numbers,
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TokenResponse");
        shown.field("access_token", &"[redacted]").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl TokenResponse {
    /// The answer that carries `access_token`.
    pub fn new(access_token: String, grant: &Grant, lifetime: Lifetime, numbers: Numbers) -> Self {
        Self { access_token, lifetime, resource: grant.api_app_id.to_string(), numbers }
    }

    /// Its six members, in their order.
    pub fn members(&self) -> Map<String, Value> {
        let Self { access_token, lifetime, resource, numbers } = self;
        let mut members = Map::new();
        members.insert("access_token".into(), access_token.as_str().into());
        members.insert("token_type".into(), "Bearer".into());
        members.insert("not_before".into(), numbers.value(lifetime.not_before));
        members.insert("expires_in".into(), numbers.value(lifetime.seconds.into()));
        members.insert("expires_on".into(), numbers.value(lifetime.expires_on()));
        members.insert("resource".into(), resource.as_str().into());
        members
    }

    /// The same as text, without the detour: nothing in it needs an escape.
    pub fn body(&self) -> String {
        let Self { access_token, lifetime, resource, numbers } = self;
        let quote = if *numbers == Numbers::Text { "\"" } else { "" };
        let (not_before, expires_in, expires_on) = (lifetime.not_before, lifetime.seconds, lifetime.expires_on());
        // Room for all of it at once: this is done for every token.
        let mut body = String::with_capacity(access_token.len() + 256);
        let _ = write!(
            body,
            "{{\"access_token\":\"{access_token}\",\"token_type\":\"Bearer\",\"not_before\":{quote}{not_before}{quote},\
             \"expires_in\":{quote}{expires_in}{quote},\"expires_on\":{quote}{expires_on}{quote},\"resource\":\"{resource}\"}}"
        );
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the client credentials article.
    #[test]
    fn six_members_in_order_with_numbers_or_strings() {
        let guid = |text: &str| text.parse().unwrap();
        let grant = Grant {
            client_app_id: guid("11112222-bbbb-3333-cccc-4444dddd5555"),
            client_service_principal_id: guid("22223333-cccc-4444-dddd-5555eeee6666"),
            api_app_id: guid("00001111-aaaa-2222-bbbb-3333cccc4444"),
            scp: vec![],
            scope: String::new(),
        };
        let lifetime = Lifetime { not_before: 1_645_172_292, seconds: 3600 };
        let text = |numbers| {
            let response = TokenResponse::new("eyJ0".to_owned(), &grant, lifetime, numbers);
            assert_eq!(Value::Object(response.members()).to_string(), response.body());
            response.body()
        };
        assert_eq!(
            text(Numbers::Json),
            r#"{"access_token":"eyJ0","token_type":"Bearer","not_before":1645172292,"expires_in":3600,"expires_on":1645175892,"resource":"00001111-aaaa-2222-bbbb-3333cccc4444"}"#
        );
        assert_eq!(
            text(Numbers::Text),
            r#"{"access_token":"eyJ0","token_type":"Bearer","not_before":"1645172292","expires_in":"3600","expires_on":"1645175892","resource":"00001111-aaaa-2222-bbbb-3333cccc4444"}"#
        );
    }
}
