use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::json_pairs::{self, OUTPUTS, PARAMETERS, Pair};
use super::preparation::Preparation;
use super::signature::{STRING_COLLECTION, Transformation, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetClaimsFromJsonArrayV2",
    inputs: &[required("jsonSource", STRING_COLLECTION).alias(&["jsonSourceClaim"])],
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
    let items = call.needed_strings("jsonSource")?.iter();
    items.map(|it| serde_json::from_str(it).map_err(|_| Failure::new("an item is not a JSON object"))).collect()
}
