use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{PHONE_NUMBER, STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ConvertPhoneNumberClaimToString",
    inputs: &[required("phoneNumber", PHONE_NUMBER)],
    parameters: &[],
    outputs: &[output("phoneNumberString", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let number = call.needed_phone_number("phoneNumber")?;
        call.set_text("phoneNumberString", number.as_str());
        Ok(())
    }))
}
