use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, STRING_COLLECTION, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetSingleItemFromStringCollection",
    inputs: &[required("collection", STRING_COLLECTION)],
    parameters: &[],
    outputs: &[output("extractedItem", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        if let Some(item) = call.needed_strings("collection")?.first() {
            call.set_text("extractedItem", item.as_str());
        }
        Ok(())
    }))
}
