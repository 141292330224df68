use super::call::Run;
use super::env::NoMatch;
use super::failure::ParameterFailure;
use super::ordinal::COMPARISONS;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, COMPARISON, Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "SetClaimsIfStringsMatch",
    inputs: &[required("claimToMatch", STRING).nullable()],
    parameters: &[
        parameter("matchTo", STRING, Content::Text),
        parameter("stringComparison", STRING, COMPARISON),
        parameter("outputClaimIfMatched", STRING, Content::Text),
    ],
    outputs: &[output("outputClaim", STRING), output("stringCompareResultClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let comparison = preparation.word("stringComparison", COMPARISONS)?;
    let expected = preparation.text("matchTo")?.to_owned();
    let text = preparation.text("outputClaimIfMatched")?.to_owned();
    Ok(Box::new(move |call| {
        let matches = call.text("claimToMatch").is_some_and(|it| comparison.equal(it, &expected));
        if matches {
            call.set_text("outputClaim", text.as_str());
        } else if call.env.options.no_match == NoMatch::Clears {
            call.clear("outputClaim");
        }
        call.set_boolean("stringCompareResultClaim", matches);
        Ok(())
    }))
}
