use super::call::Run;
use super::composite_format::{IN_VALUES, Template};
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateStringClaim",
    inputs: &[],
    parameters: &[parameter("value", STRING, Content::Text)],
    outputs: &[output("createdClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let value = Template::parse(preparation.text("value")?, IN_VALUES);
    Ok(Box::new(move |call| {
        call.set_text("createdClaim", value.expand(call.env));
        Ok(())
    }))
}
