use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "NotClaims",
    inputs: &[required("inputClaim", BOOLEAN)],
    parameters: &[],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let value = *call.needed_boolean("inputClaim")?;
        call.set_boolean("outputClaim", !value);
        Ok(())
    }))
}
