use super::call::Run;
use super::failure::ParameterFailure;
use super::instants;
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, DATE_TIME, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "IsTermsOfUseConsentRequired",
    inputs: &[required("termsOfUseConsentDateTime", DATE_TIME).nullable()],
    parameters: &[parameter("termsOfUseTextUpdateDateTime", DATE_TIME, Content::Text)],
    outputs: &[output("result", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let name = "termsOfUseTextUpdateDateTime";
    let updated = instants::parse(preparation.text(name)?)
        .ok_or_else(|| ParameterFailure::new(name, "must be a day or an instant such as `2026-01-31T08:00:00`"))?;
    Ok(Box::new(move |call| {
        let required = call.date_time("termsOfUseConsentDateTime").is_none_or(|it| *it < updated);
        call.set_boolean("result", required);
        Ok(())
    }))
}
