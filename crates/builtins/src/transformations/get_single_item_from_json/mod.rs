use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::json_text::{self, Properties};
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetSingleItemFromJson",
    inputs: &[required("inputJson", STRING)],
    parameters: &[],
    outputs: &[output("key", STRING), output("value", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let properties = Properties::parse(call.needed_text("inputJson")?)?;
        let (name, value) = properties.first().ok_or_else(|| Failure::new("the JSON object is empty"))?;
        let text = json_text::text(value)?;
        call.set_text("key", name);
        if let Some(text) = text {
            call.set_text("value", text);
        }
        Ok(())
    }))
}
