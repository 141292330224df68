use super::call::{Call, Run};
use super::composite_format::Format;
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::random;
use super::signature::{
    BOOLEAN, Content, FLAG, INT, ParameterSlot, STRING, Slot, Transformation, output, parameter,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

pub(super) const PARAMETERS: &[ParameterSlot] = &[
    parameter("randomGeneratorType", STRING, Content::Words(&["GUID", "INTEGER"])),
    parameter("stringFormat", STRING, Content::Format(Some(1))).or("{0}"),
    parameter("base64", BOOLEAN, FLAG).or("false"),
    parameter("maximumNumber", INT, Content::Text).optional(),
    parameter("seed", INT, Content::Text).optional(),
];
pub(super) const OUTPUTS: &[Slot] = &[output("outputClaim", STRING)];

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CreateRandomString",
    inputs: &[],
    parameters: PARAMETERS,
    outputs: OUTPUTS,
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

#[derive(Clone, Copy)]
enum Generator {
    Guid,
    Integer { maximum: Option<i32>, seed: Option<i32> },
}

pub(super) fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let given = |name: &str| preparation.parameter(name).map(|_| preparation.int(name)).transpose();
    let integer = Generator::Integer { maximum: given("maximumNumber")?, seed: given("seed")? };
    let generator = preparation.word("randomGeneratorType", &[("GUID", Generator::Guid), ("INTEGER", integer)])?;
    if let Generator::Integer { maximum: Some(..0), .. } = generator {
        return Err(ParameterFailure::new("maximumNumber", "must not be negative"));
    }
    let format = Format::parse(preparation.text("stringFormat")?, 1, &[])
        .map_err(|it| ParameterFailure::new("stringFormat", it.to_string()))?;
    let encode = preparation.boolean("base64")?;
    Ok(Box::new(move |call| create(call, generator, &format, encode)))
}

fn create(call: &mut Call<'_>, generator: Generator, format: &Format, encode: bool) -> Result<(), Failure> {
    let drawn = match generator {
        Generator::Guid => random::guid(call.env),
        Generator::Integer { maximum: None, seed: Some(seed) } => random::seeded(seed).to_string(),
        Generator::Integer { maximum: Some(it), seed: Some(seed) } => random::seeded_below(seed, it).to_string(),
        Generator::Integer { maximum, seed: None } => {
            random::below(maximum.unwrap_or(i32::MAX).unsigned_abs(), call.env).to_string()
        }
    };
    let text = format.render(&[&drawn], call.env)?;
    call.set_text("outputClaim", if encode { BASE64.encode(text) } else { text });
    Ok(())
}
