use super::call::Run;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::ordinal::COMPARISONS;
use super::preparation::Preparation;
use super::signature::{COMPARISON, STRING, Transformation, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AssertStringClaimsAreEqual",
    inputs: &[required("inputClaim1", STRING).nullable(), required("inputClaim2", STRING).nullable()],
    parameters: &[parameter("stringComparison", STRING, COMPARISON)],
    outputs: &[],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static NOT_EQUAL: Assertion = Assertion {
    key: "UserMessageIfClaimsTransformationStringsAreNotEqual",
    default_text: "The two values are not the same. Please enter them again.",
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let comparison = preparation.word("stringComparison", COMPARISONS)?;
    Ok(Box::new(move |call| match (call.text("inputClaim1"), call.text("inputClaim2")) {
        (Some(left), Some(right)) if comparison.equal(left, right) => Ok(()),
        _ => Err(Failure::Assertion(&NOT_EQUAL)),
    }))
}
