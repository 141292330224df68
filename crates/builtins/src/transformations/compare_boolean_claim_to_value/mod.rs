use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, FLAG, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CompareBooleanClaimToValue",
    inputs: &[required("inputClaim", BOOLEAN)],
    parameters: &[parameter("valueToCompareTo", BOOLEAN, FLAG)],
    outputs: &[output("compareResult", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let expected = preparation.boolean("valueToCompareTo")?;
    Ok(Box::new(move |call| {
        let equal = *call.needed_boolean("inputClaim")? == expected;
        call.set_boolean("compareResult", equal);
        Ok(())
    }))
}
