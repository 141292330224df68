use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::json_pairs::{self, OUTPUTS, PARAMETERS, Pair};
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetClaimsFromJsonArray",
    inputs: &[required("jsonSource", STRING).alias(&["jsonSourceClaim"])],
    parameters: PARAMETERS,
    outputs: OUTPUTS,
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    json_pairs::prepare(preparation, pairs)
}

fn pairs(call: &Call<'_>) -> Result<Vec<Pair>, Failure> {
    serde_json::from_str(call.needed_text("jsonSource")?)
        .map_err(|_| Failure::new("the text is not a JSON array of objects"))
}
