use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, USER_IDENTITY, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateUserIdentity",
    inputs: &[required("issuerUserId", STRING), required("issuer", STRING)],
    parameters: &[],
    outputs: &[output("userIdentity", USER_IDENTITY)],
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let identity = identities::new(call.needed_text("issuer")?, call.needed_text("issuerUserId")?);
        call.set("userIdentity", Value::UserIdentity(identity));
        Ok(())
    }))
}
