use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{DATE, DATE_TIME, Transformation, output, required};
use crate::Value;
use jiff::tz::TimeZone;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ConvertDateToDateTimeClaim",
    inputs: &[required("inputClaim", DATE)],
    parameters: &[],
    outputs: &[output("outputClaim", DATE_TIME)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let midnight = call.needed_date("inputClaim")?.to_zoned(TimeZone::UTC);
        let midnight = midnight.map_err(|_| Failure::new("the day is too late to be an instant"))?;
        call.set("outputClaim", Value::DateTime(midnight.timestamp()));
        Ok(())
    }))
}
