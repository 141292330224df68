use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::result_size;
use super::signature::{Content, STRING, Transformation, output, parameter, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "StringReplace",
    inputs: &[required("inputClaim", STRING)],
    parameters: &[parameter("oldValue", STRING, Content::Text), parameter("newValue", STRING, Content::Text)],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let old = preparation.text("oldValue")?.to_owned();
    if old.is_empty() {
        return Err(ParameterFailure::new("oldValue", "must not be empty"));
    }
    let new = preparation.text("newValue")?.to_owned();
    Ok(Box::new(move |call| {
        let text = call.needed_text("inputClaim")?;
        let added = text.matches(&old).count().checked_mul(new.len());
        result_size::check(added.and_then(|it| it.checked_add(text.len())))?;
        call.set_text("outputClaim", text.replace(&old, &new));
        Ok(())
    }))
}
