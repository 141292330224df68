use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

mod document;
mod json;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "XmlStringToJsonString",
    inputs: &[required("xml", STRING)],
    parameters: &[],
    outputs: &[output("json", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let document = document::parse(call.needed_text("xml")?)?;
        call.set_text("json", json::write(&document));
        Ok(())
    }))
}
