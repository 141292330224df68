use crate::staged::Staged;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why files were not changed.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// Somebody else has changed it meanwhile.
    #[error("`{}` has changed while it was read, so nothing was written", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system says why.
    #[error("`{}` can't be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl RewriteError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "save it in your editor and run the command again",
            Self::Write { .. } => "make the file and its folder writable",
        }
    }
}

/// Changes files from the bytes that they have to others: first all of them beside their places, then each into its place
/// at once. A link stays a link, and permissions stay.
///
/// # Errors
/// Nothing was put into its place, unless the system refuses to move a file that it has just written.
pub fn rewrite(files: &[(&Path, &[u8], &[u8])]) -> Result<(), RewriteError> {
    let mut staged = Staged::default();
    let mut places = Vec::with_capacity(files.len());
    for (path, before, after) in files {
        let failed = |source| RewriteError::Write { path: path.to_path_buf(), source };
        let place = fs::canonicalize(path).map_err(failed)?;
        if fs::read(&place).map_err(failed)? != *before {
            return Err(RewriteError::Changed { path: path.to_path_buf() });
        }
        let permissions = fs::metadata(&place).map_err(failed)?.permissions();
        if permissions.readonly() {
            return Err(failed(io::Error::from(io::ErrorKind::PermissionDenied)));
        }
        staged
            .add(place.parent().unwrap_or(&place), after)
            .and_then(|()| staged.permit(permissions))
            .map_err(failed)?;
        places.push(place);
    }
    for (place, (path, ..)) in places.iter().zip(files) {
        staged.put(place).map_err(|source| RewriteError::Write { path: path.to_path_buf(), source })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_only_as_they_were_read() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.xml"), folder.path().join("b.xml"));
        fs::write(&a, "one").unwrap();
        fs::write(&b, "two").unwrap();
        let stale = rewrite(&[(&a, b"one", b"1"), (&b, b"TWO", b"2")]);
        assert!(matches!(stale, Err(RewriteError::Changed { path }) if path == b));
        assert_eq!(fs::read(&a).unwrap(), b"one", "all or none");
        rewrite(&[(&a, b"one", b"1"), (&b, b"two", b"2")]).unwrap();
        assert_eq!((fs::read(&a).unwrap(), fs::read(&b).unwrap()), (b"1".to_vec(), b"2".to_vec()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (a, link) = (folder.path().join("a.xml"), folder.path().join("link.xml"));
        fs::write(&a, "one").unwrap();
        fs::set_permissions(&a, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&a, &link).unwrap();
        rewrite(&[(&link, b"one", b"1")]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(
            (fs::read(&a).unwrap(), fs::metadata(&a).unwrap().permissions().mode() & 0o777),
            (b"1".to_vec(), 0o640)
        );
        fs::set_permissions(&a, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(rewrite(&[(&link, b"1", b"2")]).is_err(), "what is read-only is meant to stay");
    }
}
