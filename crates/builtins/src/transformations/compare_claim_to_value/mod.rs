use super::call::Run;
use super::compare_claims::{OPERATOR, OPERATORS};
use super::failure::ParameterFailure;
use super::ordinal::IgnoreCase;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, BOOLEAN_TEXT, Content, FLAG, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CompareClaimToValue",
    inputs: &[required("inputClaim1", STRING).nullable()],
    parameters: &[
        parameter("compareTo", STRING, Content::Text),
        OPERATOR,
        parameter("ignoreCase", BOOLEAN_TEXT, FLAG).or("false"),
    ],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let wanted = preparation.word("operator", OPERATORS)?;
    let ignore_case = IgnoreCase::read(preparation)?;
    let compared_to = preparation.text("compareTo")?.to_owned();
    Ok(Box::new(move |call| {
        let comparison = ignore_case.comparison()?;
        let equal = call.text("inputClaim1").is_some_and(|it| comparison.equal(it, &compared_to));
        call.set_boolean("outputClaim", equal == wanted);
        Ok(())
    }))
}
