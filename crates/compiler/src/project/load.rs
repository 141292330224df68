use super::built::Encoding;
use super::{Base, LoadError, PolicyFile, Project, Scope, suppressions};
use crate::files::{Entry, FileError, Files};
use crate::parallel;
use crate::settings::{self, Built, Placeholders, Read, Settings};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use wayfarer_diagnostics::{Diagnostics, FileId, Severity, Sources, Span};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{Document, decode, parse};

/// Larger files are not read at all.
pub(crate) const READ_LIMIT: u64 = 16 * 1024 * 1024;

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
        of_set: Diagnostics::default(),
        settings_files: Vec::new(),
        judged: Vec::new(),
        tenant: None,
        secrets: settings.map(|it| it.secrets().map(str::to_owned).collect()).unwrap_or_default(),
    };
    for (name, text) in settings.map(Settings::files).unwrap_or_default() {
        project.settings_files.push(project.sources.add(name.clone(), Arc::clone(text)));
    }
    let mut reader = Reader {
        files,
        scope,
        settings,
        seen: HashSet::new(),
        folders: HashMap::new(),
        jobs: Vec::new(),
        used: HashSet::new(),
        project,
    };
    paths.iter().try_for_each(|it| reader.path(it))?;
    if scope == Scope::All {
        paths.iter().for_each(|it| reader.siblings(it));
        bases.iter().try_for_each(|it| reader.base_folder(it))?;
    }
    reader.work()?;
    if scope == Scope::All {
        reader.judge_settings(paths);
    }
    Ok(reader.project)
}

struct Reader<'a> {
    files: &'a dyn Files,
    scope: Scope,
    settings: Option<&'a Settings>,
    seen: HashSet<PathBuf>,
    /// The one spelling of each folder: asking the system for every file costs more than reading the file.
    folders: HashMap<PathBuf, PathBuf>,
    /// The files to read, in the order in which they were found.
    jobs: Vec<Job>,
    /// The settings that a policy uses, by their index.
    used: HashSet<usize>,
    project: Project,
}

/// A file to read.
struct Job {
    file: FileId,
    path: PathBuf,
    folder: PathBuf,
    root: PathBuf,
    relative: PathBuf,
    purpose: Use,
    origin: Origin,
}

/// How a file came to be read: what can't be read there is the user's mistake or a finding.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    CommandLine,
    Folder,
}

/// What became of a file.
pub(super) enum Examined {
    Unreadable(String),
    TooLarge(u64),
    /// Judged by the schema alone: nobody looks at the tree again, and keeping all trees costs more than the check.
    Judged(Box<Judged>),
    Read(Box<Content>),
}

pub(super) struct Judged {
    /// `None` when there is nothing to show of it.
    written: Option<Arc<str>>,
    found: Diagnostics,
    built: Option<Built>,
}

pub(super) struct Content {
    pub(super) written: Arc<str>,
    pub(super) document: Document,
    pub(super) found: Diagnostics,
    pub(super) encoding: Encoding,
    pub(super) built: Option<Built>,
    pub(super) no_policy: bool,
    pub(super) builds: bool,
}

/// Whether findings in a file are reported.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Use {
    Reported,
    LookedUp,
}

