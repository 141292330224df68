//! Malformed XML, written by hand: what is said of it and where. Each row is one slip.

use wayfarer_diagnostics::{Severity, Sources, render};
use wayfarer_syntax::{Document, decode, parse};

/// All findings as `LINE:COLUMN MESSAGE`, and the tree that is left.
fn read(bytes: &[u8]) -> (Vec<String>, Document) {
    let mut sources = Sources::default();
    let file = sources.add("a.xml", "");
    let (text, mut diagnostics) = decode(file, bytes);
    sources.set_text(file, text.clone());
    let (document, found) = parse(file, text);
    diagnostics.extend(found);
    for it in diagnostics.iter() {
        assert_eq!((it.code, it.severity), ("xml-malformed", Severity::Error));
        assert!(!it.primary.message.is_empty() || it.help.is_some(), "a finding says what to do: {}", it.message);
    }
    let lines = diagnostics.iter().map(|it| {
        let at = sources.start(it.primary.span);
        format!("{}:{} {}", at.line, at.column, it.message)
    });
    assert!(!render::concise(&diagnostics, &sources).contains("\u{1b}"));
    (lines.collect(), document)
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (found, document) = read(text.as_bytes());
    assert_eq!(found, expected, "in {text:?}");
    assert_eq!(document.is_well_formed(), expected.is_empty());
}

#[test]
fn well_formed_text_is_left_in_peace() {
    for text in [
        "<a/>",
        "<?xml version=\"1.0\" encoding='utf-8' standalone = 'yes' ?>\r\n<!-- c --><?pi x?><a b = 'x>' >\n</a\t>\n<!---->",
        "<?xml version='1.1'?><a/>",
        "<a xmlns:p='u' p:b='1' b='2'><p:c xml:lang='en'/></a>",
        "<a>]] > &lt;&#x10FFFF;&#00000000065;<![CDATA[<&]]></a>",
        "<ä.b-c·/>",
    ] {
        check(text, &[]);
    }
}

#[test]
fn tags() {
    check("<a><b></a>", &["1:7 `<b>` is not closed before `</a>`"]);
    check(
        "<a>\n  <b>\n</a",
        &["3:1 `<b>` is not closed before `</a>`", "3:1 `>` belongs after the name of an end tag"],
    );
    check("<a></b></a>", &["1:4 `</b>` does not match `<a>`", "1:8 `</a>` closes nothing: no element is open"]);
    check("<Value></Other></Value>", &["1:8 `</Other>` closes no open element"]);
    check("<DisplayName>x</DisplyName>", &["1:15 `</DisplyName>` does not match `<DisplayName>`"]);
    check("<a>\n<b>", &["2:1 `<b>` is never closed"]);
    check("</a>", &["1:1 `</a>` closes nothing: no element is open"]);
    check("<a></a b='1'>", &["1:4 `>` belongs after the name of an end tag"]);
    check("<a\n<b/></a>", &["1:1 the tag `<a` is not closed before the next one"]);
    check(
        "<a><b </a>",
        &["1:4 the tag `<b` is not closed before the next one", "1:7 `<b>` is not closed before `</a>`"],
    );
    check("<a/ >", &["1:3 `/` and `>` belong together"]);
    check("<a>1 < 2</a>", &["1:6 `<` is not followed by the name of an element"]);
    check("<a><1/></a>", &["1:4 `<` is not followed by the name of an element"]);
    check("<a><!x></a>", &["1:4 this is no markup that XML knows"]);
}

#[test]
fn attributes() {
    check("<a b='1' b='2'/>", &["1:10 the attribute `b` is repeated"]);
    check("<a b/>", &["1:4 the attribute `b` has no value"]);
    check("<a b=1/>", &["1:6 the value of `b` is not in quotes"]);
    check("<a b='1'c='2'/>", &["1:9 white space belongs before an attribute"]);
    check("<a b='<'/>", &["1:7 `<` is not allowed in the value of `b`"]);
    check("<a b='1''/>", &["1:9 `'` begins no attribute"]);
    check("<a>\n <b c=\"x>\n <d/></b></a>", &["2:7 the value of `c` is not closed"]);
    check("<a b='&x;&'/>", &["1:7 the entity `x` is not defined", "1:10 `&` starts a reference, but no name follows"]);
    check("<a =''/>", &["1:4 `=` begins no attribute"]);
}

