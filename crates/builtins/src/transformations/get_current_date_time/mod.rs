use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{DATE_TIME, Transformation, output};
use crate::Value;
use jiff::Timestamp;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetCurrentDateTime",
    inputs: &[],
    parameters: &[],
    outputs: &[output("currentDateTime", DATE_TIME)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let now = call.env.now;
        let second = i64::try_from(now.as_nanosecond().div_euclid(1_000_000_000)).unwrap_or_default();
        call.set("currentDateTime", Value::DateTime(Timestamp::from_second(second).unwrap_or(now)));
        Ok(())
    }))
}