impl Reader<'_> {
    /// A path of the command line: what can't be read there is the user's mistake, not a finding.
    fn path(&mut self, path: &Path) -> Result<(), LoadError> {
        match self.files.entry(path) {
            None => Err(LoadError::NotFound(path.to_owned())),
            Some(Entry::Folder) => self.folder(path, Use::Reported),
            Some(Entry::File) => {
                self.file(path, parent(path), Use::Reported, Origin::CommandLine);
                Ok(())
            }
        }
    }

    fn base_folder(&mut self, path: &Path) -> Result<(), LoadError> {
        match self.files.entry(path) {
            None => Err(LoadError::NotFound(path.to_owned())),
            Some(Entry::Folder) => self.folder(path, Use::LookedUp),
            Some(Entry::File) => {
                self.file(path, parent(path), Use::LookedUp, Origin::Folder);
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
            self.file(&file, parent(path), Use::LookedUp, Origin::Folder);
        }
    }

    fn folder(&mut self, folder: &Path, purpose: Use) -> Result<(), LoadError> {
        let listing = self.files.xml_files(folder, true);
        if listing.files.is_empty() && listing.unreadable.is_empty() {
            return Err(LoadError::Empty(folder.to_owned()));
        }
        for (path, reason) in listing.unreadable {
            let file = self.project.sources.add(path.display().to_string(), "");
            self.unreadable(file, &path, &reason, purpose);
        }
        let output = if self.scope == Scope::All { settings::output_folder(self.files, folder) } else { None };
        let (built, files): (Vec<_>, Vec<_>) =
            listing.files.iter().partition(|it| output.as_ref().is_some_and(|output| it.starts_with(output)));
        for file in files {
            let purpose = if self.files.is_judged(file) { purpose } else { Use::LookedUp };
            self.file(file, folder, purpose, Origin::Folder);
        }
        if let (Some(first), Use::Reported) = (built.first(), purpose) {
            self.built_files(first, built.len());
        }
        Ok(())
    }

    fn unreadable(&mut self, file: FileId, path: &Path, reason: &str, purpose: Use) {
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

    fn file(&mut self, path: &Path, root: &Path, purpose: Use, origin: Origin) {
        let folder = self.folder_of(parent(path));
        let name = path.file_name().map(Path::new).unwrap_or(path);
        if !self.seen.insert(folder.join(name)) {
            return;
        }
        let file = self.project.sources.add(path.display().to_string(), "");
        if purpose == Use::Reported {
            self.project.judged.push(file);
        }
        let relative = path.strip_prefix(root).ok().filter(|it| !it.as_os_str().is_empty()).unwrap_or(name).to_owned();
        let root = self.folder_of(root);
        self.jobs.push(Job { file, path: path.to_owned(), folder, root, relative, purpose, origin });
    }

    fn folder_of(&mut self, folder: &Path) -> PathBuf {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let canonical = self.files.canonical(folder);
        self.folders.insert(folder.to_owned(), canonical.clone());
        canonical
    }

    /// Reads and judges the files on all cores, and takes the results in the order in which the files were found.
    fn work(&mut self) -> Result<(), LoadError> {
        let jobs = std::mem::take(&mut self.jobs);
        let examined = parallel::map(&jobs, |it| self.examine(it));
        jobs.into_iter().zip(examined).try_for_each(|(job, examined)| self.take(job, examined))
    }

    fn examine(&self, job: &Job) -> Examined {
        let bytes = match self.files.read(&job.path, READ_LIMIT) {
            Ok(bytes) => bytes,
            Err(FileError::TooLarge { size, .. }) => return Examined::TooLarge(size),
            Err(FileError::Unreadable(reason)) => return Examined::Unreadable(reason),
        };
        let reading =
            Reading { scope: self.scope, settings: self.settings, settings_files: &self.project.settings_files };
        reading.examine(job.file, &job.path, job.purpose, &bytes)
    }
}

/// How files are read.
pub(super) struct Reading<'a> {
    pub(super) scope: Scope,
    pub(super) settings: Option<&'a Settings>,
    pub(super) settings_files: &'a [FileId],
}

impl Reading<'_> {
    /// What the bytes of a file say.
    pub(super) fn examine(&self, file: FileId, path: &Path, purpose: Use, bytes: &[u8]) -> Examined {
        let (written, mut found) = decode(file, bytes);
        let encoding = Encoding::of(bytes, &written, !found.is_empty());
        let built = if encoding == Encoding::Unknown { None } else { self.build(path, &written) };
        let (text, size) = match built.as_ref().and_then(|it| it.text.as_deref()) {
            Some(text) => (Arc::from(text), text.len()),
            None => (Arc::clone(&written), bytes.len()),
        };
        let (document, malformed) = parse(file, text);
        found.extend(malformed);
        let other_root = document.root().is_some_and(|it| it.name() != "TrustFrameworkPolicy");
        let no_policy = self.scope == Scope::All && document.is_well_formed() && other_root;
        let too_long = built.as_ref().is_some_and(|it| it.too_long);
        let mut builds = encoding != Encoding::Unknown && !too_long;
        if purpose == Use::Reported && !no_policy {
            check_schema(&document, &mut found);
            if self.scope == Scope::All {
                let uses = built.as_ref().map_or(&[][..], |it| it.uses.as_slice());
                builds &= !self.judge_tokens(&document, uses, &mut found);
                judge_size(file, size, too_long, &mut found);
            }
            label(&mut found, &document);
        }
        if self.scope == Scope::SchemaOnly {
            suppressions::allow(&document, &mut found);
            let written = (!found.is_empty()).then_some(written);
            return Examined::Judged(Box::new(Judged { written, found, built }));
        }
        Examined::Read(Box::new(Content { written, document, found, encoding, built, no_policy, builds }))
    }

    /// The text that is judged, where tokens make it another than the one that is written. The schema alone is checked on
    /// what is written, unless settings are given.
    fn build(&self, path: &Path, text: &str) -> Option<Built> {
        if self.scope == Scope::SchemaOnly && self.settings.is_none() {
            return None;
        }
        let name = path.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
        settings::build(text, &name, self.settings)
    }

    /// Tells what is wrong with the tokens of a file, and with what else is left to be replaced; whether one is an error.
    fn judge_tokens(&self, document: &Document, uses: &[settings::Use], found: &mut Diagnostics) -> bool {
        let mut own = Diagnostics::default();
        let given = self.settings.map(|it| (it, self.settings_files));
        settings::judge_file(document, uses, given, &mut own);
        let blocks = own.has_errors();
        found.extend(own);
        settings::placeholders(document, Placeholders::Braces, found);
        blocks
    }
}

