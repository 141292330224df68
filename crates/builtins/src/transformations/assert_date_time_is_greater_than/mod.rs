use super::call::{Call, Run};
use super::env::AbsentRightOperand;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::instants;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, INT, STRING, Transformation, parameter, required};
use jiff::Timestamp;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AssertDateTimeIsGreaterThan",
    inputs: &[required("leftOperand", STRING), required("rightOperand", STRING).nullable()],
    parameters: &[
        parameter("AssertIfEqualTo", BOOLEAN, FLAG).or("true"),
        parameter("AssertIfRightOperandIsNotPresent", BOOLEAN, FLAG).or("true"),
        parameter("TreatAsEqualIfWithinMillseconds", INT, Content::Text).or("0"),
    ],
    outputs: &[],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static NOT_LATER: Assertion =
    Assertion { key: "DateTimeGreaterThan", default_text: "The session is no longer valid. Please sign in again." };

#[derive(Clone, Copy)]
struct Flags {
    if_equal: bool,
    if_absent: bool,
    /// In ticks.
    tolerance: i128,
}

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let milliseconds = preparation.int("TreatAsEqualIfWithinMillseconds")?;
    let flags = Flags {
        if_equal: preparation.boolean("AssertIfEqualTo")?,
        if_absent: preparation.boolean("AssertIfRightOperandIsNotPresent")?,
        tolerance: i128::from(milliseconds.max(0)) * 10_000,
    };
    Ok(Box::new(move |call| assert(call, flags)))
}

fn assert(call: &Call<'_>, flags: Flags) -> Result<(), Failure> {
    let left = instant(call.needed_text("leftOperand")?)?;
    let Some(right) = call.text("rightOperand") else {
        let asserts = flags.if_absent || call.env.options.absent_right_operand == AbsentRightOperand::Fails;
        return if asserts { Err(Failure::Assertion(&NOT_LATER)) } else { Ok(()) };
    };
    let difference = instants::ticks(left) - instants::ticks(instant(right)?);
    let asserts = if difference.abs() <= flags.tolerance { flags.if_equal } else { difference < 0 };
    if asserts { Err(Failure::Assertion(&NOT_LATER)) } else { Ok(()) }
}

fn instant(text: &str) -> Result<Timestamp, Failure> {
    instants::parse(text).ok_or_else(|| Failure::new("an operand is not an instant such as 2026-01-31T08:00:00Z"))
}
