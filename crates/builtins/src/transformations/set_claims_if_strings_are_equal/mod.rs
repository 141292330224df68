use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::COMPARISONS;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, COMPARISON, Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "SetClaimsIfStringsAreEqual",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[
        parameter("matchTo", STRING, Content::Text),
        parameter("stringComparison", STRING, COMPARISON),
        parameter("stringMatchMsg", STRING, Content::Text),
        parameter("stringMatchMsgCode", STRING, Content::Text),
    ],
    outputs: &[
        output("outputClaim1", STRING),
        output("outputClaim2", STRING),
        output("stringCompareResultClaim", BOOLEAN),
    ],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let comparison = preparation.word("stringComparison", COMPARISONS)?;
    let expected = preparation.text("matchTo")?.to_owned();
    let message = preparation.text("stringMatchMsg")?.to_owned();
    let code = preparation.text("stringMatchMsgCode")?.to_owned();
    Ok(Box::new(move |call| {
        let equal = comparison.equal(call.needed_text("inputClaim")?, &expected);
        if equal {
            call.set_text("outputClaim1", message.as_str());
            call.set_text("outputClaim2", code.as_str());
        }
        call.set_boolean("stringCompareResultClaim", equal);
        Ok(())
    }))
}
