use std::collections::HashMap;
use std::sync::Arc;
use wayfarer_builtins::Host;
use wayfarer_engine::{Plan, plan::Issuer};
use wayfarer_runtime::SigningKeys;
use wayfarer_store::{Guid, Tenant};

/// One policy that clients can name.
#[derive(Debug)]
pub struct Policy {
    /// `PolicyId` as the file writes it.
    pub id: String,
    /// Who signs; `None` when the policy has no usable issuer.
    pub issuer: Option<Issuer>,
    /// What the grant runs, or in one line why it can't.
    pub plan: Result<Plan, String>,
    /// The names of the output claims, for discovery.
    pub claims: Vec<String>,
}

/// A tenant with its policies, ready to answer.
pub struct Service {
    /// Registrations.
    pub tenant: Tenant,
    /// Signing keys.
    pub keys: SigningKeys,
    /// Time, chance, and the way out.
    pub host: Arc<dyn Host>,
    policies: HashMap<String, Policy>,
}

impl Service {
    /// A service of these policies; of two with one id (compared without case) the first counts.
    pub fn new(tenant: Tenant, keys: SigningKeys, host: Arc<dyn Host>, policies: Vec<Policy>) -> Self {
        let mut by_id = HashMap::new();
        for policy in policies {
            by_id.entry(policy.id.to_lowercase()).or_insert(policy);
        }
        Self { tenant, keys, host, policies: by_id }
    }

    /// The policy of that name, in any case.
    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.get(&name.to_lowercase())
    }

    /// A new correlation id.
    pub fn correlation_id(&self) -> Guid {
        Guid::random(&mut |bytes| self.host.random(bytes))
    }
}
