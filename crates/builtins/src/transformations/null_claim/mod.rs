use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output};
use crate::DataType;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "NullClaim",
    inputs: &[],
    parameters: &[],
    outputs: &[output("claim_to_null", STRING.and(&DataType::ALL))],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        call.clear("claim_to_null");
        Ok(())
    }))
}