impl Reader<'_> {
    fn take(&mut self, job: Job, examined: Examined) -> Result<(), LoadError> {
        match examined {
            Examined::Unreadable(reason) if job.origin == Origin::CommandLine => {
                return Err(LoadError::Unreadable { path: job.path, reason });
            }
            Examined::Unreadable(reason) => self.unreadable(job.file, &job.path, &reason, job.purpose),
            Examined::TooLarge(size) => self.too_large(job.file, size, job.purpose),
            Examined::Judged(judged) => self.take_judged(&job, *judged),
            Examined::Read(content) => self.take_content(job, *content),
        }
        Ok(())
    }

    fn take_judged(&mut self, job: &Job, judged: Judged) {
        let Judged { written, found, built } = judged;
        self.take_text(job, written, built.as_ref());
        self.project.diagnostics.extend(found);
    }

    fn take_text(&mut self, job: &Job, written: Option<Arc<str>>, built: Option<&Built>) {
        if let Some(written) = written {
            self.project.sources.set_text(job.file, written);
        }
        if let Some(built) = built {
            self.project.sources.set_replaced(job.file, built.replaced.clone());
            self.used.extend(built.uses.iter().filter_map(|it| it.setting));
        }
    }

    fn take_content(&mut self, job: Job, content: Content) {
        let Content { written, document, found, encoding, built, no_policy, builds } = content;
        self.take_text(&job, Some(written), built.as_ref());
        if no_policy {
            return self.no_policy(&document, job.purpose);
        }
        self.project.files.push(PolicyFile {
            file: job.file,
            document: Arc::new(document),
            reported: job.purpose == Use::Reported,
            folder: job.folder,
            root: job.root,
            base: Base::None,
            relative: job.relative,
            encoding,
            found,
            unresolved: built.is_some_and(|it| it.uses.iter().any(|it| it.unresolved.is_some())),
            builds,
            effective: OnceLock::new(),
            judged: OnceLock::new(),
            unused: OnceLock::new(),
        });
    }

    fn judge_settings(&mut self, paths: &[PathBuf]) {
        let Some(settings) = self.settings else { return };
        let folders = paths.iter().all(|it| self.files.entry(it) == Some(Entry::Folder));
        let read = if folders { Read::Folders } else { Read::Files };
        let (files, found) = (&self.project.settings_files, &mut self.project.diagnostics);
        settings::judge_settings(settings, files, &self.used, read, found);
    }

    /// What the extension has built from the files around it would be judged twice, and in places that nobody edits.
    fn built_files(&mut self, first: &Path, count: usize) {
        let file = self.project.sources.add(first.display().to_string(), "");
        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let message = format!("left out: {files} that the VS Code extension has built (`EnvironmentsFolder`)");
        let help = "nothing to do; to judge them, name their folder";
        self.report("built-files", Severity::Info, file, message, help);
    }

    fn too_large(&mut self, file: FileId, size: u64, purpose: Use) {
        if purpose == Use::Reported {
            let message = format!("the file has {size} bytes and was not read; the service takes up to 1024 KB");
            let help = "take it out of the folder, or move parts into a policy of its own in the chain";
            self.report("policy-too-big", Severity::Error, file, message, help);
        }
    }

    /// Left out are only well-formed files that are about something else.
    fn no_policy(&mut self, document: &Document, purpose: Use) {
        let Some(root) = document.root().filter(|_| purpose == Use::Reported) else { return };
        let message = format!("left out: the root element is `{}`, not `TrustFrameworkPolicy`", root.name());
        self.project
            .diagnostics
            .report("not-a-policy", Severity::Info, root.name_span(), message)
            .label("not a policy")
            .help("nothing to do, unless this was meant to be a policy");
    }
}

fn judge_size(file: FileId, size: usize, too_long: bool, found: &mut Diagnostics) {
    if size > UPLOAD_LIMIT || too_long {
        let message = match too_long {
            true => "the file would have more than 16 MB with its settings".to_owned(),
            false => format!("the file has {size} bytes; the service takes up to 1024 KB"),
        };
        found
            .report("policy-too-big", Severity::Error, Span::file_start(file), message)
            .help("move parts into a policy of its own in the chain")
            .refused();
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
