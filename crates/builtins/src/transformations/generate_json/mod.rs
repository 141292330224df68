use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::json_text::push_quoted;
use super::preparation::Preparation;
use super::signature::{Content, STRING, Transformation, Types, output, parameter, variadic};
use crate::{DataType, Value};

const CLAIMS: Types =
    Types::only(&[DataType::String, DataType::Boolean, DataType::Int, DataType::Long, DataType::DateTime])
        .and(&[DataType::Date, DataType::Duration, DataType::PhoneNumber]);
const PARAMETERS: Types = Types::only(&[DataType::String, DataType::Int, DataType::Long, DataType::Boolean])
    .and(&[DataType::Date, DataType::DateTime]);

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "GenerateJson",
    inputs: &[variadic("<path>", "", CLAIMS)],
    parameters: &[parameter("<path>", PARAMETERS, Content::Text).variadic("")],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

/// The longest path. The tree is as deep, and it is walked recursively.
const DEPTH_LIMIT: usize = 64;

/// The JSON text, with places for the claims.
enum Node {
    /// Nothing is known of it yet.
    New,
    Object(Vec<(String, Self)>),
    Array(Vec<Self>),
    Claim(usize),
    /// JSON text.
    Literal(String),
}

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let mut root = Node::New;
    for (index, input) in preparation.declaration.inputs.iter().enumerate() {
        insert(&mut root, &input.slot, Node::Claim(index))?;
    }
    for it in &preparation.declaration.parameters {
        let value = Value::parse(it.data_type, &it.value)
            .map_err(|problem| ParameterFailure::new(&it.id, format!("is {problem}")))?;
        let mut literal = String::new();
        push_value(&mut literal, &value);
        insert(&mut root, &it.id, Node::Literal(literal))?;
    }
    Ok(Box::new(move |call| {
        let mut json = String::new();
        write(&root, call, &mut json)?;
        call.set_text("outputClaim", json);
        Ok(())
    }))
}

fn insert(root: &mut Node, path: &str, leaf: Node) -> Result<(), ParameterFailure> {
    let error = |reason: &str| ParameterFailure::new(path, reason);
    if path.split('.').count() > DEPTH_LIMIT {
        return Err(error("has more than 64 parts"));
    }
    let mut node = root;
    for part in path.split('.') {
        let is_index = !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        if matches!(node, Node::New) {
            *node = if is_index { Node::Array(Vec::new()) } else { Node::Object(Vec::new()) };
        }
        node = match node {
            Node::Array(items) if is_index => {
                let index = part.parse::<usize>().ok().filter(|it| *it <= items.len());
                let index = index.ok_or_else(|| error("leaves out an index of its array"))?;
                if index == items.len() {
                    items.push(Node::New);
                }
                items.get_mut(index)
            }
            Node::Object(properties) if !is_index => {
                let at = properties.iter().position(|(name, _)| name == part).unwrap_or_else(|| {
                    properties.push((part.to_owned(), Node::New));
                    properties.len() - 1
                });
                properties.get_mut(at).map(|(_, value)| value)
            }
            _ => None,
        }
        .ok_or_else(|| error("is used as a value, an object or an array elsewhere"))?;
    }
    if !matches!(node, Node::New) {
        return Err(error("has a value already"));
    }
    *node = leaf;
    Ok(())
}

fn write(node: &Node, call: &Call<'_>, out: &mut String) -> Result<(), Failure> {
    match node {
        Node::New => out.push_str("{}"),
        Node::Literal(text) => out.push_str(text),
        Node::Claim(index) => match call.input(*index) {
            Some(value) => push_value(out, value),
            None => return Err(Failure::new("an input claim has no value")),
        },
        Node::Object(properties) => {
            out.push('{');
            for (index, (name, value)) in properties.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_quoted(out, name);
                out.push(':');
                write(value, call, out)?;
            }
            out.push('}');
        }
        Node::Array(items) => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(value, call, out)?;
            }
            out.push(']');
        }
    }
    Ok(())
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => push_quoted(out, text),
        other => out.push_str(&other.to_json().to_string()),
    }
}
