use super::call::Run;
use super::failure::ParameterFailure;
use super::instants;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, DATE_TIME, INT, STRING, Transformation, output, parameter, required};
use std::cmp::Ordering;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "DateTimeComparison",
    inputs: &[required("firstDateTime", DATE_TIME), required("secondDateTime", DATE_TIME).nullable()],
    parameters: &[
        parameter("timeSpanInSeconds", INT, Content::Text).or("0"),
        parameter("operator", STRING, Content::Words(&["same", "later than", "earlier than"])),
    ],
    outputs: &[output("result", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let operators = [("same", Ordering::Equal), ("later than", Ordering::Greater), ("earlier than", Ordering::Less)];
    let operator = preparation.word("operator", &operators)?;
    let seconds = preparation.int("timeSpanInSeconds")?;
    Ok(Box::new(move |call| {
        let first = instants::ticks_after(*call.needed_date_time("firstDateTime")?, seconds)?;
        let second = instants::ticks(call.date_time("secondDateTime").copied().unwrap_or(call.env.now));
        call.set_boolean("result", first.cmp(&second) == operator);
        Ok(())
    }))
}
