use super::add_item_to_string_collection::with_item;
use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{Content, STRING, STRING_COLLECTION, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AddParameterToStringCollection",
    inputs: &[required("collection", STRING_COLLECTION).nullable()],
    parameters: &[parameter("item", STRING, Content::Text)],
    outputs: &[output("collection", STRING_COLLECTION)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let item = preparation.text("item")?.to_owned();
    Ok(Box::new(move |call| {
        let collection = with_item(call.strings("collection"), &item);
        call.set("collection", collection);
        Ok(())
    }))
}
