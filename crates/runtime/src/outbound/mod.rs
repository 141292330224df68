//! Calls of REST APIs: who may be called, for how long, and how much of the answer is read.
//!
//! `run` works on the author's own machine and calls whatever a policy names. `serve` runs policies for others, so an
//! address is judged where it counts: a literal in the URL before anything is sent, and a name by what it resolved to,
//! of which only the checked addresses are ever connected to. Start with [`Outbound`]; what is refused is in `class`.

mod allow;
mod class;
mod client;
mod policy;
mod ports;
mod resolver;
#[cfg(test)]
mod tests;

pub use allow::{AllowEntry, AllowEntryError};
pub use policy::Loopback;

pub(crate) use client::OutboundClient;
pub(crate) use resolver::SystemLookup;

use policy::{AddressPolicy, Guard};
use std::time::Duration;

/// What all tries of one call may take together in `serve` (reference "limits", 7: S1). Azure waits three times 30 s.
const BUDGET: Duration = Duration::from_secs(10);

/// How calls of REST APIs are made.
#[derive(Clone, Debug)]
pub struct Outbound {
    policy: AddressPolicy,
    /// Instead of what the caller would wait for one try.
    wait: Option<Duration>,
    /// What all tries of one call may take together.
    budget: Duration,
}

impl Outbound {
    /// Every address, and as long as the service waits: a policy on its author's own machine.
    pub fn open() -> Self {
        Self { policy: AddressPolicy::Open, wait: None, budget: Duration::MAX }
    }

    /// Public addresses, loopback where `loopback` says so, and what is in `allowed`; ten seconds a call, tries included.
    pub fn guarded(loopback: Loopback, allowed: Vec<AllowEntry>) -> Self {
        Self { policy: AddressPolicy::Guarded(Guard::new(loopback, allowed)), wait: None, budget: BUDGET }
    }

    /// The same, but a try waits this long, if anything is said.
    pub fn waiting(self, wait: Option<Duration>) -> Self {
        let budget = self.budget.max(wait.unwrap_or_default());
        Self { wait, budget, ..self }
    }

    pub(crate) fn budget(&self) -> Duration {
        self.budget
    }

    /// How long a try waits whose caller would wait for `asked`.
    fn patience(&self, asked: Duration) -> Duration {
        self.wait.unwrap_or(asked).min(self.budget)
    }
}

impl Default for Outbound {
    fn default() -> Self {
        Self::open()
    }
}
