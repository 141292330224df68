use super::call::{Call, Run};
use super::calling_codes;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{PHONE_NUMBER, STRING, Transformation, optional, output, required};
use crate::Value;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ConvertStringToPhoneNumberClaim",
    inputs: &[required("phoneNumberString", STRING).nullable(), optional("country", STRING)],
    parameters: &[],
    outputs: &[output("outputClaim", PHONE_NUMBER)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static INVALID: Assertion = Assertion {
    key: "UserMessageIfClaimsTransformationInvalidPhoneNumber",
    default_text: "This is not a phone number. Please check it and its country.",
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let number = number(call).ok_or(Failure::Assertion(&INVALID))?;
        call.set("outputClaim", Value::PhoneNumber(number));
        Ok(())
    }))
}

fn number(call: &Call<'_>) -> Option<String> {
    let written = calling_codes::read(call.text("phoneNumberString")?)?;
    let country = call.text("country").filter(|it| !it.is_empty());
    match (written.international, country) {
        (true, _) => calling_codes::split(&written.digits).map(|_| format!("+{}", written.digits)),
        (false, Some(country)) => {
            calling_codes::of_region(country).map(|code| format!("+{code}{}", written.digits))
        }
        (false, None) => None,
    }
}
