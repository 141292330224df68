use crate::staged::Staged;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A folder for what is made of policies, apart from the policies themselves.
#[derive(Debug)]
pub struct OutputFolder {
    given: PathBuf,
    /// Without links, as far as it exists.
    real: PathBuf,
    /// The policies, and the folders that hold them.
    sources: Vec<PathBuf>,
}

/// Why nothing can be written there.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The next run would take what this one writes for policies.
    #[error("`{}` is in the folder of the policies, `{}`", path.display(), sources.display())]
    AmongSources {
        /// The folder, or a file of it.
        path: PathBuf,
        /// The folder or file that would be written to.
        sources: PathBuf,
    },
    /// Two policies have one path below the folders that were given.
    #[error("two policies would be written to `{}`", path.display())]
    Twice {
        /// Where.
        path: PathBuf,
    },
    /// A link leads out of the folder.
    #[error("`{}` is not in the output folder: a link leads elsewhere", path.display())]
    Outside {
        /// The file.
        path: PathBuf,
    },
    /// The system says why.
    #[error("`{}` can't be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl OutputError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::AmongSources { .. } => "choose a folder with `--out` that is not among the policies",
            Self::Twice { .. } => "build one folder at a time, each into a folder of its own",
            Self::Outside { .. } => "remove the link, or choose another folder with `--out`",
            Self::Write { .. } => "make it writable, or choose another folder with `--out`",
        }
    }
}

impl OutputFolder {
    /// The folder at `path`, which need not exist; `sources` are the files and folders that policies were read from.
    ///
    /// # Errors
    /// It is one of those folders, or in one.
    pub fn new(path: &Path, sources: &[PathBuf]) -> Result<Self, OutputError> {
        let real = real(path).map_err(|source| OutputError::Write { path: path.to_owned(), source })?;
        for source in sources.iter().filter_map(|it| fs::canonicalize(it).ok()) {
            let among = if source.is_dir() { real.starts_with(&source) } else { source.parent() == Some(&real) };
            if among {
                let sources = if source.is_dir() { source } else { real };
                return Err(OutputError::AmongSources { path: path.to_owned(), sources });
            }
        }
        let sources = sources.iter().filter_map(|it| fs::canonicalize(it).ok()).collect();
        Ok(Self { given: path.to_owned(), real, sources })
    }

    /// Writes files at their paths below the folder: first all of them beside their places, then each into its place at
    /// once. Hands back their paths, in order.
    ///
    /// # Errors
    /// Nothing was put into its place, unless the system refuses to move a file that it has just written.
    pub fn write(&self, files: &[(&Path, &[u8])]) -> Result<Vec<PathBuf>, OutputError> {
        let places = self.places(files)?;
        let mut staged = Staged::default();
        for ((_, bytes), (given, place)) in files.iter().zip(&places) {
            let failed = |source| OutputError::Write { path: given.clone(), source };
            let folder = place.parent().unwrap_or(&self.real);
            fs::create_dir_all(folder).map_err(failed)?;
            let folder = fs::canonicalize(folder).map_err(failed)?;
            if !folder.starts_with(fs::canonicalize(&self.real).map_err(failed)?) {
                return Err(OutputError::Outside { path: given.clone() });
            }
            staged.add(&folder, bytes).map_err(failed)?;
        }
        for (given, place) in &places {
            staged.put(place).map_err(|source| OutputError::Write { path: given.clone(), source })?;
        }
        Ok(places.into_iter().map(|(given, _)| given).collect())
    }

    /// Where each file goes: as it is shown, and without links as far as that exists.
    fn places(&self, files: &[(&Path, &[u8])]) -> Result<Vec<(PathBuf, PathBuf)>, OutputError> {
        // Some file systems know no case.
        let mut taken: HashMap<String, ()> = HashMap::new();
        let mut places = Vec::with_capacity(files.len());
        for (relative, _) in files {
            let given = self.given.join(relative);
            if taken.insert(relative.to_string_lossy().to_lowercase(), ()).is_some() {
                return Err(OutputError::Twice { path: given });
            }
            let failed = |source| OutputError::Write { path: given.clone(), source };
            let parent = self.real.join(relative);
            let parent = real(parent.parent().unwrap_or(&self.real)).map_err(failed)?;
            if !parent.starts_with(&self.real) {
                return Err(OutputError::Outside { path: given });
            }
            let place = parent.join(relative.file_name().unwrap_or_default());
            let policies = self.sources.iter().find(|it| place.starts_with(it));
            if let Some(policies) = policies {
                return Err(OutputError::AmongSources { path: given, sources: policies.clone() });
            }
            if place.is_dir() {
                return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
            }
            places.push((given, place));
        }
        Ok(places)
    }
}

