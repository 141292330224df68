//! What lies in a tenant folder and is no document of a tenant.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::documents::{StoreError, is_document, is_name};
use crate::files::is_absence;
use crate::tenant::STATE_FILE;

use super::AS_FILES;

/// What this crate puts into a tenant folder besides documents.
const OWN: [&str; 3] = [".gitignore", ".edit.lock", ".create.lock"];

/// Paths in `root` that are no documents, sorted. Of a folder of strangers only the folder is told.
pub(super) fn of(root: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut strangers = Vec::new();
    for path in entries(root)? {
        let name = path.file_name().unwrap_or_default();
        if AS_FILES.iter().any(|it| *it == name) && path.is_dir() {
            let inside = entries(&path)?.into_iter();
            strangers.extend(inside.filter(|it| !is_own(name, it) && !is_known(&path_of(name, it), it)));
        } else if !is_state(name) && !is_known(&name.to_string_lossy(), &path) {
            strangers.push(path);
        }
    }
    Ok(strangers)
}

fn path_of(folder: &OsStr, path: &Path) -> String {
    format!("{}/{}", folder.to_string_lossy(), path.file_name().unwrap_or_default().to_string_lossy())
}

fn is_known(name: &str, path: &Path) -> bool {
    is_name(name) && is_document(name) && path.is_file()
}

/// Locks and temporary files in both folders; what keeps git away only where we put it.
fn is_own(folder: &OsStr, path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = name.starts_with('.') && name.ends_with(".tmp");
    temporary || OWN.iter().any(|it| *it == name && (*it != ".gitignore" || folder == "keys"))
}

/// The state, with what SQLite has beside it.
fn is_state(name: &OsStr) -> bool {
    name.to_string_lossy().strip_prefix(STATE_FILE).is_some_and(|rest| ["", "-wal", "-shm"].contains(&rest))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unreadable = |source| StoreError::Read { path: folder.to_owned(), source };
    let found = match fs::read_dir(folder) {
        Err(error) if is_absence(error.kind()) => return Ok(Vec::new()),
        found => found.map_err(unreadable)?,
    };
    let mut paths = Vec::new();
    for entry in found {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}
