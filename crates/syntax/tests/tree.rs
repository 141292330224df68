//! The tree of what is well-formed: values, spans, and that they always fit the file.

use std::sync::Arc;

use proptest::prelude::*;
use wayfarer_diagnostics::{FileId, Sources, Span};
use wayfarer_syntax::{Document, decode, parse};

fn file() -> FileId {
    Sources::default().add("a.xml", "")
}

fn tree(text: &str) -> Document {
    let (document, diagnostics) = parse(file(), Arc::from(text));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    document
}

fn cut(document: &Document, span: Span) -> &str {
    &document.text()[span.start as usize..span.end as usize]
}

#[test]
fn every_part_has_its_span() {
    let document = tree("<?xml version='1.0'?>\n<p:a xmlns:p='u' b = 'x&amp;y'>\n  <c>t<!-- n -->u</c>\n</p:a>");
    let root = document.root().expect("a root");
    assert_eq!((root.name(), root.qualified_name(), root.namespace()), ("a", "p:a", Some("u")));
    assert_eq!(cut(&document, root.start_tag()), "<p:a xmlns:p='u' b = 'x&amp;y'>");
    assert_eq!(cut(&document, root.name_span()), "p:a");
    assert!(cut(&document, root.span()).starts_with("<p:a") && cut(&document, root.span()).ends_with("</p:a>"));
    let attribute = root.attribute("b").expect("an attribute");
    assert_eq!(attribute.value(), "x&y");
    assert_eq!(cut(&document, attribute.span()), "b = 'x&amp;y'");
    assert_eq!(cut(&document, attribute.value_span()), "x&amp;y");
    assert_eq!(root.attributes().count(), 1, "a namespace declaration is no attribute");
    assert_eq!(root.namespace_declarations().map(|it| it.name()).collect::<Vec<_>>(), ["xmlns:p"]);
    let child = root.children().next().expect("a child");
    assert_eq!((child.text(), child.namespace()), ("tu", None));
    assert_eq!(child.text_span().map(|it| cut(&document, it)), Some("t<!-- n -->u"));
    assert_eq!(child.parent(), Some(root));
    assert_eq!((root.text(), root.text_span()), ("", None), "white space between elements is no text");
    assert_eq!(document.comments().map(|it| it.text()).collect::<Vec<_>>(), [" n "]);
}

#[test]
fn text_and_values_are_normalized_as_xml_says() {
    let document = tree("<a b='1\r\n2\t3&#10;4\r5' c=\" x \">\r\n x\r\ry &lt;<![CDATA[<\r\n]]>&#13;</a>");
    let root = document.root().expect("a root");
    assert_eq!(root.attribute("b").map(|it| it.value()), Some("1 2 3\n4 5"));
    assert_eq!(root.attribute("c").map(|it| it.value()), Some(" x "));
    assert_eq!(root.text(), "\n x\n\ny <<\n\r");
}

#[test]
fn only_the_policy_namespace_counts_for_lookups() {
    let document = tree(&format!("<a xmlns='{}'><b xmlns='u'/><b/><c/><b/></a>", wayfarer_syntax::POLICY_NAMESPACE));
    let root = document.root().expect("a root");
    assert!(root.is_policy());
    assert_eq!(root.children_named("b").count(), 2);
    assert_eq!(root.child("b").map(|it| it.id()), root.children().nth(1).map(|it| it.id()));
    assert_eq!(document.elements().map(|it| it.id().index()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

/// What must hold of any tree, however broken the text.
fn holds_together(document: &Document) {
    let length = document.text().len();
    let inside = |span: Span| {
        assert!(span.start <= span.end && span.end as usize <= length);
        assert!(document.text().get(span.start as usize..span.end as usize).is_some(), "cuts a character");
    };
    for element in document.elements() {
        let outer = element.span();
        for span in [Some(outer), Some(element.start_tag()), Some(element.name_span()), element.text_span()]
            .into_iter()
            .flatten()
        {
            inside(span);
            assert!(outer.start <= span.start && span.end <= outer.end);
        }
        for attribute in element.attributes().chain(element.namespace_declarations()) {
            for span in [attribute.span(), attribute.name_span(), attribute.value_span()] {
                inside(span);
                assert!(element.start_tag().start < span.start && span.end <= element.start_tag().end);
            }
        }
        let mut before = element.start_tag().end;
        for child in element.children() {
            assert!(before <= child.span().start && child.span().end <= outer.end);
            assert_eq!(child.parent(), Some(element));
            before = child.span().end;
        }
        assert_eq!(document.element(element.id()), Some(element));
    }
}

fn read_anything(bytes: &[u8]) {
    let mut sources = Sources::default();
    let file = sources.add("a.xml", "");
    let (text, mut diagnostics) = decode(file, bytes);
    sources.set_text(file, text.clone());
    let (document, found) = parse(file, text);
    assert_eq!(document.is_well_formed(), found.is_empty());
    diagnostics.extend(found);
    wayfarer_syntax::grammar::check_schema(&document, &mut diagnostics);
    holds_together(&document);
    for it in diagnostics.iter() {
        for span in std::iter::once(it.primary.span).chain(it.related.iter().map(|it| it.span)) {
            assert!(span.start <= span.end && span.end as usize <= document.text().len(), "{it:?}");
        }
    }
}

/// Pieces of XML, right and wrong, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<a>",
        "</a>",
        "<b/>",
        "<b c='d'/>",
        "<",
        ">",
        "/",
        "'",
        "\"",
        "=",
        " ",
        "\r\n",
        "&",
        "&amp;",
        "&#x41;",
        "&#0;",
        ";",
        "x",
        "é",
        "😀",
        "<!--",
        "-->",
        "-",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<?xml version='1.0'?>",
        "<!DOCTYPE a>",
        "xmlns='u'",
        " xmlns:p='u'",
        "p:",
        "</",
        "<TrustFrameworkPolicy xmlns='http://schemas.microsoft.com/online/cpim/schemas/2013/06'>",
        "<BuildingBlocks>",
        "<ClaimsSchema>",
        "</BuildingBlocks>",
        "<ClaimType Id='x'>",
        "<RelyingParty/>",
        "<Restriction><Pattern/><Enumeration/>",
        "\u{FEFF}",
        "\0",
        "\u{FFFE}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_anything(&bytes);
    }

    #[test]
    fn any_pieces_of_xml_can_be_read(text in pieces(), tail in prop::collection::vec(any::<u8>(), 0..3)) {
        let mut bytes = text.into_bytes();
        bytes.extend(tail);
        read_anything(&bytes);
    }
}
