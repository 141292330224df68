use super::Piece;
use std::fmt::Write as _;
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_syntax::{POLICY_NAMESPACE, Place, escaped};

/// The namespace of `xsi:` attributes: every policy may use it, so the root declares it.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

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
    element(&mut out, root, Around { depth: 0, origin: None, namespace: "" }, origins);
    out
}

/// What an element stands in.
#[derive(Clone, Copy)]
struct Around<'a> {
    depth: usize,
    origin: Option<Span>,
    /// The default namespace.
    namespace: &'a str,
}

/// Writing to a String can't fail; the parser's limit on nesting bounds the recursion.
fn element(out: &mut String, piece: &Piece, around: Around<'_>, origins: Origins<'_>) {
    let indent = "  ".repeat(around.depth);
    comments(out, piece, &indent, around.origin, origins);
    let name = piece.foreign.as_ref().map_or(&piece.name, |it| &it.qualified_name);
    let _ = write!(out, "{indent}<{name}");
    let namespace = namespaces(out, piece, around);
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
            let origin = piece.origins.first().copied().or(around.origin);
            let here = Around { depth: around.depth + 1, origin, namespace };
            children.iter().for_each(|it| element(out, it, here, origins));
            let _ = writeln!(out, "{indent}</{name}>");
        }
    }
}

/// Declares what the element needs, and hands back the default namespace inside it.
fn namespaces<'a>(out: &mut String, piece: &'a Piece, around: Around<'a>) -> &'a str {
    let (prefix, namespace) = match &piece.foreign {
        None => ("", POLICY_NAMESPACE),
        Some(it) => (it.qualified_name.split_once(':').map_or("", |(prefix, _)| prefix), it.namespace.as_str()),
    };
    let mut default = around.namespace;
    let mut declare = |prefix: &str, namespace: &str| {
        let colon = if prefix.is_empty() { "" } else { ":" };
        let _ = write!(out, " xmlns{colon}{prefix}=\"{}\"", escaped(namespace, Place::Attribute));
    };
    if !prefix.is_empty() {
        declare(prefix, namespace);
    } else if namespace != around.namespace {
        declare("", namespace);
        default = namespace;
    }
    if around.depth == 0 {
        declare("xsi", XSI);
    }
    default
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
