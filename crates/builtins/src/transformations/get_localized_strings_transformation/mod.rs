use super::call::Run;
use super::env::{Fallback, Remark};
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, variadic};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetLocalizedStringsTransformation",
    inputs: &[],
    parameters: &[],
    outputs: &[variadic("<StringId>", "", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

const ELEMENT_TYPE: &str = "GetLocalizedStringsTransformationClaimType";

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        for (index, string_id, _) in call.declared_outputs() {
            let text = call.env.localization.string(ELEMENT_TYPE, string_id, Fallback::None);
            if text.is_none() {
                (call.env.remark)(Remark::LocalizedStringMissing { string_id: string_id.to_owned() });
            }
            call.set_declared(index, Value::String(text.unwrap_or_default()));
        }
        Ok(())
    }))
}
