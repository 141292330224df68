use super::call::Run;
use super::failure::{Assertion, Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, STRING, Transformation, output, parameter, required};
use std::collections::HashMap;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "LookupValue",
    inputs: &[required("inputParameterId", STRING)],
    parameters: &[
        parameter("errorOnFailedLookup", BOOLEAN, FLAG).or("false"),
        parameter("<any id>", STRING, Content::Text).variadic(""),
    ],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

static NOT_FOUND: Assertion =
    Assertion { key: "LookupNotFound", default_text: "What you entered is not one of the accepted values." };

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let fails = preparation.boolean("errorOnFailedLookup")?;
    let table: HashMap<String, String> =
        preparation.further_parameters().map(|it| (it.id.clone(), it.value.clone())).collect();
    Ok(Box::new(move |call| {
        match table.get(call.needed_text("inputParameterId")?.as_str()) {
            Some(value) => call.set_text("outputClaim", value.as_str()),
            None if fails => return Err(Failure::Assertion(&NOT_FOUND)),
            None => {}
        }
        Ok(())
    }))
}
