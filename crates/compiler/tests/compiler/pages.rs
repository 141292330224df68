//! The examples of the rules that are judged on a set of files, or while a journey is compiled: `docs.md` of each.

use crate::memory::{Content, Memory, policy, told};
use wayfarer_compiler::Scope;
use wayfarer_diagnostics::Severity;
use wayfarer_rules::{Phase, Rule};

/// What the examples derive from: a client credentials journey in which all is well.
pub const BASE: &str = include_str!("base.xml");

/// The `xml` blocks of the part "Example".
fn examples(rule: &Rule) -> impl Iterator<Item = &'static str> {
    let part = rule.docs.split("## Example\n").nth(1).unwrap_or_default();
    let part = part.split("\n## How to fix").next().unwrap_or_default();
    part.split("```xml\n").skip(1).filter_map(|it| it.split("```").next())
}

/// `line severity [code]`
fn expected(block: &str) -> Vec<String> {
    let mut expected = Vec::new();
    for (line, text) in block.lines().zip(1..).map(|(text, line)| (line, text)) {
        for comment in text.split("<!-- ").skip(1).filter_map(|it| it.split(" -->").next()) {
            if let Some((severity, code)) = comment.split_once(": ").filter(|it| it.1.starts_with('[')) {
                expected.push(format!("set/example.xml:{line} {severity} {code}"));
            }
        }
    }
    expected
}

#[test]
fn the_examples_of_the_pages_show_what_they_say() {
    let mut judged = Vec::new();
    for rule in wayfarer_rules::all().iter().filter(|it| matches!(it.phase, Phase::Set)) {
        for block in examples(rule).filter(|it| !expected(it).is_empty()) {
            let mut memory = Memory::of([("set/base.xml", BASE.to_owned())]);
            let text = policy("B2C_1A_Example", Some("B2C_1A_Base"), block);
            memory.add("set/example.xml", Content::Text(text.into_bytes()));
            let project = memory.load(&["set"], &[], Scope::All).expect("two files");
            let mut found = told(&project, &project.check(Scope::All), &[rule.code]);
            found.retain(|it| !it.starts_with("set/base.xml"));
            assert_eq!(found, expected(block), "the page of {}", rule.code);
            judged.push(rule.code);
        }
    }
    let lowered = [
        "bearer-claim-absent",
        "metadata-unknown-key",
        "output-claim-missing",
        "required-key",
        "required-metadata",
        "rest-api-key",
        "rest-header-name",
        "rest-insecure",
        "rest-payload-claim",
        "rest-placeholder",
        "token-lifetime-range",
        "unused-definition",
    ];
    for code in lowered {
        assert!(judged.contains(&code), "the example of {code} was not judged");
    }
}

/// In the base itself nothing is wrong but what the page of `output-claim-missing` needs.
#[test]
fn the_base_of_the_examples_is_sound() {
    let memory = Memory::of([("set/base.xml", BASE.to_owned())]);
    let project = memory.load(&["set"], &[], Scope::All).expect("one file");
    let found = project.check(Scope::All);
    let wrong = found.iter().filter(|it| it.severity != Severity::Info);
    let codes: Vec<_> = wrong.map(|it| it.code).collect();
    assert_eq!(codes, ["output-claim-missing"]);
}
