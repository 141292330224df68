use std::net::Ipv6Addr;

use serde::{Deserialize, Deserializer};

use crate::guid::Guid;

/// `tenant.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    #[serde(deserialize_with = "name")]
    pub(super) name: String,
    pub(super) id: Guid,
    #[serde(deserialize_with = "hosts")]
    pub(super) hosts: Vec<String>,
    #[serde(default, deserialize_with = "user_flows")]
    pub(super) user_flows: Vec<String>,
    #[serde(default)]
    pub(super) fixture: bool,
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    check(String::deserialize(deserializer)?, is_domain, "is not a domain name such as `contoso.onmicrosoft.com`")
}

fn hosts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let hosts = Vec::<String>::deserialize(deserializer)?;
    if hosts.is_empty() {
        return Err(serde::de::Error::custom("give at least one host, such as `contoso.b2clogin.com`"));
    }
    let expected = "is not a host such as `contoso.b2clogin.com`, with a port if need be: no scheme, no path";
    hosts.into_iter().map(|host| check(host, is_host, expected)).collect()
}

fn user_flows<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let flows = Vec::<String>::deserialize(deserializer)?;
    flows.into_iter().map(|flow| check(flow, is_user_flow, "is not a user flow such as `B2C_1_susi`")).collect()
}

fn check<E: serde::de::Error>(text: String, is: fn(&str) -> bool, expected: &str) -> Result<String, E> {
    if is(&text) { Ok(text) } else { Err(E::custom(format_args!("`{text}` {expected}"))) }
}

/// Also what keeps the name usable as a folder of the state.
pub(crate) fn is_domain(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= 253 && text.split('.').all(|label| !label.is_empty() && label.bytes().all(allowed))
}

fn is_host(text: &str) -> bool {
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    if let Some((address, after)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return address.parse::<Ipv6Addr>().is_ok()
            && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port));
    }
    text.split_once(':').map_or(is_domain(text), |(host, port)| is_domain(host) && is_port(port))
}

fn is_user_flow(text: &str) -> bool {
    let prefix = text.get(..6).is_some_and(|prefix| prefix.eq_ignore_ascii_case("B2C_1_"));
    let custom = text.get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("B2C_1A_"));
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    prefix && !custom && text.len() > 6 && text.bytes().all(allowed)
}
