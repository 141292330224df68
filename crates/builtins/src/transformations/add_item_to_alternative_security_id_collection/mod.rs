use super::call::Run;
use super::failure::ParameterFailure;
use super::identities;
use super::preparation::Preparation;
use super::signature::{ALTERNATIVE_SECURITY_IDS, STRING, Transformation, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "AddItemToAlternativeSecurityIdCollection",
    inputs: &[required("item", STRING), required("collection", ALTERNATIVE_SECURITY_IDS).nullable()],
    parameters: &[],
    outputs: &[output("collection", ALTERNATIVE_SECURITY_IDS)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let item = identities::from_text(call.needed_text("item")?)?;
        let list = identities::with(call.alternative_security_ids("collection"), item);
        call.set("collection", Value::AlternativeSecurityIdCollection(list));
        Ok(())
    }))
}
