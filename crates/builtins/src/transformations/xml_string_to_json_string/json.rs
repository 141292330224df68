//! The convention of the JSON library that .NET programs use most: `@` before attributes, arrays for names that
//! repeat, `#text` where text stands beside something else.

use super::super::json_text::push_quoted;
use super::document::{Element, Node};
use std::collections::HashMap;

pub(super) fn write(document: &[Node]) -> String {
    let mut out = String::new();
    object(&[], document, &mut out);
    out
}

/// Attributes first, then nodes, those of one name together where the first of them stands.
fn object(attributes: &[(String, String)], nodes: &[Node], out: &mut String) {
    out.push('{');
    let mut comma = Comma::First;
    for (name, value) in attributes {
        comma.push(out);
        push_quoted(out, &format!("@{name}"));
        out.push(':');
        push_quoted(out, value);
    }
    for (name, group) in grouped(nodes) {
        comma.push(out);
        push_quoted(out, &name);
        out.push(':');
        match group.as_slice() {
            [single] => value(single, out),
            several => {
                out.push('[');
                let mut comma = Comma::First;
                for node in several {
                    comma.push(out);
                    value(node, out);
                }
                out.push(']');
            }
        }
    }
    out.push('}');
}

fn grouped(nodes: &[Node]) -> Vec<(String, Vec<&Node>)> {
    let mut groups: Vec<(String, Vec<&Node>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for node in nodes {
        let name = property(node);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, group)) = groups.get_mut(place) {
            group.push(node);
        }
    }
    groups
}

fn property(node: &Node) -> String {
    match node {
        Node::Element(it) => it.name.clone(),
        Node::Text(_) => "#text".to_owned(),
        Node::CData(_) => "#cdata-section".to_owned(),
        Node::Instruction { target, .. } => format!("?{target}"),
        Node::Declaration(_) => "?xml".to_owned(),
    }
}

fn value(node: &Node, out: &mut String) {
    match node {
        Node::Element(it) => element(it, out),
        Node::Text(text) | Node::CData(text) | Node::Instruction { content: text, .. } => push_quoted(out, text),
        Node::Declaration(attributes) => object(attributes, &[], out),
    }
}

fn element(it: &Element, out: &mut String) {
    match (it.attributes.as_slice(), it.children.as_slice()) {
        ([], []) if it.self_closing => out.push_str("null"),
        ([], []) => out.push_str("\"\""),
        ([], [Node::Text(text)]) => push_quoted(out, text),
        (attributes, children) => object(attributes, children, out),
    }
}

/// What comes before the next entry of a list.
enum Comma {
    First,
    Later,
}

impl Comma {
    fn push(&mut self, out: &mut String) {
        match self {
            Self::First => *self = Self::Later,
            Self::Later => out.push(','),
        }
    }
}
