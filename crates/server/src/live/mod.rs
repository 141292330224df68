//! What is served at one moment: a tenant and its compiled policies. It never changes; a reload puts another in its
//! place, and requests under way keep the one that they began with.

mod compile;
mod stored;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::iter;
use std::sync::Arc;
use url::{Origin, Url};
use wayfarer_engine::{Plan, plan::Issuer};
use wayfarer_store::Tenant;

pub(crate) use compile::{Compiled, Texts, compile, signing_containers};
pub(crate) use stored::{Stored, stored};

/// One policy that clients can name.
#[derive(Debug)]
pub(crate) struct Policy {
    /// `PolicyId` as the file writes it.
    pub(crate) id: String,
    /// Who signs; `None` when the policy has no usable issuer.
    pub(crate) issuer: Option<Issuer>,
    /// What the grant runs, or in one line why it can't.
    pub(crate) plan: Result<Plan, String>,
    /// The names of the output claims, for discovery.
    pub(crate) claims: Vec<String>,
    /// Whether it declares the UserInfo endpoint.
    pub(crate) user_info: bool,
}

/// A tenant and its policies, ready to answer.
pub(crate) struct Live {
    pub(crate) tenant: Tenant,
    policies: Arc<HashMap<String, Arc<Policy>>>,
    /// Every policy of the set by its id in lower case, where somebody may manage them.
    pub(crate) stored: Arc<BTreeMap<String, Stored>>,
    /// The tenant's hosts in lower case, with their ports where they have some.
    hosts: HashSet<String>,
    /// Origins of single-page apps.
    spa_origins: HashSet<String>,
    /// What of the set does not run: policies and files.
    pub(crate) failing: Arc<BTreeSet<String>>,
}

impl Live {
    /// Of two policies with one id (compared without case) the first counts.
    fn new(tenant: Tenant, all: Vec<Policy>, stored: BTreeMap<String, Stored>, failing: BTreeSet<String>) -> Self {
        let mut policies = HashMap::new();
        for policy in all {
            policies.entry(policy.id.to_lowercase()).or_insert_with(|| Arc::new(policy));
        }
        Self::of(tenant, Arc::new(policies), Arc::new(stored), Arc::new(failing))
    }

    fn of(
        tenant: Tenant,
        policies: Arc<HashMap<String, Arc<Policy>>>,
        stored: Arc<BTreeMap<String, Stored>>,
        failing: Arc<BTreeSet<String>>,
    ) -> Self {
        let hosts = tenant.hosts().iter().map(|it| it.to_ascii_lowercase()).collect();
        let uris = tenant.apps().iter().flat_map(|it| &it.spa_redirect_uris);
        // What has no origin of its own would be `null`, as any sandboxed page is.
        let origins = uris.filter_map(|it| Url::parse(it).ok()).map(|it| it.origin()).filter(Origin::is_tuple);
        let spa_origins = origins.map(|it| it.ascii_serialization()).collect();
        Self { tenant, policies, stored, hosts, spa_origins, failing }
    }

    /// The same policies for a tenant whose registrations changed.
    pub(crate) fn with_tenant(&self, tenant: Tenant) -> Self {
        Self::of(tenant, Arc::clone(&self.policies), Arc::clone(&self.stored), Arc::clone(&self.failing))
    }

    /// Whether a policy, or a file that can't be read, keeps from running what runs now. What is in a file that can't be
    /// read isn't known, so it does, unless it was that way before.
    pub(crate) fn would_lose(&self, what: &str) -> bool {
        match self.policies.get(what) {
            Some(policy) => policy.plan.is_ok(),
            None => is_file(what) && !self.failing.contains(what),
        }
    }

    /// Keeps what ran in `before`, is broken now, and has nothing to do with the upload.
    pub(crate) fn keep(&mut self, before: &Self, upload: &str) {
        let mut policies = HashMap::clone(&self.policies);
        for (id, ran) in before.policies.iter().filter(|(_, it)| it.plan.is_ok()) {
            let breaks = policies.get(id).is_none_or(|it| it.plan.is_err());
            if breaks && !self.derives(id, upload) {
                policies.insert(id.clone(), Arc::clone(ran));
            }
        }
        self.policies = Arc::new(policies);
    }

    /// Whether a policy is `base`, or derives from it.
    fn derives(&self, id: &str, base: &str) -> bool {
        // A chain has ten policies at the most (service-limits); a loop ends here, too.
        let next = |it: &&str| self.stored.get(*it)?.base.as_deref();
        iter::successors(Some(id), next).take(10).any(|it| it == base)
    }

    /// The policy of that name, in any case.
    pub(crate) fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.get(&name.to_lowercase()).map(Arc::as_ref)
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = &Policy> {
        let mut all: Vec<&Policy> = self.policies.values().map(Arc::as_ref).collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all.into_iter()
    }

    /// The host of clients that name none.
    pub(crate) fn first_host(&self) -> &str {
        self.tenant.hosts().first().map_or("localhost", String::as_str)
    }

    /// Whether `host`, with or without a port, is one of the tenant's. This machine's own names always are.
    pub(crate) fn answers_to(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let name = without_port(&host);
        self.hosts.contains(&host) || self.hosts.contains(name) || matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    }

    /// Whether an app has a single-page redirect URI of that origin.
    pub(crate) fn is_spa_origin(&self, origin: &str) -> bool {
        self.spa_origins.contains(origin)
    }
}

/// The names of files that fail have the ending that policies' ids can't have.
fn is_file(what: &str) -> bool {
    what.contains('.')
}

/// A port is written as it is counted: without zeros in front, and up to 65535.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok_and(|it| it.to_string() == port) => name,
        _ => host,
    }
}
