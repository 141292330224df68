use super::age_groups::{self, INPUTS};
use super::signature::{BOOLEAN, STRING, Transformation, output};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GetAgeGroupAndConsentProvided",
    inputs: INPUTS,
    parameters: &[],
    outputs: &[
        output("ageGroup", STRING),
        output("doRegulationsRequireParentalConsent", BOOLEAN),
        output("consentProvidedForMinor", STRING),
    ],
    documented: false,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare: |_| age_groups::prepare("doRegulationsRequireParentalConsent"),
};
