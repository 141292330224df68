//! The `RelyingParty` element of a policy's own file, merged with its bases': a base's is judged in the base.

use wayfarer_model::{NodeRef, Policy, RelyingParty};

/// The relying party, where the file itself writes one and no base is missing.
pub(super) fn own(policy: &Policy) -> Option<RelyingParty> {
    let has_own = policy.document().root()?.child("RelyingParty").is_some();
    policy.relying_party().filter(|_| has_own && policy.is_complete())
}

/// A child of its `UserJourneyBehaviors`.
pub(super) fn behavior<'a>(relying_party: &'a RelyingParty, name: &str) -> Option<NodeRef<'a>> {
    relying_party.node().child("UserJourneyBehaviors")?.child(name)
}
