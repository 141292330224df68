//! Reading whole small files and writing them so that a reader sees the old one or the new one, never half of one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::{Zeroize, Zeroizing};

use crate::documents::{LIMIT, StoreError, Text};

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As the user's settings (umask) have it.
    Shared,
    /// The owner only: mode 0600 where there are modes.
    Owner,
}

/// Whether there is nothing at a path: also where a folder on the way is a file. Writing there will then say what to do.
pub(crate) fn is_absence(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The text of a file, byte for byte. It is overwritten when dropped, since it may be a key.
pub(crate) fn read_text(path: &Path) -> Result<Text, StoreError> {
    let bytes = read(path)?;
    String::from_utf8(bytes).map(Zeroizing::new).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        error.into_bytes().zeroize();
        StoreError::NotUtf8 { path: path.to_owned(), offset }
    })
}

/// The text without its byte-order mark.
pub(crate) fn without_mark(mut text: Text) -> Text {
    const MARK: char = '\u{feff}';
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    text
}

fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    let error = |source| StoreError::Read { path: path.to_owned(), source };
    // A pipe or a device would make the read wait for ever.
    if !fs::metadata(path).map_err(error)?.is_file() {
        return Err(error(io::Error::other("not a plain file")));
    }
    // In one piece: a buffer that grows leaves copies of keys behind.
    let length = fs::metadata(path).map_err(error)?.len().min(LIMIT);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes)).map_err(error)?;
    if bytes.len() as u64 > LIMIT {
        return Err(StoreError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

/// Replaces `path`, or creates it: a temporary file in the same folder, then a rename.
pub(crate) fn replace(path: &Path, text: &str, access: Access) -> Result<(), StoreError> {
    let temporary = write_temporary(path, text, access)?;
    fs::rename(&temporary, path).map_err(|source| {
        let _ = fs::remove_file(&temporary);
        StoreError::Write { path: path.to_owned(), source }
    })
}

/// Creates `path` with all its text at once, unless it is there. Returns whether this call created it: of several
/// that race, exactly one does.
pub(crate) fn create(path: &Path, text: &str, access: Access) -> Result<bool, StoreError> {
    let temporary = write_temporary(path, text, access)?;
    publish(&temporary, path)
}

/// Gives a finished file its name, unless there is a file of that name. Returns whether it did: of several that race,
/// exactly one does. The temporary name is gone afterwards.
pub(crate) fn publish(temporary: &Path, path: &Path) -> Result<bool, StoreError> {
    let created = match fs::hard_link(temporary, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // No hard links here (FAT, some shares): one at a time, so that looking and renaming are one step.
        Err(_) => rename_if_absent(temporary, path),
    };
    let _ = fs::remove_file(temporary);
    created.map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

fn rename_if_absent(temporary: &Path, path: &Path) -> io::Result<bool> {
    let _lock = lock_file(&path.with_file_name(".create.lock"))?;
    if path.try_exists()? {
        return Ok(false);
    }
    fs::rename(temporary, path).map(|()| true)
}

/// Creates a folder for secrets: not readable by others, and ignored by git.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    create_parent(path)?;
    let mut builder = DirBuilder::new();
    // Several may make it at once.
    builder.recursive(true);
    limit_folder_access(&mut builder);
    builder.create(path).map_err(|source| StoreError::Write { path: path.to_owned(), source })?;
    create(&path.join(".gitignore"), "# Secrets: never committed.\n*\n", Access::Shared).map(|_| ())
}

/// Creates the folder that a file is to lie in.
pub(crate) fn create_parent(path: &Path) -> Result<(), StoreError> {
    let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty()) else { return Ok(()) };
    fs::create_dir_all(parent).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

/// Waits until no other edit of the folder runs; the lock ends when the returned file is dropped.
pub(crate) fn lock(path: &Path) -> Result<File, StoreError> {
    lock_file(path).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

/// Makes an empty file beside `path`, for what is to become it, that only its owner may read.
pub(crate) fn create_temporary(path: &Path) -> Result<PathBuf, StoreError> {
    write_temporary(path, "", Access::Owner)
}

fn lock_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.lock() {
        // A file system without locks: the edit goes on, as it would with any editor.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        locked => locked.map(|()| file),
    }
}

fn write_temporary(path: &Path, text: &str, access: Access) -> Result<PathBuf, StoreError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unique = format!(".{name}.{}.{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let temporary = path.with_file_name(unique);
    write_new(&temporary, text, access).map_err(|source| {
        let _ = fs::remove_file(&temporary);
        StoreError::Write { path: path.to_owned(), source }
    })?;
    Ok(temporary)
}

fn write_new(path: &Path, text: &str, access: Access) -> io::Result<()> {
    let _ = fs::remove_file(path); // left by a process that had the same id and died
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    limit_access(&mut options, access);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn limit_access(options: &mut OpenOptions, access: Access) {
    use std::os::unix::fs::OpenOptionsExt;
    if access == Access::Owner {
        options.mode(0o600);
    }
}

#[cfg(not(unix))]
fn limit_access(_: &mut OpenOptions, _: Access) {}

#[cfg(unix)]
fn limit_folder_access(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(0o700);
}

#[cfg(not(unix))]
fn limit_folder_access(_: &mut DirBuilder) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_writer_wins_with_and_without_hard_links() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert!(create(&path, "first", Access::Shared).unwrap());
        assert!(!create(&path, "second", Access::Shared).unwrap());
        let (temporary, other) = (folder.path().join("temporary"), folder.path().join("other"));
        fs::write(&temporary, "third").unwrap();
        assert!(!rename_if_absent(&temporary, &path).unwrap());
        assert!(rename_if_absent(&temporary, &other).unwrap());
        assert_eq!((read_text(&path).unwrap().as_str(), read_text(&other).unwrap().as_str()), ("first", "third"));
        assert!(!publish(&other, &path).unwrap() && !other.exists());
    }

    #[test]
    fn what_is_no_file_of_a_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"ab\xff").unwrap();
        assert!(matches!(read_text(&path), Err(StoreError::NotUtf8 { offset: 2, .. })));
        File::create(&path).unwrap().set_len(LIMIT + 1).unwrap();
        assert!(matches!(read_text(&path), Err(StoreError::TooLarge { .. })));
        assert!(matches!(read_text(folder.path()), Err(StoreError::Read { .. })));
    }
}
