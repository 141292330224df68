//! A document against the grammar: findings have an end and stand in the file, and what nothing is said of is declared.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_fuzz::{assert_findings, mutate, read};
use wayfarer_syntax::Element;
use wayfarer_syntax::grammar::{self, Content, check_schema};

fuzz_target!(|data: &[u8]| {
    let read = read(&mut Sources::default(), "fuzzed.xml", data);
    let mut invalid = Diagnostics::default();
    check_schema(&read.document, &mut invalid);
    assert_findings(read.document.text(), &invalid);
    let is_valid = read.is_well_formed && invalid.is_empty();
    for element in read.document.elements() {
        let declaration = grammar::declaration(element);
        assert!(!is_valid || declaration.is_some() || stands_in_open_content(element), "{element:?} is undeclared");
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate(data, size, max_size, seed) });

/// Where the grammar allows anything, it declares nothing.
fn stands_in_open_content(element: Element<'_>) -> bool {
    let mut around = std::iter::successors(element.parent(), |it| it.parent());
    let nearest = around.find_map(grammar::declaration);
    nearest.is_some_and(|it| matches!(it.ty.content, Content::Anything | Content::Skipped))
}
