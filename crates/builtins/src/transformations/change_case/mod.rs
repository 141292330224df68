use super::call::Run;
use super::failure::ParameterFailure;
use super::ordinal::{lower_text, upper_text};
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ChangeCase",
    inputs: &[required("inputClaim1", STRING)],
    parameters: &[parameter("toCase", STRING, Content::Words(&["LOWER", "UPPER"]))],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

/// Writes a text in another case.
type Change = fn(&str) -> String;

const CASES: &[(&str, Change)] = &[("LOWER", lower_text), ("UPPER", upper_text)];

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let change = preparation.word("toCase", CASES)?;
    Ok(Box::new(move |call| {
        let text = change(call.needed_text("inputClaim1")?);
        call.set_text("outputClaim", text);
        Ok(())
    }))
}
