//! One to three files in a folder, checked as `wayfarer check` does, once as a folder and once a file with the others
//! beside it; then whatever runs is lowered to a plan.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wayfarer_compiler::{Entry, FileError, Files, Flow, Listing, Project, Scope, TenantIdentity};
use wayfarer_diagnostics::{Diagnostics, Sources, render};
use wayfarer_fuzz::{assert_span, documents, mutate};

fuzz_target!(|data: &[u8]| {
    let files = InMemory { files: documents(data).zip(0..).map(|(it, n)| (path(n), it.to_vec())).collect() };
    let whole = check(&files, Path::new(FOLDER), Scope::All);
    for (file, _) in &files.files {
        check(&files, file, Scope::All);
    }
    check(&files, Path::new(FOLDER), Scope::SchemaOnly);
    let tenant = TenantIdentity { name: "contoso.onmicrosoft.com".to_owned(), object_id: "0".to_owned() };
    for file in whole.files() {
        for flow in [Flow::ClientCredentials, Flow::Default] {
            if let Err(found) = whole.plan(file, flow, &tenant, &BTreeMap::new()) {
                assert!(!found.is_empty(), "no plan, and no reason");
                assert_rendered(&found, whole.sources());
            }
        }
        let _ = (whole.token_issuer(file).is_ok(), whole.token_claims(file).len());
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate(data, size, max_size, seed) });

const FOLDER: &str = "set";

fn path(number: usize) -> PathBuf {
    Path::new(FOLDER).join(format!("{number}.xml"))
}

fn check(files: &InMemory, path: &Path, scope: Scope) -> Project {
    let project = Project::load(files, &[path.to_owned()], &[], scope, None).unwrap_or_else(|it| panic!("{it}"));
    assert_rendered(&project.check(scope), project.sources());
    for file in project.files() {
        let _ = project.check_chain(file);
    }
    project
}

/// Every finding stands in its file, and every format can say it.
fn assert_rendered(found: &Diagnostics, sources: &Sources) {
    for it in found.iter() {
        for label in std::iter::once(&it.primary).chain(&it.related) {
            assert_span(sources.file(label.span.file).map_or("", |it| it.text()), label.span);
        }
    }
    let lines = render::concise(found, sources);
    assert_eq!(lines.lines().count(), found.len(), "one line a finding:\n{lines}");
    let _ = (render::json(found, sources), render::github(found, sources));
}

struct InMemory {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Files for InMemory {
    fn entry(&self, path: &Path) -> Option<Entry> {
        match path == Path::new(FOLDER) {
            true => Some(Entry::Folder),
            false => self.files.iter().any(|(it, _)| it == path).then_some(Entry::File),
        }
    }

    fn read(&self, path: &Path, _limit: u64) -> Result<Vec<u8>, FileError> {
        let file = self.files.iter().find(|(it, _)| it == path);
        file.map(|(_, bytes)| bytes.clone()).ok_or_else(|| FileError::Unreadable("not there".to_owned()))
    }

    fn xml_files(&self, _folder: &Path, _below: bool) -> Listing {
        Listing { files: self.files.iter().map(|(it, _)| it.clone()).collect(), unreadable: Vec::new() }
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}
