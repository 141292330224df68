use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Transformation, Types, output, required};
use crate::DataType;

const TYPES: Types = Types::only(&[DataType::String, DataType::Int]).and(&DataType::ALL);

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CopyClaim",
    inputs: &[required("inputClaim", TYPES)],
    parameters: &[],
    outputs: &[output("outputClaim", TYPES).same_type_as("inputClaim")],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let value = call.value("inputClaim").ok_or_else(|| Failure::new("input `inputClaim` has no value"))?;
        call.set("outputClaim", value.clone());
        Ok(())
    }))
}
