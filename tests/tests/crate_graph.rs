//! Every edge between our crates is written down here: a new one is a decision, made in this file and in ARCHITECTURE.md.

#![cfg(test)]

use std::collections::BTreeSet;
use wayfarer_tests::{packages, read, root};

/// Who may use whom. `cli` may use everything, and nobody may use `cli`.
const EDGES: &[(&str, &[&str])] = &[
    ("builtins", &[]),
    ("diagnostics", &[]),
    ("store", &[]),
    ("syntax", &["diagnostics"]),
    ("model", &["builtins", "diagnostics", "syntax"]),
    ("flow", &["builtins", "diagnostics", "model"]),
    ("rules", &["builtins", "diagnostics", "flow", "model"]),
    ("engine", &["builtins", "diagnostics"]),
    ("compiler", &["builtins", "diagnostics", "engine", "model", "rules", "syntax"]),
    // `syntax` (and `diagnostics`, whose ids it takes) for the root of an uploaded policy: its `PolicyId`, which must be that
    // of the URL, and its `PublicPolicyUri`, which is filled in.
    ("graph", &["diagnostics", "store", "syntax"]),
    ("oauth", &["store"]),
    // `compiler` for its `Files`, which `Disk` implements; `diagnostics` for the spans of a trace.
    ("runtime", &["builtins", "compiler", "diagnostics", "engine", "oauth", "store"]),
    // `compiler` for policies that change while they are served; `syntax` for the encodings of uploaded ones.
    ("server", &["builtins", "compiler", "diagnostics", "engine", "graph", "oauth", "runtime", "store", "syntax"]),
    (
        "cli",
        &[
            "builtins",
            "compiler",
            "diagnostics",
            "engine",
            "flow",
            "model",
            "oauth",
            "rules",
            "runtime",
            "server",
            "store",
            "syntax",
        ],
    ),
    ("tests", &[]),
];

/// What only the tests of a crate use, beyond its own edges.
const EDGES_OF_TESTS: &[(&str, &[&str])] = &[
    ("flow", &["syntax"]),
    ("rules", &["syntax"]),
    ("tests", &["compiler", "diagnostics", "rules", "runtime", "syntax"]),
];

/// Crates of others that exactly one of ours may use (or these): the invariant that ARCHITECTURE.md tells.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("axum", &["server"]),
    ("clap", &["cli"]),
    ("encoding_rs", &["syntax"]),
    ("fancy-regex", &["builtins"]),
    ("hyper", &["server"]),
    ("jsonwebtoken", &["oauth"]),
    ("miette", &["diagnostics"]),
    ("petgraph", &["model"]),
    // Policies are read in `syntax`; `builtins` reads the XML that XmlStringToJsonString is given.
    ("quick-xml", &["builtins", "syntax"]),
    ("rcgen", &["runtime"]),
    ("reqwest", &["runtime"]),
    ("rusqlite", &["store"]),
];

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

fn ours(names: Vec<String>) -> BTreeSet<String> {
    names.into_iter().filter_map(|it| it.strip_prefix("wayfarer-").map(str::to_owned)).collect()
}

fn listed(table: &[(&str, &[&str])], name: &str) -> Option<BTreeSet<String>> {
    table.iter().find(|(it, _)| *it == name).map(|(_, edges)| edges.iter().map(|it| (*it).to_owned()).collect())
}

#[test]
fn no_crate_uses_another_without_a_decision() {
    let packages = packages();
    for package in &packages {
        let name = package.name();
        let allowed = listed(EDGES, &name).unwrap_or_else(|| panic!("crate `{name}` is new: give it its edges here"));
        for edge in ours(package.dependencies("dependencies")) {
            assert!(
                allowed.contains(&edge),
                "`{name}` → `{edge}` is a new edge: decide it here and in ARCHITECTURE.md"
            );
        }
        let of_tests = listed(EDGES_OF_TESTS, &name).unwrap_or_default();
        for edge in ours(package.dependencies("dev-dependencies")) {
            assert!(
                allowed.contains(&edge) || of_tests.contains(&edge),
                "the tests of `{name}` → `{edge}` is a new edge"
            );
        }
        assert!(ours(package.dependencies("build-dependencies")).is_empty(), "`{name}` has a build script's edge");
        for table in ["target", "features"] {
            assert!(!package.manifest.contains_key(table), "`{name}`: `[{table}]` could hide an edge from this test");
        }
    }
    let names: Vec<String> = packages.iter().map(|it| it.name()).collect();
    for (name, _) in EDGES {
        assert!(names.iter().any(|it| it == name), "there is no crate `{name}`: take it off the list");
    }
}

#[test]
fn the_edges_lead_one_way() {
    // Each round takes away the crates that use none of the rest; a circle would never go away.
    let mut left: Vec<_> = EDGES.to_vec();
    while !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
        let before = left.len();
        left.retain(|(_, edges)| edges.iter().any(|it| names.contains(it)));
        assert!(left.len() < before, "a circle among {names:?}");
    }
}

#[test]
fn what_one_crate_wraps_no_other_uses() {
    for package in packages() {
        let name = package.name();
        for used in TABLES.iter().flat_map(|it| package.dependencies(it)) {
            if let Some(keepers) = listed(KEPT_TO, &used) {
                assert!(keepers.contains(&name), "`{name}` uses `{used}`, which is {keepers:?}'s alone");
            }
        }
    }
}

#[test]
fn only_the_edge_may_touch_files_clocks_sockets_and_chance() {
    // A clippy.toml of its own lifts the bans of the root's.
    let lifted: Vec<String> =
        packages().iter().filter(|it| it.folder.join("clippy.toml").exists()).map(|it| it.name()).collect();
    assert_eq!(lifted, ["cli", "runtime", "server", "store", "tests"]);
    let bans = read(&root().join("clippy.toml"));
    for banned in ["SystemTime::now", "Timestamp::now", "fs::read", "fs::File::open", "env::var", "TcpStream::connect"]
    {
        assert!(bans.contains(banned), "`{banned}` is banned in clippy.toml no more");
    }
}

#[test]
fn every_crate_is_in_the_map() {
    let map = read(&root().join("ARCHITECTURE.md"));
    for package in packages().iter().filter(|it| it.name() != "tests") {
        assert!(
            map.contains(&format!("| `{}` |", package.name())),
            "ARCHITECTURE.md has no row for `{}`",
            package.name()
        );
    }
}
