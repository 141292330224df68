//! Fixes, applied until none is left: check, apply, check again on the new texts. Nothing is written.

use crate::Project;
use crate::files::{Entry, FileError, Files, Listing};
use crate::project::load::READ_LIMIT;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_diagnostics::fix::apply;
use wayfarer_diagnostics::{Applicability, Diagnostics, FileId, Sources};
use wayfarer_syntax::{decode, encode, parse};

/// Fixes in one place wait for each other, so it takes as many rounds as there are in the fullest place.
const ROUNDS: usize = 200;

/// A set with its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The set as it is with the fixes.
    pub project: Project,
    /// What is still wrong with it.
    pub found: Diagnostics,
    /// The files that change, by path.
    pub files: Vec<FixedFile>,
    /// Of each fix: the rule's slug, and what it did.
    pub fixes: Vec<(&'static str, String)>,
    /// Files that need fixes and can't be written anew byte for byte.
    pub refused: BTreeSet<PathBuf>,
}

/// A file that changes.
#[derive(Debug)]
pub struct FixedFile {
    /// Its path, as given.
    pub path: PathBuf,
    /// Its text as it is.
    pub before: Arc<str>,
    /// Its text with the fixes.
    pub after: Arc<str>,
    /// Its bytes as they are.
    pub bytes_before: Vec<u8>,
    /// Its bytes with the fixes: encoding, byte-order mark and line ends stay.
    pub bytes_after: Vec<u8>,
}

/// Applies every fix that is at most as risky as `applicability`, also those that show once others are applied. `check`
/// reads a set and says what is wrong with it; a fix of a finding that it leaves out is not applied.
///
/// # Errors
/// Those of `check`.
pub fn fix<E>(
    files: &dyn Files,
    applicability: Applicability,
    check: impl Fn(&dyn Files) -> Result<(Project, Diagnostics), E>,
) -> Result<Fixed, E> {
    let mut draft = Draft { files, changed: BTreeMap::new() };
    let mut fixes = Vec::new();
    let mut refused = BTreeSet::new();
    let (mut project, mut found) = check(&draft)?;
    for _ in 0..ROUNDS {
        let sources = project.sources();
        let mut wanted = found.clone();
        wanted.retain(|it| {
            let spans = it.fix.iter().flat_map(|it| &it.edits);
            !spans.into_iter().any(|it| refused.contains(&path(sources, it.span.file)))
        });
        let applied = apply(&wanted, sources, applicability);
        if applied.texts.is_empty() {
            break;
        }
        let mut changes = Vec::new();
        let mut is_sound = true;
        for (file, text) in applied.texts {
            match draft.change(sources, file, text) {
                Some(change) => changes.push(change),
                // A fix of several files is applied to all of them or to none: this round starts again without this one.
                None => {
                    refused.insert(path(sources, file));
                    is_sound = false;
                }
            }
        }
        if is_sound {
            changes.into_iter().for_each(|it| draft.take(it));
            fixes.extend(applied.fixes);
            (project, found) = check(&draft)?;
        }
    }
    let changed = draft.changed.into_values().filter(|it| it.bytes_before != it.bytes_after);
    Ok(Fixed { project, found, files: changed.collect(), fixes, refused })
}

fn path(sources: &Sources, file: FileId) -> PathBuf {
    PathBuf::from(sources.name(file))
}

/// The files as they are, with those that change as they will be.
struct Draft<'f> {
    files: &'f dyn Files,
    changed: BTreeMap<PathBuf, FixedFile>,
}

impl Draft<'_> {
    /// The file with a new text. `None` where its bytes can't be made of a text, or the text is no longer well-formed.
    fn change(&self, sources: &Sources, file: FileId, text: String) -> Option<FixedFile> {
        let path = path(sources, file);
        let bytes = self.read(&path, READ_LIMIT).ok()?;
        let before = Arc::clone(sources.file(file)?.text());
        let (decoded, _) = decode(file, &bytes);
        let bytes_after = encode(&text, &before, &bytes).filter(|_| decoded == before)?;
        let after: Arc<str> = text.into();
        let (document, _) = parse(file, Arc::clone(&after));
        document.is_well_formed().then_some(FixedFile { path, before, after, bytes_before: bytes, bytes_after })
    }

    fn take(&mut self, change: FixedFile) {
        match self.changed.get_mut(&change.path) {
            Some(known) => {
                known.after = change.after;
                known.bytes_after = change.bytes_after;
            }
            None => drop(self.changed.insert(change.path.clone(), change)),
        }
    }
}

impl Files for Draft<'_> {
    fn entry(&self, path: &Path) -> Option<Entry> {
        self.files.entry(path)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        match self.changed.get(path) {
            Some(changed) => Ok(changed.bytes_after.clone()),
            None => self.files.read(path, limit),
        }
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        self.files.xml_files(folder, below)
    }

    fn is_judged(&self, path: &Path) -> bool {
        self.files.is_judged(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        self.files.canonical(path)
    }
}
