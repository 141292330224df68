use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AndClaims",
    inputs: &[required("inputClaim1", BOOLEAN), required("inputClaim2", BOOLEAN)],
    parameters: &[],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let both = *call.needed_boolean("inputClaim1")? && *call.needed_boolean("inputClaim2")?;
        call.set_boolean("outputClaim", both);
        Ok(())
    }))
}