/// A path without links and dots as far as it exists; what does not exist yet is appended as it is.
fn real(path: &Path) -> io::Result<PathBuf> {
    let mut real = PathBuf::new();
    for part in std::path::absolute(path)?.components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                real.push(part);
                if let Ok(known) = fs::canonicalize(&real) {
                    real = known;
                }
            }
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (policies, out) = (folder.path().join("policies"), folder.path().join("a folder/out"));
        fs::create_dir(&policies).unwrap();
        let output = OutputFolder::new(&out, &[policies]).unwrap();
        output.write(&[(Path::new("b/x.xml"), b"one"), (Path::new("y.xml"), b"two")]).unwrap();
        let written = output.write(&[(Path::new("b/x.xml"), b"three")]).unwrap();
        assert_eq!(written, [out.join("b/x.xml")]);
        assert_eq!((names(&out), names(&out.join("b"))), (vec!["b".into(), "y.xml".into()], vec!["x.xml".into()]));
        assert_eq!(fs::read(out.join("b/x.xml")).unwrap(), b"three");
    }

    #[test]
    fn no_policy_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let policies = folder.path().join("policies");
        fs::create_dir(&policies).unwrap();
        fs::write(policies.join("a.xml"), "x").unwrap();
        let refused = |out: &Path, sources: &Path| {
            matches!(OutputFolder::new(out, &[sources.to_owned()]), Err(OutputError::AmongSources { .. }))
        };
        assert!(refused(&policies, &policies));
        assert!(refused(&policies.join("built/test"), &policies));
        assert!(refused(&policies.join("built/../x/.."), &policies));
        assert!(refused(&policies, &policies.join("a.xml")));
        assert!(!refused(&policies.join("built"), &policies.join("a.xml")), "a folder of its own beside one file");
        assert!(!refused(folder.path(), &policies), "the folder above");
        let above = OutputFolder::new(folder.path(), &[policies]).unwrap();
        let written = above.write(&[(Path::new("policies/a.xml"), b"y")]);
        assert!(matches!(written, Err(OutputError::AmongSources { .. })), "by the way of a folder of the same name");
    }

    #[test]
    fn two_files_in_one_place_are_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let output = OutputFolder::new(&folder.path().join("out"), &[]).unwrap();
        let written = output.write(&[(Path::new("A.xml"), b"1"), (Path::new("a.XML"), b"2")]);
        assert!(matches!(written, Err(OutputError::Twice { .. })));
        assert!(!folder.path().join("out").exists());
        fs::create_dir_all(folder.path().join("out/b.xml")).unwrap();
        assert!(output.write(&[(Path::new("a.xml"), b"1"), (Path::new("b.xml"), b"2")]).is_err(), "a folder is there");
        assert_eq!(names(&folder.path().join("out")), ["b.xml"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_neither_out_nor_to_the_policies() {
        let folder = tempfile::tempdir().unwrap();
        let (out, other) = (folder.path().join("out"), folder.path().join("other"));
        fs::create_dir(&out).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(other.join("kept.xml"), "kept").unwrap();
        std::os::unix::fs::symlink(&other, out.join("link")).unwrap();
        std::os::unix::fs::symlink(other.join("kept.xml"), out.join("file.xml")).unwrap();
        let output = OutputFolder::new(&out, &[]).unwrap();
        let written = output.write(&[(Path::new("link/a.xml"), b"1")]);
        assert!(matches!(written, Err(OutputError::Outside { .. })));
        output.write(&[(Path::new("file.xml"), b"new")]).unwrap();
        assert_eq!(fs::read_to_string(other.join("kept.xml")).unwrap(), "kept", "the link is replaced, not its target");
        assert!(matches!(OutputFolder::new(&out.join("link"), &[other]), Err(OutputError::AmongSources { .. })));
    }
}
