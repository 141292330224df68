use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::{Comparison, IgnoreCase, upper_text};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, BOOLEAN_TEXT, Content, FLAG, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringContains",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[parameter("contains", STRING, Content::Text), parameter("ignoreCase", BOOLEAN_TEXT, FLAG)],
    outputs: &[output("outputClaim", BOOLEAN)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let ignore_case = IgnoreCase::read(preparation)?;
    let part = preparation.text("contains")?.to_owned();
    let upper_part = upper_text(&part);
    Ok(Box::new(move |call| {
        let text = call.needed_text("inputClaim")?;
        let contains = match ignore_case.comparison()? {
            Comparison::Ordinal => text.contains(&part),
            // One character maps to one, so a position in the mapped text is one in the text.
            Comparison::OrdinalIgnoreCase => upper_text(text).contains(&upper_part),
        };
        call.set_boolean("outputClaim", contains);
        Ok(())
    }))
}
