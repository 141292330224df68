use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{LONG, STRING, Transformation, output, required};
use crate::{DataType, Value};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ConvertNumberToStringClaim",
    inputs: &[required("inputClaim", LONG.and(&[DataType::Int]))],
    parameters: &[],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let text = match call.value("inputClaim") {
            Some(Value::Long(it)) => it.to_string(),
            Some(Value::Int(it)) => it.to_string(),
            _ => return Err(Failure::new("input `inputClaim` is no number")),
        };
        call.set_text("outputClaim", text);
        Ok(())
    }))
}
