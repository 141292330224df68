//! Inputs that fuzzing found (see `fuzz/`), each as small as it gets. What is promised of all input is checked of each.

use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{decode, parse};

/// Reads bytes as a policy: every finding is one line, and its place cuts no character. Hands back the messages, each
/// with the text that it marks.
fn read(bytes: &[u8]) -> Vec<(String, String)> {
    let file = Sources::default().add("a.xml", "");
    let (text, mut found) = decode(file, bytes);
    let (document, malformed) = parse(file, text);
    found.extend(malformed);
    let mut invalid = Diagnostics::default();
    check_schema(&document, &mut invalid);
    found.extend(invalid);
    let marked = |start: u32, end: u32| document.text().get(start as usize..end as usize).map(str::to_owned);
    found
        .iter()
        .map(|it| {
            assert!(!it.message.contains('\n'), "more than one line: {:?}", it.message);
            let span = it.primary.span;
            let text = marked(span.start, span.end);
            assert!(text.is_some(), "{span:?} cuts a character");
            (it.message.clone(), text.unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn says(bytes: &[u8], message: &str, marked: &str) {
    let found = read(bytes);
    assert!(found.iter().any(|it| it == &(message.to_owned(), marked.to_owned())), "not said: {found:#?}");
}

#[test]
fn a_finding_in_an_ascii_file_marks_a_whole_character() {
    let message = "the file declares encoding `us-ascii`, but not all of it is ASCII";
    says(b"<?xml version='1.0' encoding='us-ascii'?><a>\xE4</a>", message, "\u{FFFD}");
    says("<?xml version='1.0' encoding='us-ascii'?><a>\u{E4}</a>".as_bytes(), message, "\u{E4}");
}

#[test]
fn the_name_of_an_encoding_is_found_behind_what_cannot_be_decoded() {
    says(b"<?xml version='1.0\xE4' encoding='x-none'?><a/>", "the encoding `x-none` is not supported", "x-none");
}

#[test]
fn a_finding_in_the_declaration_marks_a_whole_character() {
    says("<?xml \u{2B76}?><a/>".as_bytes(), "the XML declaration begins with its version", "\u{2B76}");
}

#[test]
fn a_wrong_value_in_the_declaration_is_told_in_one_line() {
    let message = r"`a\nb` is not the name of an encoding";
    says(b"<?xml version='1.0' encoding='a\nb'?><a/>", message, "a\nb");
    read(b"<?xml version='\n'?><a/>");
    read(b"<?xml version='1.0' standalone='\n'?><a/>");
}
