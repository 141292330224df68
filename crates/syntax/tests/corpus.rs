//! Public policies under `$WAYFARER_CORPUS` (not in the repository): each is read, also cut off anywhere.

#![expect(clippy::disallowed_methods, reason = "a test is the edge: it reads the corpus itself")]

use std::path::PathBuf;
use std::{env, fs};

use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_syntax::grammar::{check_schema, declaration};
use wayfarer_syntax::{Document, decode, parse};

fn read(bytes: &[u8]) -> (Document, Diagnostics) {
    let file = Sources::default().add("a.xml", "");
    let (text, mut diagnostics) = decode(file, bytes);
    let (document, found) = parse(file, text);
    diagnostics.extend(found);
    check_schema(&document, &mut diagnostics);
    (document, diagnostics)
}

fn corpus() -> Vec<Vec<u8>> {
    let mut folders: Vec<PathBuf> = env::var_os("WAYFARER_CORPUS").map(PathBuf::from).into_iter().collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "xml") {
                files.extend(fs::read(&path));
            }
        }
    }
    files.sort_by_key(Vec::len);
    files
}

#[test]
fn in_a_sound_policy_the_table_knows_every_element() {
    let mut sound = 0;
    let files = corpus();
    for bytes in &files {
        let (document, diagnostics) = read(bytes);
        if !diagnostics.has_errors() {
            sound += 1;
            assert!(document.elements().all(|it| declaration(it).is_some()));
        }
    }
    assert!(sound * 10 >= files.len() * 8, "{sound} of {} are sound", files.len());
}

#[test]
fn a_policy_may_end_anywhere() {
    for bytes in corpus().iter().take(20) {
        let whole = bytes.trim_ascii_end();
        for end in 0..whole.len() {
            let (_, diagnostics) = read(bytes.get(..end).expect("a prefix"));
            assert!(diagnostics.has_errors(), "a policy cut off at {end} is malformed");
        }
    }
}
