//! `/beta/trustFramework`: the policies of a tenant, and their keys. Version 1.0 of Graph has no such resource.

mod key_sets;
pub(crate) mod policies;

use crate::call::Call;
use crate::error::GraphError;
use crate::reply::Reply;
use crate::request::Segment;

pub(crate) fn answer(call: &Call<'_>, segments: &[Segment]) -> Result<Reply, GraphError> {
    let Some(first) = segments.first() else { return Err(GraphError::bad_segment("trustFramework")) };
    match first.name.to_ascii_lowercase().as_str() {
        "keysets" => key_sets::answer(call, segments),
        "policies" => policies::answer(call, segments),
        _ => Err(GraphError::bad_segment(&first.name)),
    }
}
