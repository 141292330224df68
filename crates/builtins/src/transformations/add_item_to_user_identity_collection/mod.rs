use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{Transformation, USER_IDENTITIES, USER_IDENTITY, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AddItemToUserIdentityCollection",
    inputs: &[required("item", USER_IDENTITY), required("collection", USER_IDENTITIES).nullable()],
    parameters: &[],
    outputs: &[output("collection", USER_IDENTITIES)],
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let item = call.needed_user_identity("item")?.clone();
        let list = identities::with(call.user_identities("collection"), item);
        call.set("collection", Value::UserIdentityCollection(list));
        Ok(())
    }))
}
