use super::call::Run;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, INT, STRING, Transformation, output, parameter, required};
use super::utf16;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringSubstring",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[parameter("startIndex", INT, Content::Text), parameter("length", INT, Content::Text)],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let position = |name| {
        let number = usize::try_from(preparation.int(name)?);
        number.map_err(|_| ParameterFailure::new(name, "must not be negative"))
    };
    let start = position("startIndex")?;
    let end = start.saturating_add(position("length")?);
    Ok(Box::new(move |call| {
        let text = call.needed_text("inputClaim")?;
        let from = utf16::byte_position(text, start);
        let part = from.zip(utf16::byte_position(text, end)).and_then(|(from, to)| text.get(from..to));
        let part = part.ok_or_else(|| Failure::new("the positions are not within the text"))?;
        call.set_text("outputClaim", part);
        Ok(())
    }))
}
