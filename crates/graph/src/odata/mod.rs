//! What OData puts around objects: keys in paths, query options, collections in pages, annotations.

mod filter;
mod options;
mod page;

use serde_json::{Map, Value};

use crate::call::Call;
use crate::error::GraphError;
use crate::request::{Key, Segment};

pub(crate) use options::Options;
pub(crate) use page::Collection;

/// An object as it is shown: its members, in order.
pub(crate) type Entity = Map<String, Value>;

/// Takes `name`, `name(key)` or `name/key` off the front of a path: the key, and what follows.
pub(crate) fn keyed(segments: &[Segment]) -> Result<(Option<Key>, &[Segment]), GraphError> {
    match segments {
        [Segment { key: Some(key), .. }, rest @ ..] => Ok((Some(key.clone()), rest)),
        [_, Segment { name, key: None }, rest @ ..] => Ok((Some(Key::Id(name.clone())), rest)),
        [_, second, ..] => Err(GraphError::bad_segment(&second.name)),
        _ => Ok((None, &[])),
    }
}

/// The name of an action, which older clients qualify: `addPassword`, `microsoft.graph.addPassword`.
pub(crate) fn action(segment: &Segment) -> String {
    let name = segment.name.to_ascii_lowercase();
    name.strip_prefix("microsoft.graph.").map(str::to_owned).unwrap_or(name)
}

/// One object with the annotation that says what it is.
pub(crate) fn entity(call: &Call<'_>, context: &str, entity: Entity) -> Value {
    let mut shown = Entity::new();
    shown.insert("@odata.context".into(), call.url(&format!("$metadata#{context}")).into());
    shown.extend(entity);
    shown.into()
}
