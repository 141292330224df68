use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use wayfarer_store::{Documents, Guid, Secret};

use crate::Policies;

/// What an answer is made from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The tenant. It is read anew for every request, so that what others changed is seen.
    pub documents: &'a Arc<dyn Documents>,
    /// The tenant's policies.
    pub policies: &'a dyn Policies,
    /// Where the client found us, as `https://localhost:8443/graph`: links and `@odata.context` begin with it.
    pub root: &'a str,
    /// The time.
    pub now: Timestamp,
    /// What the private parts of policy keys are encrypted with; without one they are kept in clear.
    pub passphrase: Option<&'a Secret>,
    /// Fills bytes with random ones.
    pub random: &'a (dyn Fn(&mut [u8]) + Sync),
}

impl Context<'_> {
    pub(crate) fn guid(&self) -> Guid {
        Guid::random(&mut |bytes| (self.random)(bytes))
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("root", &self.root).field("now", &self.now).finish_non_exhaustive()
    }
}
