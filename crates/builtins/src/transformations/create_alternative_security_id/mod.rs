use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateAlternativeSecurityId",
    inputs: &[required("key", STRING), required("identityProvider", STRING)],
    parameters: &[],
    outputs: &[output("alternativeSecurityId", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let identity = identities::new(call.needed_text("identityProvider")?, call.needed_text("key")?);
        call.set_text("alternativeSecurityId", identities::to_text(&identity));
        Ok(())
    }))
}
