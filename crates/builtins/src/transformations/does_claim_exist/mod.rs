use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{ANY, BOOLEAN, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "DoesClaimExist",
    inputs: &[required("inputClaim", ANY).nullable()],
    parameters: &[],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let exists = call.value("inputClaim").is_some();
        call.set_boolean("outputClaim", exists);
        Ok(())
    }))
}
