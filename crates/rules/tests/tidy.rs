//! The registry, the folders and the pages agree, and every code that anything reports has a page.

#![expect(clippy::disallowed_methods, reason = "a test is the edge: it reads the sources itself")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wayfarer_rules::Phase;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn every_folder_is_a_rule_of_that_code_and_the_registry_is_sorted() {
    let rules = crates().join("rules/src/rules");
    let folders: Vec<String> = names(&rules)
        .into_iter()
        .filter(|it| rules.join(it).join("mod.rs").is_file())
        .map(|it| it.replace('_', "-"))
        .collect();
    let codes: Vec<&str> = wayfarer_rules::all().iter().map(|it| it.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(codes, sorted, "the registry is alphabetical");
    assert_eq!(codes, folders, "a folder for each rule, and a rule for each folder");
    for code in codes {
        assert_eq!(wayfarer_rules::find(code).map(|it| it.code), Some(code));
        assert!(code.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'), "{code}");
    }
    assert!(wayfarer_rules::find("no-such-rule").is_none());
}

#[test]
fn every_page_has_its_five_parts_in_order_and_an_example() {
    let parts = ["## What it does", "## Why is this bad", "## Example", "## How to fix"];
    for rule in wayfarer_rules::all() {
        let headings: Vec<&str> = rule.docs.lines().filter(|it| it.starts_with('#')).collect();
        let title = format!("# {}", rule.code);
        assert_eq!(headings, [&[title.as_str()][..], &parts].concat(), "the page of {}", rule.code);
        let mut rest = rule.docs;
        for part in parts {
            let (_, after) = rest.split_once(part).unwrap_or_default();
            let text = after.split("\n## ").next().unwrap_or_default().trim();
            assert!(!text.is_empty(), "{part} of {} is empty", rule.code);
            rest = after;
        }
        let example = rule.docs.split("## Example").nth(1).unwrap_or_default().split("## How to fix").next();
        let is_code = |it: &str| ["xml", "text", "json"].iter().any(|kind| it.contains(&format!("\n```{kind}\n")));
        assert!(example.is_some_and(is_code), "{}", rule.code);
        assert!(rule.docs.ends_with('\n') && !rule.docs.contains("\n\n\n"), "the page of {}", rule.code);
        assert!(
            rule.docs.lines().all(|it| it.trim_end() == it),
            "the page of {} has blanks at a line's end",
            rule.code
        );
    }
}

#[test]
fn only_rules_on_policies_have_cases() {
    let rules = crates().join("rules/src/rules");
    for rule in wayfarer_rules::all() {
        let mut files = names(&rules.join(rule.code.replace('-', "_")));
        // Before and after, of any rule that proposes edits: judged in `wayfarer-compiler`, on sets of files.
        files.retain(|it| it != "fixes.toml");
        let mut expected = vec!["docs.md", "mod.rs"];
        if matches!(rule.phase, Phase::Policy(_) | Phase::Flow(_)) {
            expected.push("tests.md");
        }
        assert_eq!(files, expected, "{}", rule.code);
    }
}

/// How a code stands in the sources that report: after one of these.
const OPENERS: [&str; 5] = ["error(", "warning(", "blocking(", "report(", "MALFORMED: &str ="];
/// Where codes are reported.
const SOURCES: [&str; 3] = ["syntax/src", "compiler/src", "builtins/src/providers"];

#[test]
fn every_code_that_is_reported_has_a_page() {
    let mut codes = BTreeMap::new();
    for folder in SOURCES {
        scan(&crates().join(folder), &mut codes);
    }
    // Chosen by a condition, or named by a constant.
    for code in ["enum-invalid", "not-yet-runnable"] {
        codes.entry(code.to_owned()).or_insert_with(PathBuf::new);
    }
    for code in
        ["xml-malformed", "base-missing", "rest-insecure", "required-metadata", "token-lifetime-range", "id-duplicate"]
    {
        assert!(codes.contains_key(code), "the scan misses {code}, so it proves nothing");
    }
    // The compiler tells it as `not-yet-runnable`.
    codes.remove("not-runnable");
    for (code, place) in &codes {
        assert!(wayfarer_rules::find(code).is_some(), "{code} of {} has no page", place.display());
    }
    let judged_here =
        |code: &str| wayfarer_rules::find(code).is_some_and(|it| matches!(it.phase, Phase::Policy(_) | Phase::Flow(_)));
    let reported = |code: &str| codes.contains_key(code) || judged_here(code);
    for rule in wayfarer_rules::all() {
        assert!(reported(rule.code), "nobody reports {}", rule.code);
    }
}

fn scan(path: &Path, codes: &mut BTreeMap<String, PathBuf>) {
    if path.is_dir() {
        names(path).iter().for_each(|it| scan(&path.join(it), codes));
        return;
    }
    let is_source = path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs");
    let text = if is_source { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() };
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    // Odd pieces are string literals as long as no literal holds a quote; others are no slugs.
    let mut before = "";
    for piece in text.split('"') {
        let is_slug = piece.contains('-') && piece.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        if is_slug && OPENERS.iter().any(|it| before.trim_end().ends_with(it)) {
            codes.insert(piece.to_owned(), path.to_owned());
        }
        before = piece;
    }
}
