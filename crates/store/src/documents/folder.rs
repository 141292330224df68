use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{Change, Documents, Reader, Revision, StoreError, Text, is_name};
use crate::files::{self, Access, is_absence};

/// The folder of a tenant in which its secrets lie.
const PRIVATE: &str = "keys";

/// Documents as files, which people read and edit.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The documents in `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        if is_name(name) {
            return Ok(name.split('/').fold(self.root.clone(), |path, part| path.join(part)));
        }
        Err(StoreError::Name { name: name.chars().take(140).collect() })
    }
}

impl Reader for Folder {
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError> {
        match files::read_text(&self.path(name)?) {
            Ok(text) => Ok(Some(text)),
            Err(StoreError::Read { source, .. }) if is_absence(source.kind()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let path = self.path(folder)?;
        let unreadable = |source| StoreError::Read { path: path.clone(), source };
        let entries = match fs::read_dir(&path) {
            Err(error) if is_absence(error.kind()) => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_str().map(|it| format!("{folder}/{it}")).filter(|it| is_name(it));
            names.extend(name.filter(|_| !entry.path().is_dir()));
        }
        names.sort();
        Ok(names)
    }
}

impl Documents for Folder {
    fn change(&self) -> Result<Box<dyn Change + '_>, StoreError> {
        let private = self.root.join(PRIVATE);
        files::create_private_folder(&private)?;
        let lock = files::lock(&private.join(".edit.lock"))?;
        Ok(Box::new(FolderChange { folder: self, _lock: lock }))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.path(name).unwrap_or_else(|_| self.root.clone())
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        let mut hasher = DefaultHasher::new();
        for file in ["tenant.toml", "baseline.toml"] {
            stamp(&self.root.join(file), &mut hasher);
        }
        for folder in ["apps", PRIVATE] {
            for name in self.list(folder)? {
                name.hash(&mut hasher);
                stamp(&self.path(&name)?, &mut hasher);
            }
        }
        Ok(Revision(hasher.finish()))
    }
}

/// A file that is replaced has another time or length. One that vanished has none.
fn stamp(path: &Path, hasher: &mut DefaultHasher) {
    let metadata = fs::metadata(path).ok();
    metadata.as_ref().map(fs::Metadata::len).hash(hasher);
    metadata.and_then(|it| it.modified().ok()).hash(hasher);
}

struct FolderChange<'a> {
    folder: &'a Folder,
    /// Nobody else changes the folder until this is dropped.
    _lock: File,
}

impl FolderChange<'_> {
    /// Where a document is written, its folder made, and who may read it.
    fn writable(&self, name: &str) -> Result<(PathBuf, Access), StoreError> {
        let path = self.folder.path(name)?;
        files::create_parent(&path)?;
        let access = if name.split('/').next() == Some(PRIVATE) { Access::Owner } else { Access::Shared };
        Ok((path, access))
    }
}

impl Reader for FolderChange<'_> {
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError> {
        self.folder.read_as_written(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        self.folder.list(folder)
    }
}

impl Change for FolderChange<'_> {
    fn create(&mut self, name: &str, text: &str) -> Result<bool, StoreError> {
        let (path, access) = self.writable(name)?;
        files::create(&path, text, access)
    }

    fn replace(&mut self, name: &str, text: &str) -> Result<(), StoreError> {
        let (path, access) = self.writable(name)?;
        files::replace(&path, text, access)
    }

    fn remove(&mut self, name: &str) -> Result<bool, StoreError> {
        let path = self.folder.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if is_absence(error.kind()) => Ok(false),
            Err(source) => Err(StoreError::Write { path, source }),
        }
    }

    fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}
