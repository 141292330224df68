use super::call::Run;
use super::failure::ParameterFailure;
use super::json_text;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateJsonArray",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let mut json = String::from("[");
        json_text::push_quoted(&mut json, call.needed_text("inputClaim")?);
        json.push(']');
        call.set_text("outputClaim", json);
        Ok(())
    }))
}
