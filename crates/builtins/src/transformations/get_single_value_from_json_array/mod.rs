use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::json_text;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};
use serde_json::value::RawValue;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetSingleValueFromJsonArray",
    inputs: &[required("inputJsonClaim", STRING)],
    parameters: &[],
    outputs: &[output("extractedClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let items: Vec<&RawValue> = serde_json::from_str(call.needed_text("inputJsonClaim")?)
            .map_err(|_| Failure::new("the text is not a JSON array"))?;
        let first = items.first().ok_or_else(|| Failure::new("the JSON array is empty"))?;
        if let Some(text) = json_text::text(first)? {
            call.set_text("extractedClaim", text);
        }
        Ok(())
    }))
}
