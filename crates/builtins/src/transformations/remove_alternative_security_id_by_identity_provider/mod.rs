use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{ALTERNATIVE_SECURITY_IDS, STRING, Transformation, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "RemoveAlternativeSecurityIdByIdentityProvider",
    inputs: &[required("identityProvider", STRING), required("collection", ALTERNATIVE_SECURITY_IDS)],
    parameters: &[],
    outputs: &[output("collection", ALTERNATIVE_SECURITY_IDS)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let list = call.needed_alternative_security_ids("collection")?;
        let rest = identities::without(list, call.needed_text("identityProvider")?);
        call.set("collection", Value::AlternativeSecurityIdCollection(rest));
        Ok(())
    }))
}
