use super::call::Run;
use super::calling_codes;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetNationalNumberAndCountryCodeFromPhoneNumberString",
    inputs: &[required("phoneNumber", STRING)],
    parameters: &[
        parameter("throwExceptionOnFailure", BOOLEAN, FLAG).or("false"),
        parameter("countryCodeType", STRING, Content::Words(&["CallingCode", "ISO3166"])).or("CallingCode"),
    ],
    outputs: &[output("nationalNumber", STRING), output("countryCode", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static UNREADABLE: Assertion = Assertion {
    key: "UserMessageIfPhoneNumberParseFailure",
    default_text: "This is not a phone number with a country code.",
};

/// What `countryCode` becomes.
#[derive(Clone, Copy)]
enum CountryCode {
    Calling,
    Region,
}

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let throws = preparation.boolean("throwExceptionOnFailure")?;
    let kinds = [("CallingCode", CountryCode::Calling), ("ISO3166", CountryCode::Region)];
    let kind = preparation.word("countryCodeType", &kinds)?;
    Ok(Box::new(move |call| {
        match parts(call.needed_text("phoneNumber")?, kind) {
            Some((national, country)) => {
                call.set_text("nationalNumber", national);
                call.set_text("countryCode", country);
            }
            None if throws => return Err(Failure::Assertion(&UNREADABLE)),
            None => {}
        }
        Ok(())
    }))
}

/// The national number and the country's code.
fn parts(text: &str, kind: CountryCode) -> Option<(String, String)> {
    let written = calling_codes::read(text).filter(|it| it.international)?;
    let (code, national) = calling_codes::split(&written.digits)?;
    let country = match kind {
        CountryCode::Calling => format!("+{code}"),
        CountryCode::Region => calling_codes::main_region(code)?.to_owned(),
    };
    Some((national.to_owned(), country))
}
