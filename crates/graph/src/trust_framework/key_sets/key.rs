use serde_json::Value;
use wayfarer_store::Key;

use crate::odata::Entity;

/// How `@odata.context` calls a key that an action answers with.
pub(super) const CONTEXT: &str = "microsoft.graph.trustFrameworkKey";

/// A `trustFrameworkKey`: its public members, and `k`, which is write-only, as `null`.
pub(super) fn shown(key: &Key) -> Entity {
    let mut shown = Entity::new();
    shown.insert("k".into(), Value::Null);
    shown.extend(key.graph_members());
    shown
}
