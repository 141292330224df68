use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::IgnoreCase;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, BOOLEAN_TEXT, Content, FLAG, ParameterSlot, STRING, Transformation, output, parameter, required};

/// The words of `operator`.
pub(super) const OPERATOR: ParameterSlot = parameter("operator", STRING, Content::Words(&["EQUAL", "NOT EQUAL"]));
/// What each word says about equality.
pub(super) const OPERATORS: &[(&str, bool)] = &[("EQUAL", true), ("NOT EQUAL", false)];

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CompareClaims",
    inputs: &[required("inputClaim1", STRING).nullable(), required("inputClaim2", STRING).nullable()],
    parameters: &[OPERATOR, parameter("ignoreCase", BOOLEAN_TEXT, FLAG).or("false")],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let wanted = preparation.word("operator", OPERATORS)?;
    let ignore_case = IgnoreCase::read(preparation)?;
    Ok(Box::new(move |call| {
        let comparison = ignore_case.comparison()?;
        let equal = match (call.text("inputClaim1"), call.text("inputClaim2")) {
            (Some(left), Some(right)) => comparison.equal(left, right),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        call.set_boolean("outputClaim", equal == wanted);
        Ok(())
    }))
}
