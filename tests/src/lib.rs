//! Tests of the whole workspace live in `tests/`; this library reads the repository for them.
//! End-to-end tests through the binary are in `crates/cli/tests`.

#![expect(clippy::panic, reason = "only tests use this: a file that can't be read fails the test that wants it")]

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The text of a file of the repository.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is in a folder, sorted; nothing when there is no such folder.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    paths.sort();
    paths
}

/// The folders in a folder.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|it| it.is_dir()).collect()
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Every file of the repository with that extension: not what is built, hidden, or a tenant's keys.
pub fn files(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![root().to_owned()];
    while let Some(folder) = todo.pop() {
        for path in entries(&folder) {
            let name = name(&path);
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "keys" {
                    todo.push(path);
                }
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as it reads from the root.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// A package of the workspace.
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// Its `Cargo.toml`.
    pub manifest: toml::Table,
}

impl Package {
    /// Its name without `wayfarer-`.
    pub fn name(&self) -> String {
        let name = self.manifest["package"]["name"].as_str().unwrap_or_default();
        name.strip_prefix("wayfarer-").unwrap_or(name).to_owned()
    }

    /// The names in one of its tables of dependencies, sorted.
    pub fn dependencies(&self, table: &str) -> Vec<String> {
        let table = self.manifest.get(table).and_then(toml::Value::as_table);
        let mut names: Vec<String> = table.into_iter().flat_map(|it| it.keys().cloned()).collect();
        names.sort();
        names
    }
}

/// All packages of the workspace.
pub fn packages() -> Vec<Package> {
    let folders = folders(&root().join("crates")).into_iter().chain([root().join("tests")]);
    folders.map(|folder| Package { manifest: manifest(&folder), folder }).collect()
}

/// The `Cargo.toml` of a folder.
pub fn manifest(folder: &Path) -> toml::Table {
    let path = folder.join("Cargo.toml");
    read(&path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
