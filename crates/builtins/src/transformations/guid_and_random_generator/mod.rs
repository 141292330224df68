use super::create_random_string::{OUTPUTS, PARAMETERS, prepare};
use super::signature::Transformation;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GuidAndRandomGenerator",
    inputs: &[],
    parameters: PARAMETERS,
    outputs: OUTPUTS,
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};
