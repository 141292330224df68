use super::GraphError;
use reqwest::Url;
use std::net::IpAddr;

/// Where Graph is.
#[derive(Clone, Debug)]
pub(super) struct Address(Url);

impl Address {
    /// `https://…`; `http://…` only on this machine.
    pub(super) fn parse(text: &str) -> Result<Self, GraphError> {
        let invalid = |reason| GraphError::InvalidAddress { reason };
        let url = Url::parse(text.trim()).map_err(|_| invalid("it is no absolute address"))?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(invalid("it does not begin with `https://` and a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it has a user or a password in it"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it has a `?` or a `#` in it"));
        }
        let address = Self(url);
        if !address.is_secure() && !address.is_loopback() {
            return Err(GraphError::ClearText { host: address.host() });
        }
        Ok(address)
    }

    pub(super) fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(super) fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }

    /// Where the XML of a policy is.
    pub(super) fn policy(&self, id: &str) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["trustFramework", "policies", id, "$value"]);
        }
        url
    }

    fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        ip.map_or_else(|_| host == "localhost" || host.ends_with(".localhost"), |it| it.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_policy_is() {
        let policy = |address: &str, id: &str| Address::parse(address).unwrap().policy(id).to_string();
        for address in ["https://graph.microsoft.com/beta", "https://graph.microsoft.com/beta/"] {
            assert_eq!(
                policy(address, "B2C_1A_Test"),
                "https://graph.microsoft.com/beta/trustFramework/policies/B2C_1A_Test/$value"
            );
        }
        // No id leads out of its place.
        assert_eq!(
            policy("http://[::1]:1/graph/beta", "a/../?b"),
            "http://[::1]:1/graph/beta/trustFramework/policies/a%2F..%2F%3Fb/$value"
        );
    }

    #[test]
    fn a_token_goes_in_clear_to_this_machine_only() {
        for address in ["http://127.0.0.1:8464/graph/beta", "http://[::1]:8464/beta", "http://localhost/beta"] {
            assert!(Address::parse(address).is_ok(), "{address}");
        }
        for address in ["http://graph.microsoft.com/beta", "http://10.0.0.1/beta", "http://localhost.contoso.com/beta"]
        {
            assert!(matches!(Address::parse(address), Err(GraphError::ClearText { .. })), "{address}");
        }
        for address in ["", "beta", "ftp://x/beta", "https://u:p@x/beta", "https://x/beta?a=b", "https://x/beta#a"] {
            assert!(matches!(Address::parse(address), Err(GraphError::InvalidAddress { .. })), "{address}");
        }
    }
}
