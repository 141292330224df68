use super::Piece;
use serde_json::{Map, Value, json};
use wayfarer_diagnostics::{Sources, Span};

/// The effective policy as JSON: `{"name","attributes":{…},"text"?,"children":[…],"origins":[{"filename","location"}]}`.
pub fn to_json(piece: &Piece, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(piece.name));
    let attributes: Map<String, Value> =
        piece.attributes.iter().map(|(name, value, _)| (name.clone(), json!(value))).collect();
    object.insert("attributes".to_owned(), Value::Object(attributes));
    if let Some((text, _)) = &piece.text {
        object.insert("text".to_owned(), json!(text));
    }
    if let Some(remark) = &piece.remark {
        object.insert("remark".to_owned(), json!(remark));
    }
    let children: Vec<Value> = piece.children.iter().map(|it| to_json(it, sources)).collect();
    object.insert("children".to_owned(), Value::Array(children));
    let origins: Vec<Value> = piece.origins.iter().map(|it| place(*it, sources)).collect();
    object.insert("origins".to_owned(), Value::Array(origins));
    Value::Object(object)
}

fn place(span: Span, sources: &Sources) -> Value {
    let start = sources.start(span);
    json!({ "filename": sources.name(span.file), "location": { "line": start.line, "column": start.column } })
}
