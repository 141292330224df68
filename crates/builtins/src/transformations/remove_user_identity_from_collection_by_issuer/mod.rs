use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, USER_IDENTITIES, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "RemoveUserIdentityFromCollectionByIssuer",
    inputs: &[required("issuer", STRING), required("collection", USER_IDENTITIES)],
    parameters: &[],
    outputs: &[output("collection", USER_IDENTITIES)],
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let list = call.needed_user_identities("collection")?;
        let rest = identities::without(list, call.needed_text("issuer")?);
        call.set("collection", Value::UserIdentityCollection(rest));
        Ok(())
    }))
}
