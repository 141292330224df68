use super::call::{Call, Run};
use super::composite_format::{IN_URIS, Template};
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, output, parameter, required, variadic};
use crate::Value;
use percent_encoding::percent_encode_byte;
use url::form_urlencoded;

const PREFIX: &str = "query.";

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "BuildUri",
    inputs: &[required("path", STRING), variadic("query.<name>", PREFIX, STRING)],
    parameters: &[
        parameter("scheme", STRING, Content::Text),
        parameter("host", STRING, Content::Text),
        parameter("query.<name>", STRING, Content::Text).variadic(PREFIX),
    ],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

struct Uri {
    /// `scheme://host/`
    start: String,
    /// Names from input claims, each with the index of its claim.
    from_claims: Vec<(String, usize)>,
    from_parameters: Vec<(String, Template)>,
}

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let (scheme, host) = (preparation.text("scheme")?, preparation.text("host")?);
    let in_scheme = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
    if !scheme.starts_with(|it: char| it.is_ascii_alphabetic()) || !scheme.chars().all(in_scheme) {
        return Err(ParameterFailure::new("scheme", "is no URI scheme such as `https`"));
    }
    let in_host = |it: char| it.is_alphanumeric() || matches!(it, '-' | '.' | '_' | '~' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(in_host) {
        return Err(ParameterFailure::new("host", "is no host name"));
    }
    let name = |slot: &str| slot.get(PREFIX.len()..).unwrap_or_default().to_owned();
    let claims = preparation.declaration.inputs.iter().enumerate();
    let uri = Uri {
        start: format!("{}://{host}/", scheme.to_ascii_lowercase()),
        from_claims: claims
            .filter(|(_, it)| !it.slot.eq_ignore_ascii_case("path"))
            .map(|(index, it)| (name(&it.slot), index))
            .collect(),
        from_parameters: preparation
            .further_parameters()
            .map(|it| (name(&it.id), Template::parse(&it.value, IN_URIS)))
            .collect(),
    };
    Ok(Box::new(move |call| build(call, &uri)))
}

fn build(call: &mut Call<'_>, uri: &Uri) -> Result<(), Failure> {
    let path = call.needed_text("path")?;
    let mut result = uri.start.clone();
    push_path(&mut result, path.strip_prefix('/').unwrap_or(path));
    if !uri.from_claims.is_empty() || !uri.from_parameters.is_empty() {
        result.push('?');
    }
    let start = result.len();
    let mut query = form_urlencoded::Serializer::for_suffix(result, start);
    for (name, index) in &uri.from_claims {
        let Some(Value::String(value)) = call.input(*index) else {
            return Err(Failure::new("a query claim has no value"));
        };
        query.append_pair(name, value);
    }
    for (name, value) in &uri.from_parameters {
        query.append_pair(name, &value.expand(call.env));
    }
    call.set_text("outputClaim", query.finish());
    Ok(())
}

/// A `%XX` in the path stays as it is, and so does what a path may hold: RFC 3986's unreserved and reserved characters,
/// except those that would end the path.
fn push_path(result: &mut String, path: &str) {
    let bytes = path.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let hexadecimal = |ahead: usize| bytes.get(index + ahead).is_some_and(u8::is_ascii_hexdigit);
        let escape = *byte == b'%' && hexadecimal(1) && hexadecimal(2);
        if escape || byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(byte) {
            result.push(char::from(*byte));
        } else {
            result.push_str(percent_encode_byte(*byte));
        }
    }
}
