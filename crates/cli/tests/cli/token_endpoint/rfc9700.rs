//! RFC 9700: which recommendation applies to this grant and which test stands for it (`rfc9700.toml`).

use crate::sandbox::{repository_file, root};
use std::fs;
use std::path::Path;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Points {
    point: Vec<Point>,
}

/// Tests, or the reason why there is nothing to test.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    section: String,
    what: String,
    #[serde(default)]
    tests: Vec<String>,
    #[serde(default)]
    does_not_apply: String,
}

/// The sources of every test that runs the binary.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the tests").flatten().map(|it| it.path());
    let texts = entries.map(|path| match path.is_dir() {
        true => sources(&path),
        false if path.extension().is_some_and(|it| it == "rs") => fs::read_to_string(path).expect("a source"),
        false => String::new(),
    });
    texts.collect()
}

#[test]
fn each_recommendation_has_its_test_or_its_reason() {
    let text = repository_file("crates/cli/tests/cli/token_endpoint/rfc9700.toml");
    let points = toml::from_str::<Points>(&text).expect("the table").point;
    let sources = sources(&root().join("crates/cli/tests/cli"));
    for point in &points {
        assert!(!point.what.is_empty(), "{point:?}");
        assert_ne!(point.tests.is_empty(), point.does_not_apply.is_empty(), "one of the two: {point:?}");
        for test in &point.tests {
            assert!(
                sources.contains(&format!("\nfn {test}() {{")),
                "section {}: there is no test `{test}`",
                point.section
            );
        }
    }
    // Every section of 2 and 4 is there.
    let sections = ["2.1", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.6"].map(str::to_owned);
    for section in sections.into_iter().chain((1..=17).map(|it| format!("4.{it}"))) {
        assert!(points.iter().any(|it| it.section == section), "section {section} is missing");
    }
}
