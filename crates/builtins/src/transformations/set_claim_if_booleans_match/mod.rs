use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "SetClaimIfBooleansMatch",
    inputs: &[required("claimToMatch", BOOLEAN)],
    parameters: &[parameter("matchTo", STRING, FLAG), parameter("outputClaimIfMatched", STRING, Content::Text)],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let expected = preparation.boolean("matchTo")?;
    let text = preparation.text("outputClaimIfMatched")?.to_owned();
    Ok(Box::new(move |call| {
        if *call.needed_boolean("claimToMatch")? == expected {
            call.set_text("outputClaim", text.as_str());
        }
        Ok(())
    }))
}
