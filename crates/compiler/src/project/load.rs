use super::{Base, LoadError, PolicyFile, Project, Scope};
use crate::files::{Entry, FileError, Files};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use wayfarer_diagnostics::{Diagnostics, FileId, Severity, Sources, Span};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{Document, decode, parse};

/// Larger files are not read at all.
const READ_LIMIT: u64 = 16 * 1024 * 1024;

/// The service's limit for one policy.
const UPLOAD_LIMIT: usize = 1024 * 1024;

pub(super) fn read(
    files: &dyn Files,
    paths: &[PathBuf],
    bases: &[PathBuf],
    scope: Scope,
) -> Result<Project, LoadError> {
    let mut reader = Reader {
        files,
        scope,
        seen: HashSet::new(),
        project: Project { sources: Sources::default(), files: Vec::new(), diagnostics: Diagnostics::default() },
    };
    paths.iter().try_for_each(|it| reader.path(it))?;
    if scope == Scope::All {
        paths.iter().for_each(|it| reader.siblings(it));
        bases.iter().try_for_each(|it| reader.base_folder(it))?;
    }
    Ok(reader.project)
}

struct Reader<'a> {
    files: &'a dyn Files,
    scope: Scope,
    seen: HashSet<PathBuf>,
    project: Project,
}

/// Whether findings in a file are reported.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Reported,
    LookedUp,
}

impl Reader<'_> {
    /// A path of the command line: what can't be read there is the user's mistake, not a finding.
    fn path(&mut self, path: &Path) -> Result<(), LoadError> {
        match self.files.entry(path) {
            None => Err(LoadError::NotFound(path.to_owned())),
            Some(Entry::Folder) => self.folder(path, Use::Reported),
            Some(Entry::File) => match self.file(path, parent(path), Use::Reported) {
                Err(FileError::Unreadable(reason)) => Err(LoadError::Unreadable { path: path.to_owned(), reason }),
                _ => Ok(()),
            },
        }
    }

    fn base_folder(&mut self, path: &Path) -> Result<(), LoadError> {
        match self.files.entry(path) {
            None => Err(LoadError::NotFound(path.to_owned())),
            Some(Entry::Folder) => self.folder(path, Use::LookedUp),
            Some(Entry::File) => {
                let _ = self.file(path, parent(path), Use::LookedUp);
                Ok(())
            }
        }
    }

    /// Beside a single file that was named: its base is looked for in its own folder.
    fn siblings(&mut self, path: &Path) {
        if self.files.entry(path) != Some(Entry::File) {
            return;
        }
        for file in self.files.xml_files(parent(path), false).files {
            let _ = self.file(&file, parent(path), Use::LookedUp);
        }
    }

    fn folder(&mut self, folder: &Path, purpose: Use) -> Result<(), LoadError> {
        let listing = self.files.xml_files(folder, true);
        if listing.files.is_empty() && listing.unreadable.is_empty() {
            return Err(LoadError::Empty(folder.to_owned()));
        }
        for (path, reason) in listing.unreadable {
            self.unreadable(&path, &reason, purpose);
        }
        for path in listing.files {
            if let Err(FileError::Unreadable(reason)) = self.file(&path, folder, purpose) {
                self.unreadable(&path, &reason, purpose);
            }
        }
        Ok(())
    }

    fn unreadable(&mut self, path: &Path, reason: &str, purpose: Use) {
        let file = self.project.sources.add(path.display().to_string(), "");
        if purpose == Use::Reported {
            let message = format!("`{}` can't be read: {reason}", path.display());
            self.report(
                "unreadable-file",
                Severity::Error,
                file,
                message,
                "make it readable, or take it out of the folder",
            );
        }
    }

    fn report(&mut self, code: &'static str, severity: Severity, file: FileId, message: String, help: &str) {
        self.project.diagnostics.report(code, severity, Span::file_start(file), message).help(help);
    }

    fn file(&mut self, path: &Path, root: &Path, purpose: Use) -> Result<(), FileError> {
        let canonical = self.files.canonical(path);
        if !self.seen.insert(canonical.clone()) {
            return Ok(());
        }
        let bytes = match self.files.read(path, READ_LIMIT) {
            Ok(bytes) => bytes,
            Err(FileError::TooLarge { size, .. }) => {
                self.too_large(path, size, purpose);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let file = self.project.sources.add(path.display().to_string(), "");
        if bytes.len() > UPLOAD_LIMIT && purpose == Use::Reported && self.scope == Scope::All {
            let message = format!("the file has {} bytes; the service takes up to 1024 KB", bytes.len());
            self.report(
                "policy-too-big",
                Severity::Error,
                file,
                message,
                "move parts into a policy of its own in the chain",
            );
        }
        let (text, mut found) = decode(file, &bytes);
        self.project.sources.set_text(file, Arc::clone(&text));
        let (document, malformed) = parse(file, text);
        found.extend(malformed);
        if self.scope == Scope::All && self.is_no_policy(&document, purpose) {
            return Ok(());
        }
        if purpose == Use::Reported {
            check_schema(&document, &mut found);
            label(&mut found, &document);
            self.project.diagnostics.extend(found);
        }
        let folder = canonical.parent().map(Path::to_owned).unwrap_or_default();
        let root = self.files.canonical(root);
        let (document, reported) = (Arc::new(document), purpose == Use::Reported);
        let base = Base::None;
        self.project.files.push(PolicyFile {
            file,
            document,
            reported,
            folder,
            root,
            base,
            effective: OnceLock::new(),
        });
        Ok(())
    }

    fn too_large(&mut self, path: &Path, size: u64, purpose: Use) {
        let file = self.project.sources.add(path.display().to_string(), "");
        if purpose == Use::Reported {
            let message = format!("the file has {size} bytes and was not read; the service takes up to 1024 KB");
            let help = "take it out of the folder, or move parts into a policy of its own in the chain";
            self.report("policy-too-big", Severity::Error, file, message, help);
        }
    }

    /// Left out are only well-formed files that are about something else.
    fn is_no_policy(&mut self, document: &Document, purpose: Use) -> bool {
        let Some(root) = document.root().filter(|it| document.is_well_formed() && it.name() != "TrustFrameworkPolicy")
        else {
            return false;
        };
        if purpose == Use::Reported {
            let message = format!("left out: the root element is `{}`, not `TrustFrameworkPolicy`", root.name());
            self.project
                .diagnostics
                .report("not-a-policy", Severity::Info, root.name_span(), message)
                .label("not a policy")
                .help("nothing to do, unless this was meant to be a policy");
        }
        true
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Tells which policy the findings of one file are about.
fn label(found: &mut Diagnostics, document: &Document) {
    let id = document.root().and_then(|it| it.attribute("PolicyId")).map(|it| it.value().to_owned());
    if let Some(id) = id.filter(|it| !it.is_empty()) {
        found.iter_mut().for_each(|it| it.policy = Some(id.clone()));
    }
}
