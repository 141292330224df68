use super::call::{Call, Run};
use super::composite_format::Format;
use super::env::{Fallback, Remark};
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, Types, output, parameter, variadic};
use crate::{DataType, Value};
use std::borrow::Cow;

const TYPES: Types = STRING.and(&[
    DataType::Boolean,
    DataType::Date,
    DataType::DateTime,
    DataType::Duration,
    DataType::Int,
    DataType::Long,
    DataType::PhoneNumber,
]);

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "FormatLocalizedString",
    inputs: &[variadic("<any name>", "", TYPES)],
    parameters: &[parameter("stringFormatId", STRING, Content::StringId)],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

const ELEMENT_TYPE: &str = "FormatLocalizedStringTransformationClaimType";

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let string_id = preparation.text("stringFormatId")?.to_owned();
    Ok(Box::new(move |call| format(call, &string_id)))
}

fn format(call: &mut Call<'_>, string_id: &str) -> Result<(), Failure> {
    let Some(text) = call.env.localization.string(ELEMENT_TYPE, string_id, Fallback::DefaultLanguage) else {
        (call.env.remark)(Remark::LocalizedStringMissing { string_id: string_id.to_owned() });
        call.set_text("outputClaim", "");
        return Ok(());
    };
    let texts: Vec<Cow<'_, str>> = call
        .inputs()
        .iter()
        .map(|it| match it {
            Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
            Some(other) => Cow::Owned(other.to_text()),
            None => Cow::Borrowed(""),
        })
        .collect();
    let arguments: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let format = Format::parse(&text, arguments.len(), &[])
        .map_err(|it| Failure::Failed(Cow::Owned(format!("localized string `{string_id}` {it}"))))?;
    let formatted = format.render(&arguments, call.env)?;
    call.set_text("outputClaim", formatted);
    Ok(())
}