#[test]
fn namespaces() {
    check("<p:a/>", &["1:2 the prefix `p` is not declared"]);
    check("<a p:b=''/>", &["1:4 the prefix `p` is not declared"]);
    check(
        "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
        &["1:35 the attribute `q:b` is there before, under another prefix"],
    );
    check("<a xmlns:p=''/>", &["1:4 a prefix can't stand for no namespace"]);
    check("<a xmlns:xml='u'/>", &["1:4 the prefix `xml` always stands for the XML namespace"]);
    check("<a xmlns:xmlns='u'/>", &["1:4 the prefix `xmlns` can't be declared"]);
    check("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", &["1:4 the XML namespace has the prefix `xml` only"]);
    check("<a xmlns='http://www.w3.org/2000/xmlns/'/>", &["1:4 the namespace of `xmlns` itself can't be declared"]);
    check("<a xmlns='a b'/>", &["1:4 the namespace is not a valid URI"]);
    check("<a:b:c xmlns:a='u'/>", &["1:2 `a:b:c` is not a name: a colon stands between prefix and local name"]);
    check("<a><b xmlns:p='u'/><p:c/></a>", &["1:21 the prefix `p` is not declared"]);
}

#[test]
fn text_and_references() {
    check("<a>]]></a>", &["1:4 `]]>` is not allowed in text"]);
    check("<a>x & y</a>", &["1:6 `&` starts a reference, but no name follows"]);
    check("<a>&nbsp;</a>", &["1:4 the entity `nbsp` is not defined"]);
    check("<a>&amp</a>", &["1:4 the reference `&amp` lacks its `;`"]);
    check(
        "<a>&#0;&#xD800;&#x110000;</a>",
        &[
            "1:4 `&#0;` is not a character of XML",
            "1:8 `&#xD800;` is not a character of XML",
            "1:16 `&#x110000;` is not a character of XML",
        ],
    );
    check(
        "<a>&#x;&#X41;</a>",
        &["1:4 the character reference is not closed", "1:8 the character reference is not closed"],
    );
    check(
        "<a>\u{1}\u{FFFE}</a>",
        &["1:4 the character U+0001 is not allowed in XML", "1:5 the character U+FFFE is not allowed in XML"],
    );
    check("<a><![CDATA[x]]</a>", &["1:1 `<a>` is never closed", "1:4 the CDATA section is never closed"]);
}

#[test]
fn the_shape_of_the_document() {
    check("", &["1:1 the file is empty"]);
    check(" \n", &["1:1 the file is empty"]);
    check("<!-- x -->", &["1:1 the file has no root element"]);
    check("<a/><b/>", &["1:5 `<b>` is a second root element"]);
    check("x<a/>", &["1:1 text stands before the root element"]);
    check("<a/>\n  x\n", &["2:3 text stands after the root element"]);
    check("<a/>&amp;", &["1:5 text stands after the root element"]);
    check("<a/><![CDATA[]]>", &["1:5 a CDATA section stands outside the root element"]);
    check("\u{FEFF}\u{FEFF}<a/>", &["1:1 the file has a second byte-order mark"]);
    check("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", &["1:1 a DOCTYPE is not allowed in a policy"]);
    check("<a><!doctype b></a>", &["1:4 a DOCTYPE is not allowed in a policy"]);
}

#[test]
fn comments_and_instructions() {
    check("<a><!-- x -- y --></a>", &["1:11 `--` is not allowed inside a comment"]);
    check("<a><!-- x ---></a>", &["1:11 `--` is not allowed inside a comment"]);
    check("<a/><!-- x", &["1:5 the comment is never closed"]);
    check("<a/><?x", &["1:5 the processing instruction is never closed"]);
    check("<a><?XML x?></a>", &["1:4 no processing instruction may have the name `xml`"]);
    check("<a><?p:q?></a>", &["1:4 the name of a processing instruction holds no colon"]);
    check("<a><?p?q?></a>", &["1:4 white space belongs after the name of a processing instruction"]);
    check("<??><a/>", &["1:1 a processing instruction needs a name"]);
}

#[test]
fn the_xml_declaration() {
    check(" <?xml version='1.0'?><a/>", &["1:2 an XML declaration stands only at the very start of a file"]);
    check("<a/><?xml version='1.0'?>", &["1:5 an XML declaration stands only at the very start of a file"]);
    check("<?xml?><a/>", &["1:1 the XML declaration lacks its version"]);
    check("<?xml encoding='utf-8'?><a/>", &["1:7 the XML declaration begins with its version"]);
    check("<?xml version='2.0'?><a/>", &["1:16 `2.0` is not a version of XML that can be read"]);
    check(
        "<?xml version='1.0'encoding='utf-8'?><a/>",
        &["1:20 white space belongs between the parts of the XML declaration"],
    );
    check("<?xml version='1.0' standalone='maybe'?><a/>", &["1:33 standalone is `yes` or `no`, not `maybe`"]);
    check("<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>", &["1:37 `encoding` stands in the wrong place"]);
    check("<?xml version='1.0' encoding='1'?><a/>", &["1:31 `1` is not the name of an encoding"]);
    check("<?xml version='1.0' encoding=utf-8?><a/>", &["1:21 `encoding` needs a value in quotes"]);
    check("<?xml version='1.0?><a/>", &["1:15 the value of `version` is not closed"]);
}

