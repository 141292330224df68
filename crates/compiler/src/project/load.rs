use super::built::Encoding;
use super::{Base, LoadError, PolicyFile, Project, Scope};
use crate::files::{Entry, FileError, Files};
use crate::settings::{self, Built, Placeholders, Read, Settings};
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
    settings: Option<&Settings>,
) -> Result<Project, LoadError> {
    let mut project = Project {
        sources: Sources::default(),
        files: Vec::new(),
        diagnostics: Diagnostics::default(),
        settings_files: Vec::new(),
        secrets: settings.map(|it| it.secrets().map(str::to_owned).collect()).unwrap_or_default(),
    };
    for (name, text) in settings.map(Settings::files).unwrap_or_default() {
        project.settings_files.push(project.sources.add(name.clone(), Arc::clone(text)));
    }
    let mut reader = Reader { files, scope, settings, seen: HashSet::new(), used: HashSet::new(), project };
    paths.iter().try_for_each(|it| reader.path(it))?;
    if scope == Scope::All {
        paths.iter().for_each(|it| reader.siblings(it));
        bases.iter().try_for_each(|it| reader.base_folder(it))?;
        reader.judge_settings(paths);
    }
    Ok(reader.project)
}

struct Reader<'a> {
    files: &'a dyn Files,
    scope: Scope,
    settings: Option<&'a Settings>,
    seen: HashSet<PathBuf>,
    /// The settings that a policy uses, by their index.
    used: HashSet<usize>,
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
        let (written, mut found) = decode(file, &bytes);
        self.project.sources.set_text(file, Arc::clone(&written));
        let encoding = Encoding::of(&bytes, &written, !found.is_empty());
        let built = if encoding == Encoding::Unknown { None } else { self.build(file, path, &written) };
        let (text, size) = match built.as_ref().and_then(|it| it.text.as_deref()) {
            Some(text) => (Arc::from(text), text.len()),
            None => (written, bytes.len()),
        };
        let too_long = built.as_ref().is_some_and(|it| it.too_long);
        if (size > UPLOAD_LIMIT || too_long) && purpose == Use::Reported && self.scope == Scope::All {
            let message = match too_long {
                true => "the file would have more than 16 MB with its settings".to_owned(),
                false => format!("the file has {size} bytes; the service takes up to 1024 KB"),
            };
            self.report(
                "policy-too-big",
                Severity::Error,
                file,
                message,
                "move parts into a policy of its own in the chain",
            );
        }
        let (document, malformed) = parse(file, text);
        found.extend(malformed);
        if self.scope == Scope::All && self.is_no_policy(&document, purpose) {
            return Ok(());
        }
        let uses = built.as_ref().map_or(&[][..], |it| it.uses.as_slice());
        let mut builds = encoding != Encoding::Unknown && !too_long;
        if purpose == Use::Reported {
            check_schema(&document, &mut found);
            if self.scope == Scope::All {
                builds &= !self.judge_tokens(&document, uses, &mut found);
            }
            label(&mut found, &document);
            self.project.diagnostics.extend(found);
        }
        let folder = canonical.parent().map(Path::to_owned).unwrap_or_default();
        let relative = path.strip_prefix(root).ok().filter(|it| !it.as_os_str().is_empty());
        let relative = relative.or_else(|| path.file_name().map(Path::new)).unwrap_or(path).to_owned();
        let root = self.files.canonical(root);
        let unresolved = uses.iter().any(|it| it.unresolved.is_some());
        let (document, reported) = (Arc::new(document), purpose == Use::Reported);
        let base = Base::None;
        self.project.files.push(PolicyFile {
            file,
            document,
            reported,
            folder,
            root,
            base,
            relative,
            encoding,
            unresolved,
            builds,
            effective: OnceLock::new(),
        });
        Ok(())
    }

    /// The text that is judged, where tokens make it another than the one that is written. The schema alone is checked on
    /// what is written, unless settings are given.
    fn build(&mut self, file: FileId, path: &Path, text: &str) -> Option<Built> {
        if self.scope == Scope::SchemaOnly && self.settings.is_none() {
            return None;
        }
        let name = path.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
        let built = settings::build(text, &name, self.settings)?;
        self.project.sources.set_replaced(file, built.replaced.clone());
        self.used.extend(built.uses.iter().filter_map(|it| it.setting));
        Some(built)
    }

    /// Tells what is wrong with the tokens of a file, and with what else is left to be replaced; whether one is an error.
    fn judge_tokens(&self, document: &Document, uses: &[settings::Use], found: &mut Diagnostics) -> bool {
        let mut own = Diagnostics::default();
        let given = self.settings.map(|it| (it, self.project.settings_files.as_slice()));
        settings::judge_file(document, uses, given, &mut own);
        let blocks = own.has_errors();
        found.extend(own);
        settings::placeholders(document, Placeholders::Braces, found);
        blocks
    }

    fn judge_settings(&mut self, paths: &[PathBuf]) {
        let Some(settings) = self.settings else { return };
        let folders = paths.iter().all(|it| self.files.entry(it) == Some(Entry::Folder));
        let read = if folders { Read::Folders } else { Read::Files };
        let (files, found) = (&self.project.settings_files, &mut self.project.diagnostics);
        settings::judge_settings(settings, files, &self.used, read, found);
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
