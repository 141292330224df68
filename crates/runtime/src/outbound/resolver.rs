//! Names, resolved once: the answers that are checked are the answers that are connected to.

use super::policy::{AddressPolicy, Refusal, Target};
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// Who knows the addresses of a name.
#[async_trait]
pub(crate) trait Lookup: Debug + Send + Sync {
    /// All addresses of that name, with port 0.
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The operating system.
#[derive(Debug)]
pub(crate) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Lets through what the policy allows; for the calls of one port, as the HTTP client tells only the name.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver {
    pub(super) policy: Arc<AddressPolicy>,
    /// `None` for every port that the allow list doesn't name.
    pub(super) port: Option<u16>,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    /// The addresses among `found` that may be called. Where none may, why the first may not.
    fn allowed(&self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
        let target = Target { name: Some(name), port: self.port };
        let mut refused = None;
        let mut allowed = Vec::new();
        for address in found {
            match self.policy.check_address(target, address.ip()) {
                Ok(()) => allowed.push(address),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        match refused {
            Some(refusal) if allowed.is_empty() => Err(refusal),
            _ => Ok(allowed),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let own = self.clone();
        Box::pin(async move {
            let found = own.lookup.addresses(name.as_str()).await?;
            let allowed = own.allowed(name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
