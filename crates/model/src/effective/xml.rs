use super::Piece;
use std::fmt::Write as _;
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_syntax::POLICY_NAMESPACE;

/// Whether comments tell where each piece is from.
#[derive(Clone, Copy)]
pub enum Origins<'a> {
    /// No comments.
    Hidden,
    /// `<!-- file:line -->` before what comes from somewhere else than the element around it.
    Shown(&'a Sources),
}

/// The effective policy as XML.
pub fn to_xml(root: &Piece, origins: Origins<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    element(&mut out, root, 0, None, origins);
    out
}

/// Writing to a String can't fail; the parser's limit on nesting bounds the recursion.
fn element(out: &mut String, piece: &Piece, depth: usize, around: Option<Span>, origins: Origins<'_>) {
    let indent = "  ".repeat(depth);
    comments(out, piece, &indent, around, origins);
    let name = piece.foreign.as_ref().map_or(&piece.name, |it| &it.qualified_name);
    let _ = write!(out, "{indent}<{name}");
    namespaces(out, piece, depth);
    for (name, value, _) in &piece.attributes {
        let _ = write!(out, " {name}=\"{}\"", escaped(value, Place::Attribute));
    }
    match (&piece.text, &piece.children[..]) {
        (None, []) => out.push_str(" />\n"),
        (Some((text, _)), _) => {
            let _ = writeln!(out, ">{}</{name}>", escaped(text, Place::Text));
        }
        (None, children) => {
            out.push_str(">\n");
            let here = piece.origins.first().copied().or(around);
            children.iter().for_each(|it| element(out, it, depth + 1, here, origins));
            let _ = writeln!(out, "{indent}</{name}>");
        }
    }
}

fn namespaces(out: &mut String, piece: &Piece, depth: usize) {
    if depth == 0 {
        let _ = write!(out, " xmlns=\"{POLICY_NAMESPACE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"");
    }
    if let Some(foreign) = &piece.foreign {
        let prefix = foreign.qualified_name.split_once(':').map(|(prefix, _)| format!(":{prefix}")).unwrap_or_default();
        let _ = write!(out, " xmlns{prefix}=\"{}\"", escaped(&foreign.namespace, Place::Attribute));
    }
}

fn comments(out: &mut String, piece: &Piece, indent: &str, around: Option<Span>, origins: Origins<'_>) {
    if let Some(remark) = &piece.remark {
        let _ = writeln!(out, "{indent}<!-- {} -->", remark.replace("--", "- -"));
    }
    let Origins::Shown(sources) = origins else { return };
    let same_file = |a: Span, b: Span| a.file == b.file;
    let is_news = match (&piece.origins[..], around) {
        ([], _) => false,
        ([only], Some(around)) => !same_file(*only, around),
        _ => true,
    };
    if is_news {
        let place = |it: &Span| format!("{}:{}", sources.name(it.file), sources.start(*it).line);
        let places: Vec<String> = piece.origins.iter().map(place).collect();
        let _ = writeln!(out, "{indent}<!-- {} -->", places.join(", over ").replace("--", "- -"));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Attribute,
    Text,
}

/// So that reading it back gives the same value: attribute values lose bare line ends and tabs, texts bare carriage
/// returns.
fn escaped(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if place == Place::Attribute => out.push_str("&quot;"),
            '\t' if place == Place::Attribute => out.push_str("&#9;"),
            '\n' if place == Place::Attribute => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out
}
