use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::IgnoreCase;
use super::preparation::Preparation;
use super::signature::{
    BOOLEAN, BOOLEAN_TEXT, FLAG, STRING, STRING_COLLECTION, Transformation, output, parameter, required,
};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringCollectionContainsClaim",
    inputs: &[required("collection", STRING_COLLECTION).nullable(), required("item", STRING).nullable()],
    parameters: &[parameter("ignoreCase", BOOLEAN_TEXT, FLAG)],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let ignore_case = IgnoreCase::read(preparation)?;
    Ok(Box::new(move |call| {
        let comparison = ignore_case.comparison()?;
        let both = call.strings("collection").zip(call.text("item"));
        let contains = both.is_some_and(|(items, item)| items.iter().any(|it| comparison.equal(it, item)));
        call.set_boolean("outputClaim", contains);
        Ok(())
    }))
}
