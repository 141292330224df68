use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, STRING, STRING_COLLECTION, Transformation, output, parameter, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringSplit",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[parameter("delimiter", STRING, Content::Text)],
    outputs: &[output("outputClaim", STRING_COLLECTION)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

/// The most items that are made of one text.
const ITEM_LIMIT: usize = 100_000;

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let delimiter = preparation.text("delimiter")?.to_owned();
    Ok(Box::new(move |call| {
        let text = call.needed_text("inputClaim")?;
        let items: Vec<String> = if delimiter.is_empty() {
            vec![text.clone()]
        } else {
            text.split(&delimiter).take(ITEM_LIMIT + 1).map(str::to_owned).collect()
        };
        if items.len() > ITEM_LIMIT {
            return Err(Failure::new("the text has more than 100000 items"));
        }
        call.set("outputClaim", Value::StringCollection(items));
        Ok(())
    }))
}
