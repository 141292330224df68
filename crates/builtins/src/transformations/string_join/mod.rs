use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::result_size;
use super::signature::{Content, STRING, STRING_COLLECTION, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringJoin",
    inputs: &[required("inputClaim", STRING_COLLECTION)],
    parameters: &[parameter("delimiter", STRING, Content::Text)],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let delimiter = preparation.text("delimiter")?.to_owned();
    Ok(Box::new(move |call| {
        let items = call.needed_strings("inputClaim")?;
        let between = delimiter.len().checked_mul(items.len());
        result_size::check(between.and_then(|it| it.checked_add(items.iter().map(String::len).sum())))?;
        call.set_text("outputClaim", items.join(&delimiter));
        Ok(())
    }))
}
