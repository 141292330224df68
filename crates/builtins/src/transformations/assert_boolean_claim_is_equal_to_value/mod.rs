use super::call::Run;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, FLAG, Transformation, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AssertBooleanClaimIsEqualToValue",
    inputs: &[required("inputClaim", BOOLEAN)],
    parameters: &[parameter("valueToCompareTo", BOOLEAN, FLAG)],
    outputs: &[],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static NOT_EQUAL: Assertion = Assertion {
    key: "UserMessageIfClaimsTransformationBooleanValueIsNotEqual",
    default_text: "This account can't be used for what you are trying to do.",
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let expected = preparation.boolean("valueToCompareTo")?;
    Ok(Box::new(move |call| match *call.needed_boolean("inputClaim")? == expected {
        true => Ok(()),
        false => Err(Failure::Assertion(&NOT_EQUAL)),
    }))
}
