//! What an editor waits for: one file of a set changes, and the rest is in memory. Read the ratio of the two: the set checked
//! anew, and after a change of one file. With `$WAYFARER_CORPUS` the set is the largest of the public starter packs, copied
//! into forty folders; else it is `policies/`. `cargo bench -p wayfarer-compiler --bench change`

#![expect(clippy::disallowed_methods, reason = "a benchmark is the edge: it reads the policies itself")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::{env, fs};
use wayfarer_compiler::{Entry, FileError, Files, Listing, Project, Scope};

/// Files in memory, so that the disk is no part of the measurement.
struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Memory {
    fn read() -> Self {
        let mut memory = Self(BTreeMap::new());
        let pack = env::var_os("WAYFARER_CORPUS")
            .map(|it| PathBuf::from(it).join("starterpack/SocialAndLocalAccountsWithMfa"))
            .filter(|it| it.is_dir());
        match pack {
            Some(pack) => (0..40).for_each(|copy| memory.add(&pack, &format!("set/{copy}"))),
            None => {
                let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
                memory.add(&own.join("client-credentials"), "set/cc");
                memory.add(&own.join("client-credentials-rest"), "set/rest");
            }
        }
        memory
    }

    fn add(&mut self, folder: &Path, name: &str) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|it| it == "xml") {
                let bytes = fs::read(&path).unwrap_or_default();
                self.0.insert(Path::new(name).join(entry.file_name()), bytes);
            }
        }
    }
}

impl Files for Memory {
    fn entry(&self, path: &Path) -> Option<Entry> {
        match self.0.contains_key(path) {
            true => Some(Entry::File),
            false => self.0.keys().any(|it| it.starts_with(path)).then_some(Entry::Folder),
        }
    }

    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, FileError> {
        self.0.get(path).cloned().ok_or_else(|| FileError::Unreadable("not found".to_owned()))
    }

    fn xml_files(&self, folder: &Path, _: bool) -> Listing {
        Listing { files: self.0.keys().filter(|it| it.starts_with(folder)).cloned().collect(), unreadable: Vec::new() }
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}

fn change(criterion: &mut Criterion) {
    let memory = Memory::read();
    let load = || Project::load(&memory, &[PathBuf::from("set")], &[], Scope::All, None).ok();
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    group.bench_function("the whole set", |it| it.iter(|| load().map(|it| black_box(it.check(Scope::All)).len())));
    let Some(mut project) = load() else { return };
    project.check(Scope::All);
    // The root of one chain, on which all its policies hang, and a leaf.
    for (what, is_root) in [("after a change of a root", true), ("after a change of a leaf", false)] {
        let mut files = project.files().iter().map(|it| (project.sources().name(it.file).to_owned(), it.file));
        let meant = |path: &str| match is_root {
            true => path.contains("TrustFrameworkBase"),
            false => !path.contains("TrustFramework"),
        };
        let Some((path, file)) = files.find(|(path, _)| meant(path)) else { continue };
        let bytes = memory.0.get(Path::new(&path)).cloned().unwrap_or_default();
        group.bench_function(what, |it| {
            it.iter(|| {
                project.change(file, &bytes, None);
                black_box(project.check(Scope::All)).len()
            });
        });
    }
}

criterion_group!(benches, change);
criterion_main!(benches);