#[test]
fn encodings() {
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let text = "\u{FEFF}<?xml version='1.0' encoding='utf-16'?>\r\n<a b='ä'>😀<c></a>";
    for bytes in [wide(text, u16::to_le_bytes), wide(text, u16::to_be_bytes), text.as_bytes().to_vec()] {
        let (found, document) = read(&bytes);
        assert_eq!(found, ["2:15 `<c>` is not closed before `</a>`"], "columns count UTF-16 units in every encoding");
        assert_eq!(document.root().map(|it| it.text()), Some("😀"));
    }
    let declared = |name: &str, byte: u8| {
        let mut bytes = format!("<?xml version='1.0' encoding='{name}'?><a>").into_bytes();
        bytes.push(byte);
        bytes.extend_from_slice(b"</a>");
        bytes
    };
    assert_eq!(read(&declared("iso-8859-1", 0xE4)).1.root().map(|it| it.text()), Some("ä"));
    for (bytes, expected) in [
        (declared("utf-8", 0xE4), "1:42 byte 0xE4 at offset 41 is not valid UTF-8"),
        (declared("us-ascii", 0xE4), "1:45 the file declares encoding `us-ascii`, but not all of it is ASCII"),
        (declared("utf-7", b'x'), "1:31 the encoding `utf-7` is not supported"),
        (declared("utf-16", b'x'), "1:31 the file declares encoding `utf-16`, but its bytes are not in that encoding"),
        (declared("ebcdic", b'x'), "1:31 the encoding `ebcdic` is not supported"),
        (b"\xEF\xBB\xBF<a>\r\n\xFF</a>".to_vec(), "2:1 byte 0xFF at offset 8 is not valid UTF-8"),
    ] {
        assert_eq!(read(&bytes).0, [expected]);
    }
}

#[test]
fn what_can_be_read_is_read() {
    let (found, document) = read(b"<a><b x='1'><c></b>&nope;<d e=f g='h'/></a>");
    assert_eq!(found.len(), 3);
    let names: Vec<_> = document.elements().map(|it| it.name()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let root = document.root().expect("a root");
    assert_eq!(root.children().map(|it| it.name()).collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(root.text(), "&nope;");
    let last = document.elements().last().expect("a last element");
    assert_eq!(last.attributes().map(|it| it.value()).collect::<Vec<_>>(), ["f", "h"]);
}

#[test]
fn hostile_input_is_capped_and_said_to_be() {
    let deep = "<a>".repeat(20_000) + &"</a>".repeat(20_000);
    check(&deep, &["1:601 elements are nested deeper than 200 levels"]);
    let (_, document) = read(deep.as_bytes());
    assert_eq!(document.elements().count(), 200);

    let many: String = (0..20_000).map(|it| format!(" a{it}='1'")).collect();
    let (found, document) = read(format!("<a{many}/>").as_bytes());
    assert_eq!(found, ["1:1 `a` has 20000 attributes; 256 are allowed"]);
    assert_eq!(document.root().map(|it| it.attributes().count()), Some(256));

    let nested: String = (0..20_000).map(|it| format!("<a xmlns:p{it}='u'>")).collect();
    let (found, _) = read(nested.as_bytes());
    assert!(found.contains(&"1:9110 more than 512 namespaces are declared here".to_owned()), "{found:?}");

    let (found, _) = read("<a>&".repeat(20_000).as_bytes());
    assert_eq!(found.len(), 201);
    assert!(found.last().is_some_and(|it| it.ends_with("more findings in this file are left out")), "{found:?}");
}

/// Each of these made some reader or other quadratic; here it would not end.
#[test]
fn hostile_input_takes_linear_time() {
    for piece in [
        "<",
        "</",
        "<a ",
        "<a \"",
        "<a '\"'",
        "<a b='\n<",
        "<!",
        "<!--",
        "<?",
        "<![CDATA[",
        "<!DOCTYPE ",
        "&",
        "&x",
        "<a>&",
        "]]>",
        "\r",
        "\0",
        "\u{FEFF}",
        "<\u{FEFF}",
        "</a>",
        "<a></b>",
        "<a b='1'\">",
        "<a xmlns:p='u'>",
        "<p:a/>",
        "<!DOCTYPE a [",
    ] {
        let (found, _) = read(piece.repeat(50_000 / piece.len()).as_bytes());
        assert!(!found.is_empty(), "{piece:?}");
        let (found, _) = read(format!("<a>{}</a>", piece.repeat(50_000 / piece.len())).as_bytes());
        assert!(!found.is_empty() || piece == "\r" || piece == "\u{FEFF}", "{piece:?}");
    }
}
