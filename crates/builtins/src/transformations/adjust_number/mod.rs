use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, INT, STRING, Transformation, output, parameter, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AdjustNumber",
    inputs: &[required("inputClaim", INT).nullable()],
    parameters: &[parameter("Operator", STRING, Content::Words(&["INCREMENT", "DECREMENT"])).or("INCREMENT")],
    outputs: &[output("outputClaim", INT)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let step: i32 = preparation.word("Operator", &[("INCREMENT", 1), ("DECREMENT", -1)])?;
    Ok(Box::new(move |call| {
        let number = call.int("inputClaim").copied().unwrap_or(0);
        let adjusted = number.checked_add(step).ok_or_else(|| Failure::new("the number leaves the range of an int"))?;
        call.set("outputClaim", Value::Int(adjusted));
        Ok(())
    }))
}
