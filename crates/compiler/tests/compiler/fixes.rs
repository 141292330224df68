//! The cases of the fixes: `fixes.toml` beside each rule that has one. A case is a file before and after, or several that
//! derive from one another; what is no whole policy stands in one. Only findings of the rule are fixed, and none of its
//! fixes is left.

#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test is the edge: it reads the cases itself")]

use crate::memory::{Memory, policy};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use wayfarer_compiler::{Files, Fixed, Project, Scope, fix};
use wayfarer_diagnostics::Applicability;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    before: Option<String>,
    /// As before, when it is absent.
    after: Option<String>,
    #[serde(default)]
    files: Vec<Pair>,
    /// The risk that is taken: with `safe` (the default) a risky fix changes nothing.
    #[serde(default)]
    r#unsafe: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    before: String,
    after: Option<String>,
    /// The base of this file, by its place in the list; the file before when it is absent.
    base: Option<usize>,
}

/// The files of a case, named `0.xml`, `1.xml` …, before and after.
fn files(case: &Case) -> Vec<(String, String, String)> {
    let single = case.before.iter().map(|it| (it, &case.after, None));
    let several = case.files.iter().map(|it| (&it.before, &it.after, it.base));
    let whole = |nth: usize, base: Option<usize>, text: &str| {
        if text.starts_with("<?xml") || text.starts_with("<TrustFramework") {
            return text.to_owned();
        }
        let base = base.or(nth.checked_sub(1)).map(|it| format!("B2C_1A_{it}"));
        policy(&format!("B2C_1A_{nth}"), base.as_deref(), text)
    };
    let file = |(nth, (before, after, base)): (usize, (&String, &Option<String>, Option<usize>))| {
        (format!("{nth}.xml"), whole(nth, base, before), whole(nth, base, after.as_ref().unwrap_or(before)))
    };
    single.chain(several).enumerate().map(file).collect()
}

/// What the fixes of one rule make of a set.
fn fixed(files: &Memory, code: &str, applicability: Applicability) -> Fixed {
    let check = |files: &dyn Files| -> Result<_, Infallible> {
        let project = Project::load(files, &[PathBuf::from(".")], &[], Scope::All, None).expect("a set");
        let mut found = project.check(Scope::All);
        found.retain(|it| it.code == code);
        Ok((project, found))
    };
    fix(files, applicability, check).unwrap()
}

fn check(case: &Case, code: &str, place: &str) {
    let applicability = if case.r#unsafe { Applicability::Unsafe } else { Applicability::Safe };
    let files = files(case);
    let before = Memory::of(files.iter().map(|(path, before, _)| (path.as_str(), before.clone())));
    let fixed = fixed(&before, code, applicability);
    let mut texts: BTreeMap<&str, &str> =
        files.iter().map(|(path, before, _)| (path.as_str(), before.as_str())).collect();
    for it in &fixed.files {
        assert_eq!(it.bytes_after, it.after.as_bytes(), "{place}");
        texts.insert(it.path.to_str().unwrap_or_default(), &it.after);
    }
    for (path, _, after) in &files {
        assert_eq!(texts[path.as_str()], after, "{place}, {path}");
    }
    let left = fixed.found.iter().filter(|it| it.fix.as_ref().is_some_and(|it| it.applicability <= applicability));
    assert_eq!(left.count(), 0, "{place}: fixes are left");
}

#[test]
fn the_fixes_beside_the_rules() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/src/rules");
    let mut judged = 0;
    for rule in wayfarer_rules::all() {
        let path = rules.join(rule.code.replace('-', "_")).join("fixes.toml");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let cases: Cases = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &cases.case {
            check(case, rule.code, &format!("{}: {}", rule.code, case.name));
            judged += 1;
        }
    }
    assert!(judged >= 40, "{judged} cases");
}
