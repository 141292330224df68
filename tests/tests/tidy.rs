//! What every file of the repository keeps to, so that no review has to look for it.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::Path;
use wayfarer_tests::{files, folders, manifest, name, packages, read, root, shown};

/// A longer file holds two things.
const LINES: usize = 700;

#[test]
fn no_file_is_too_long() {
    for path in files("rs") {
        let lines = read(&path).lines().count();
        assert!(lines <= LINES, "{} has {lines} lines: look for the missing noun", shown(&path));
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Spelled in two parts, so that this file is none of its own findings.
    let words = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("dbg", "!("),
    ];
    for path in ["rs", "toml", "md", "xml"].into_iter().flat_map(files) {
        let text = read(&path);
        for (number, line) in text.lines().enumerate() {
            for word in words {
                assert!(!line.contains(word), "{}:{}: `{word}`", shown(&path), number + 1);
            }
        }
    }
}

#[test]
fn no_test_sleeps() {
    let sleep = [concat!("thread::", "sleep"), concat!("time::", "sleep")];
    for path in files("rs").iter().filter(|it| shown(it).contains("test")) {
        let text = read(path);
        assert!(!sleep.iter().any(|it| text.contains(it)), "{} sleeps", shown(path));
    }
}

#[test]
fn folders_have_mod_rs() {
    // A folder of sources beside `NAME.rs`. STYLE asks for `NAME/mod.rs`; these are older, and the list only shrinks.
    let older = [
        "crates/builtins/src/transformations/regex",
        "crates/compiler/src/settings",
        "crates/oauth/src/metadata",
        "crates/oauth/src/token",
    ];
    for path in files("rs") {
        let folder = path.parent().unwrap();
        let shown = shown(folder);
        let is_module = shown.contains("/src/") && !shown.ends_with("/bin");
        if is_module && !folder.join("mod.rs").exists() {
            assert!(older.contains(&shown.as_str()), "{shown} has no mod.rs");
        }
    }
}

#[test]
fn every_crate_says_what_it_is_for() {
    for package in packages() {
        let name = package.name();
        let entry = ["src/lib.rs", "src/main.rs"].map(|it| package.folder.join(it)).into_iter().find(|it| it.exists());
        let entry = entry.unwrap_or_else(|| panic!("`{name}` has neither lib.rs nor main.rs"));
        assert!(read(&entry).starts_with("//! "), "{} begins with `//!`", shown(&entry));
        let has = |table: &str, key: &str| {
            package
                .manifest
                .get(table)
                .and_then(|it| it.get(key))
                .and_then(|it| it.get("workspace").or(Some(it)))
                .is_some()
        };
        assert!(has("package", "license") && has("package", "description"), "`{name}`: licence and description");
        assert_eq!(
            package.manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "`{name}`: `[lints] workspace = true`"
        );
    }
}

/// The folders of a registry that are units, each with its page, and the text that lists them.
fn units(folder: &str, not_units: &[&str]) -> Vec<String> {
    let folder = root().join(folder);
    let names: Vec<String> =
        folders(&folder).iter().map(|it| name(it)).filter(|it| !not_units.contains(&it.as_str())).collect();
    assert!(!names.is_empty(), "{} has no folders", folder.display());
    for unit in &names {
        let page = folder.join(unit).join("docs.md");
        assert!(page.exists(), "{} has no docs.md", shown(&folder.join(unit)));
        let text = read(&page);
        assert!(text.contains("```"), "{} has no example", shown(&page));
    }
    names
}

/// The lines between `start` and the next closing brace: one name each.
fn list(path: &str, start: &str) -> Vec<String> {
    let text = read(&root().join(path));
    let (_, rest) = text.split_once(&format!("\n{start} {{\n")).unwrap_or_else(|| panic!("{path}: no `{start}`"));
    let (list, _) = rest.split_once("\n}").expect("an end");
    list.lines().map(|it| it.trim().trim_end_matches(',').to_owned()).filter(|it| !it.is_empty()).collect()
}

#[track_caller]
fn same(units: &[String], listed: &[String]) {
    let once: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "a name is listed twice: {listed:?}");
    let units: BTreeSet<&String> = units.iter().collect();
    assert_eq!(units, once, "the folders, and what the list beside them says");
}

