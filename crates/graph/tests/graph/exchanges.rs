//! Exchanges: what a client sends and what it is answered, one file a subject, each run against a folder and against a
//! database. How they are written is told in `exchanges/README.md`.

use std::path::Path;

use crate::runner;

#[test]
fn every_exchange_in_a_folder_and_in_a_database() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchanges");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "toml"));
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    for file in files {
        let script: runner::Script = toml::from_str(&std::fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for place in runner::places(script.tenant.as_deref()) {
            runner::run(&file, &script, &place);
        }
    }
}
