use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{DATE, DATE_TIME, Transformation, output, required};
use crate::Value;
use jiff::tz::TimeZone;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ConvertDateTimeToDateClaim",
    inputs: &[required("inputClaim", DATE_TIME)],
    parameters: &[],
    outputs: &[output("outputClaim", DATE)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let instant = *call.needed_date_time("inputClaim")?;
        call.set("outputClaim", Value::Date(TimeZone::UTC.to_datetime(instant).date()));
        Ok(())
    }))
}