#[test]
fn every_rule_is_listed_and_explained() {
    let units = units("crates/rules/src/rules", &[]);
    let listed = list("crates/rules/src/rules/mod.rs", "rules!");
    assert!(listed.is_sorted(), "alphabetical order keeps merges apart");
    for unit in &units {
        let code = unit.replace('_', "-");
        let module = read(&root().join("crates/rules/src/rules").join(unit).join("mod.rs"));
        assert!(module.contains(&format!("\"{code}\"")), "rule folder {unit} holds rule `{code}`");
    }
    same(&units, &listed);
}

#[test]
fn every_transformation_is_listed_and_explained() {
    let folder = "crates/builtins/src/transformations";
    let units = units(folder, &["regex", "tests"]);
    for unit in &units {
        assert!(root().join(folder).join(unit).join("vectors.toml").exists(), "{unit} has no cases");
    }
    same(&units, &list("crates/builtins/src/transformations/mod.rs", "methods!"));
}

#[test]
fn every_provider_and_grant_is_listed_and_explained() {
    let modules = read(&root().join("crates/builtins/src/providers/mod.rs"));
    for unit in units("crates/builtins/src/providers", &["planned"]) {
        assert!(
            modules
                .lines()
                .any(|it| it.trim_start_matches("pub ").trim_start_matches("pub(crate) ") == format!("mod {unit};")),
            "{unit} is not listed"
        );
    }
    let modules = read(&root().join("crates/oauth/src/grants/mod.rs"));
    for unit in units("crates/oauth/src/grants", &[]) {
        assert!(modules.contains(&format!("mod {unit};")), "{unit} is not listed");
    }
}

#[test]
fn every_dependency_is_argued_for() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let (_, section) = text.split_once("\n## Dependencies\n").expect("a section \"Dependencies\"");
    let section = section.split("\n## ").next().unwrap_or_default();
    let words: BTreeSet<&str> = section.split(|it: char| !(it.is_ascii_alphanumeric() || "-_".contains(it))).collect();
    for package in packages() {
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for used in package.dependencies(table) {
                let known = used.starts_with("wayfarer-") || words.contains(used.as_str());
                assert!(known, "`{used}` of `{}` is not in ARCHITECTURE.md, section Dependencies", package.name());
                let entry = &package.manifest[table][&used];
                assert!(
                    entry.get("workspace").is_some(),
                    "`{used}` of `{}`: the workspace has its version",
                    package.name()
                );
            }
        }
    }
}

#[test]
fn the_licence_is_there() {
    let licence = read(&root().join("LICENSE"));
    assert!(licence.starts_with("MIT License") && licence.contains("Copyright"), "{licence}");
    assert_eq!(manifest(root())["workspace"]["package"]["license"].as_str(), Some("MIT"));
}

#[test]
fn keys_are_never_committed() {
    let ignored = read(&root().join(".gitignore"));
    for pattern in ["fixtures/*/keys/", "/tenants/", "**/keys/B2C_1A_*.json", "*.pfx", "*.pem", "/target"] {
        assert!(ignored.lines().any(|it| it == pattern), ".gitignore lacks `{pattern}`");
    }
    // Only a fixture says its secrets in clear, and says that it is one.
    for path in files("toml").iter().filter(|it| !shown(it).starts_with("crates/")) {
        if read(path).contains("development_secret") {
            let settings = path.parent().and_then(Path::parent).unwrap().join("tenant.toml");
            assert!(read(&settings).contains("fixture = true"), "{} holds a secret in clear", shown(path));
        }
    }
    let key = concat!("PRIVATE", " KEY-----");
    for path in ["rs", "toml", "md", "json", "xml"].into_iter().flat_map(files) {
        assert!(!read(&path).contains(key), "{} holds a private key", shown(&path));
    }
}

/// Linked before it is there; the pages of the rules are to be generated into it. Take it off once it exists.
const AWAITED: [&str; 1] = ["docs/rules"];

#[test]
fn links_between_pages_lead_somewhere() {
    for path in files("md") {
        let text = read(&path);
        for target in text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            let target = target.split(['#', ' ']).next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if elsewhere || !target.chars().all(|it| it.is_ascii_alphanumeric() || "./_-".contains(it)) {
                continue;
            }
            let exists = path.parent().unwrap().join(target).exists();
            assert!(exists || AWAITED.contains(&target), "{}: nothing is at {target}", shown(&path));
        }
    }
}
