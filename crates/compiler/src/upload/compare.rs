//! Whether an upload would change anything.

use std::sync::Arc;
use wayfarer_diagnostics::Sources;
use wayfarer_model::Policy;
use wayfarer_model::effective::{Piece, diff, effective};
use wayfarer_syntax::{Document, decode, parse};

/// Whether a policy file differs by meaning from what a tenant has: layout, comments and what the service fills in don't count.
/// What can't be read differs.
pub fn differs(document: &Arc<Document>, stored: &[u8]) -> bool {
    let file = Sources::default().add("stored", "");
    let (text, undecodable) = decode(file, stored);
    let (stored, malformed) = parse(file, text);
    if !undecodable.is_empty() || !malformed.is_empty() || base(document) != base(&stored) {
        return true;
    }
    let own = alone(document);
    let mut other = alone(&Arc::new(stored));
    if own.attribute(FILLED_IN).is_none() {
        other.attributes.retain(|it| it.0 != FILLED_IN);
    }
    !diff(&own, &other).is_empty()
}

/// The service writes it where an upload has none.
const FILLED_IN: &str = "PublicPolicyUri";

/// The file by itself, in the form that is compared.
fn alone(document: &Arc<Document>) -> Piece {
    effective(&Policy::derive(Arc::clone(document), None))
}

/// The base policy, which an effective policy has no more; ids and tenants compare without case.
fn base(document: &Document) -> Option<[String; 2]> {
    let base = document.root()?.child("BasePolicy")?;
    Some(["TenantId", "PolicyId"].map(|it| base.child(it).map_or("", |it| it.text().trim()).to_lowercase()))
}
