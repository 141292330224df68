use super::call::Run;
use super::composite_format::{Format, IN_FORMATS};
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "FormatStringMultipleClaims",
    inputs: &[required("inputClaim1", STRING), required("inputClaim2", STRING)],
    parameters: &[parameter("stringFormat", STRING, Content::Format(Some(2)))],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let format = Format::parse(preparation.text("stringFormat")?, 2, IN_FORMATS)
        .map_err(|it| ParameterFailure::new("stringFormat", it.to_string()))?;
    Ok(Box::new(move |call| {
        let arguments = [call.needed_text("inputClaim1")?.as_str(), call.needed_text("inputClaim2")?.as_str()];
        let text = format.render(&arguments, call.env)?;
        call.set_text("outputClaim", text);
        Ok(())
    }))
}
