use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::IgnoreCase;
use super::preparation::Preparation;
use super::signature::{
    BOOLEAN, BOOLEAN_TEXT, Content, FLAG, STRING, STRING_COLLECTION, Transformation, output, parameter, required,
};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringCollectionContains",
    inputs: &[required("inputClaim", STRING_COLLECTION).nullable()],
    parameters: &[parameter("item", STRING, Content::Text), parameter("ignoreCase", BOOLEAN_TEXT, FLAG)],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let ignore_case = IgnoreCase::read(preparation)?;
    let item = preparation.text("item")?.to_owned();
    Ok(Box::new(move |call| {
        let comparison = ignore_case.comparison()?;
        let items = call.strings("inputClaim");
        let contains = items.is_some_and(|items| items.iter().any(|it| comparison.equal(it, &item)));
        call.set_boolean("outputClaim", contains);
        Ok(())
    }))
}
