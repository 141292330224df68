//! What the commands that read policies have in common.

use crate::args::Set;
use crate::output::{self, Failure, count, remark};
use std::path::{Path, PathBuf};
use wayfarer_compiler::{
    Config, Entry, FileError, Files, Listing, LoadError, Objections, PolicyFile, Project, Scope, Settings,
    SettingsError,
};
use wayfarer_diagnostics::{Diagnostics, render};
use wayfarer_runtime::Disk;

pub(crate) fn load(set: &Set, scope: Scope) -> Result<Project, Failure> {
    let set = Configured::new(set)?;
    set.load(scope, set.settings()?.as_ref())
}

/// A set with what its `wayfarer.toml` says; what the command line says wins.
pub(crate) struct Configured {
    set: Set,
    config: Option<Config>,
}

impl Configured {
    pub(crate) fn new(set: &Set) -> Result<Self, Failure> {
        let found = match &set.config {
            Some(path) => Config::load(&Disk, path).map(Some),
            None => Config::find(&Disk, &set.paths),
        };
        let config = found.map_err(|error| Failure::new(&error).help(error.help()))?;
        let mut set = set.clone();
        if let Some(config) = &config {
            set.settings = set.settings.or_else(|| config.settings());
            set.environment = set.environment.or_else(|| config.environment().map(str::to_owned));
            if set.base.is_empty() {
                set.base = config.base();
            }
        }
        Ok(Self { set, config })
    }

    /// The same, read from other paths.
    pub(crate) fn reading(mut self, paths: Vec<PathBuf>) -> Self {
        self.set.paths = paths;
        self
    }

    /// The `wayfarer.toml`, where there is one.
    pub(crate) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// Every folder and file that policies are read from.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        [self.set.paths.as_slice(), &self.set.base].concat()
    }

    /// The settings that the policies are built with.
    pub(crate) fn settings(&self) -> Result<Option<Settings>, Failure> {
        let Set { paths, settings, environment, .. } = &self.set;
        let loaded = Settings::load(&Disk, paths, settings.as_deref(), environment.as_deref());
        loaded.map_err(|error| Failure::new(&error).help(self.help_of(&error)))
    }

    /// What `wayfarer.toml` says is not corrected on the command line.
    fn help_of(&self, error: &SettingsError) -> String {
        match (&self.config, error) {
            (Some(config), SettingsError::NotFound(path)) if config.settings().as_ref() == Some(path) => {
                format!("check `settings` in `{}`", config.path().display())
            }
            _ => error.help(),
        }
    }

    pub(crate) fn load(&self, scope: Scope, settings: Option<&Settings>) -> Result<Project, Failure> {
        self.load_from(&Disk, scope, settings)
    }

    /// As [`Self::load`], from files that may have changes which nobody has written yet.
    pub(crate) fn load_from(
        &self,
        files: &dyn Files,
        scope: Scope,
        settings: Option<&Settings>,
    ) -> Result<Project, Failure> {
        let files = Judged { config: self.config.as_ref(), files };
        Project::load(&files, &self.set.paths, &self.set.base, scope, settings).map_err(|error| {
            let help = match &error {
                LoadError::NotFound(_) => "check the spelling; a folder or a file is wanted",
                LoadError::Empty(_) => "name the folder that holds your TrustFrameworkPolicy files",
                LoadError::Unreadable { .. } => "make the file readable, or name another",
            };
            Failure::new(error).help(help)
        })
    }
}

/// The files, of which `[policies]` of a `wayfarer.toml` says what is judged.
struct Judged<'a> {
    config: Option<&'a Config>,
    files: &'a dyn Files,
}

impl Files for Judged<'_> {
    fn entry(&self, path: &Path) -> Option<Entry> {
        self.files.entry(path)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        self.files.read(path, limit)
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        self.files.xml_files(folder, below)
    }

    fn is_judged(&self, path: &Path) -> bool {
        self.config.is_none_or(|it| it.judges(&Disk, path))
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        self.files.canonical(path)
    }
}

/// The one policy of that id.
pub(crate) fn find<'a>(project: &'a Project, id: &str) -> Result<&'a PolicyFile, Failure> {
    let found: Vec<&PolicyFile> = project
        .files()
        .iter()
        .filter(|it| it.reported && it.policy_id().is_some_and(|own| own.eq_ignore_ascii_case(id)))
        .collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err(unknown(project, id)),
        _ => {
            let places = found.iter().map(|it| format!("  {}\n", project.sources().name(it.file)));
            let message =
                format!("policy `{id}` is in this set {} times:\n{}", found.len(), places.collect::<String>());
            Err(Failure::new(message.trim_end()).help("name the folder of the one that is meant"))
        }
    }
}

/// The policy of that id; without one the only relying party of the set.
pub(crate) fn choose<'a>(project: &'a Project, id: Option<&str>) -> Result<&'a PolicyFile, Failure> {
    match id {
        Some(id) => find(project, id),
        None => only_relying_party(project),
    }
}

/// What keeps a policy from being run. Of what doesn't, and of what Azure would refuse all the same, warnings tell.
pub(crate) fn what_stops_a_run(project: &Project, file: &PolicyFile) -> Diagnostics {
    let objections = project.objections(file);
    tell_objections(project, &objections);
    objections.errors
}

/// Tells what speaks against a policy that is run all the same.
pub(crate) fn tell_objections(project: &Project, objections: &Objections) {
    // A journey that runs with tokens in it shows them: nobody should take them for values.
    if objections.unresolved_settings > 0 {
        let what = count(objections.unresolved_settings, "token");
        remark(format_args!(
            "warning: {what} of a settings file left as written; choose values with `--environment NAME`"
        ));
    }
    for it in objections.of_paths.iter() {
        let (warning, place) = (output::styled(output::WARNING, "warning"), project.sources().place(it.primary.span));
        remark(format_args!("{warning}: Azure would refuse this policy: {} ({place}) [{}]", it.message, it.code));
    }
}

/// Tells what keeps the chain of a file from being merged; whether nothing does.
pub(crate) fn has_sound_chain(project: &Project, file: &PolicyFile) -> bool {
    let mut found = project.check_chain(file);
    found.retain(|it| matches!(it.code, "base-missing" | "base-cycle" | "chain-too-deep" | "xml-malformed"));
    if !found.is_empty() {
        remark(render::human(&found, project.sources(), output::style()).trim_end());
        let error = output::styled(output::ERROR, "error");
        remark(format_args!("{error}: the chain is not sound, so there is no effective policy"));
    }
    found.is_empty()
}

fn only_relying_party(project: &Project) -> Result<&PolicyFile, Failure> {
    let all: Vec<_> = project.relying_parties().collect();
    match all[..] {
        [only] => Ok(only),
        [] => Err(Failure::new("the set has no relying-party policy").help("name another folder")),
        _ => {
            let ids: Vec<_> = all.iter().filter_map(|it| it.policy_id()).collect();
            Err(Failure::new(format!("the set has several relying-party policies: {}", ids.join(", ")))
                .help("choose one with `--policy ID`"))
        }
    }
}

fn unknown(project: &Project, id: &str) -> Failure {
    let ids: Vec<&str> = project.relying_parties().filter_map(PolicyFile::policy_id).collect();
    let failure = Failure::new(format!("there is no policy `{id}` in this set"));
    match wayfarer_diagnostics::closest(id, ids.iter().copied()) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None if ids.is_empty() => failure.help("the set has no relying-party policy"),
        None => failure.help(format!("its relying-party policies are: {}", ids.join(", "))),
    }
}
