use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, STRING_COLLECTION, Transformation, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AddItemToStringCollection",
    inputs: &[required("item", STRING).nullable(), required("collection", STRING_COLLECTION).nullable()],
    parameters: &[],
    outputs: &[output("collection", STRING_COLLECTION)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let collection = call.strings("collection");
        match (call.text("item"), collection) {
            (Some(item), _) => call.set("collection", with_item(collection, item)),
            // Written and not left alone, because the output may be another claim than the input.
            (None, Some(it)) => call.set("collection", Value::StringCollection(it.clone())),
            (None, None) => {}
        }
        Ok(())
    }))
}

/// The collection with the item as its last, unless it holds it already.
pub(super) fn with_item(collection: Option<&Vec<String>>, item: &str) -> Value {
    let mut items = collection.cloned().unwrap_or_default();
    if !items.iter().any(|it| it == item) {
        items.push(item.to_owned());
    }
    Value::StringCollection(items)
}
