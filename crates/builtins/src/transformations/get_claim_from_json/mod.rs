use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::json_text::{self, Properties};
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetClaimFromJson",
    inputs: &[required("inputJson", STRING)],
    parameters: &[parameter("claimToExtract", STRING, Content::Text)],
    outputs: &[output("extractedClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let name = preparation.text("claimToExtract")?.to_owned();
    Ok(Box::new(move |call| {
        let properties = Properties::parse(call.needed_text("inputJson")?)?;
        let value = properties.get(&name).ok_or_else(|| Failure::new("the JSON object has no such property"))?;
        if let Some(text) = json_text::text(value)? {
            call.set_text("extractedClaim", text);
        }
        Ok(())
    }))
}
