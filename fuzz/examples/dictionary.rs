//! Prints the dictionary `policy.dict`: the names and enumerated values of the grammar, and what XML is made of.

use std::collections::BTreeSet;
use wayfarer_syntax::POLICY_NAMESPACE;
use wayfarer_syntax::grammar::declarations;

const MARKUP: [&str; 26] = [
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<?xml version=\"1.0\" encoding=\"windows-1252\"?>",
    "encoding=\"us-ascii\"",
    "standalone='yes'",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE",
    "<?",
    "?>",
    "</",
    "/>",
    "=\"",
    "='",
    "&amp;",
    "&#x10FFFF;",
    "&#13;",
    "&lt;",
    "xmlns=\"\"",
    "xmlns:p=\"u\"",
    "p:",
    "xml:lang=\"en\"",
    "xsi:type=\"",
    "xsi:nil=\"true\"",
    "xsi:schemaLocation=\"",
];

fn main() {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (_, declaration) in declarations() {
        names.insert(declaration.name);
        for attribute in declaration.ty.attributes {
            names.insert(attribute.name);
            names.extend(attribute.ty.values);
        }
        names.extend(declaration.ty.text_type().into_iter().flat_map(|it| it.values));
    }
    println!("# Made by `cargo run --example dictionary`.\n");
    for bytes in ["\\x1E", "\\xEF\\xBB\\xBF", "\\xFF\\xFE", "\\xFE\\xFF"] {
        println!("\"{bytes}\"");
    }
    let namespaces = [POLICY_NAMESPACE, "http://www.w3.org/2001/XMLSchema-instance"];
    for text in MARKUP.into_iter().chain(namespaces).chain(names.into_iter().filter(|it| !it.is_empty())) {
        let escaped: String = text.bytes().map(escape).collect();
        println!("\"{escaped}\"");
    }
}

/// libFuzzer reads printable ASCII, with `\` before a quote and itself.
fn escape(byte: u8) -> String {
    match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    }
}
