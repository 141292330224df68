use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{STRING_COLLECTION, Transformation, USER_IDENTITIES, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetIssuersFromUserIdentityCollectionTransformation",
    inputs: &[required("userIdentityCollection", USER_IDENTITIES).nullable()],
    parameters: &[],
    outputs: &[output("issuersCollection", STRING_COLLECTION)],
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        if let Some(list) = call.user_identities("userIdentityCollection") {
            call.set("issuersCollection", identities::issuers(list));
        }
        Ok(())
    }))
}
