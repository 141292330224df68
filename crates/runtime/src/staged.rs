use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Files that are written and not yet in their places; those that never get there are removed.
#[derive(Default)]
pub(crate) struct Staged(Vec<PathBuf>);

impl Staged {
    /// Writes a file beside its place.
    pub(crate) fn add(&mut self, folder: &Path, bytes: &[u8]) -> io::Result<()> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!(".wayfarer-{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = folder.join(name);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
        self.0.push(path);
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Gives the last one the permissions of the file that it replaces.
    pub(crate) fn permit(&self, permissions: fs::Permissions) -> io::Result<()> {
        self.0.last().map_or(Ok(()), |it| fs::set_permissions(it, permissions))
    }

    /// Moves the first of them.
    pub(crate) fn put(&mut self, place: &Path) -> io::Result<()> {
        let Some(first) = self.0.first() else { return Ok(()) };
        fs::rename(first, place)?;
        self.0.remove(0);
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}
