use super::call::Run;
use super::composite_format::{Format, IN_FORMATS};
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "FormatStringClaim",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[parameter("stringFormat", STRING, Content::Format(Some(1)))],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let format = Format::parse(preparation.text("stringFormat")?, 1, IN_FORMATS)
        .map_err(|it| ParameterFailure::new("stringFormat", it.to_string()))?;
    Ok(Box::new(move |call| {
        let text = format.render(&[call.needed_text("inputClaim")?], call.env)?;
        call.set_text("outputClaim", text);
        Ok(())
    }))
}
