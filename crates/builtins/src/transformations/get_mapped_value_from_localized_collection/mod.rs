use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetMappedValueFromLocalizedCollection",
    inputs: &[required("mapFromClaim", STRING)],
    parameters: &[],
    outputs: &[output("restrictionValueClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let Some(output) = preparation.output("restrictionValueClaim") else {
        return Ok(Box::new(|_| Ok(())));
    };
    let (claim_type, inline) = (output.claim_type.clone(), output.enumeration.clone());
    Ok(Box::new(move |call| {
        let text = call.needed_text("mapFromClaim")?;
        let items = call.env.localization.restriction(&claim_type).unwrap_or(&inline);
        if let Some(item) = items.iter().find(|it| it.text == *text) {
            call.set_text("restrictionValueClaim", item.value.as_str());
        }
        Ok(())
    }))
}
