use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{ALTERNATIVE_SECURITY_IDS, STRING_COLLECTION, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation",
    inputs: &[required("alternativeSecurityIdCollection", ALTERNATIVE_SECURITY_IDS).nullable()],
    parameters: &[],
    outputs: &[output("identityProvidersCollection", STRING_COLLECTION)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        if let Some(list) = call.alternative_security_ids("alternativeSecurityIdCollection") {
            call.set("identityProvidersCollection", identities::issuers(list));
        }
        Ok(())
    }))
}
