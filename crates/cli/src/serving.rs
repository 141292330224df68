//! What `serve` reads: a tenant and policies on disk, again whenever they change.

use crate::args::{Serve, Set};
use crate::output::{self, remark, styled};
use crate::project::{Configured, tell_objections};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_compiler::{Files, Objections, Project, Scope, Settings};
use wayfarer_diagnostics::{Diagnostics, Sources, render};
use wayfarer_runtime as runtime;
use wayfarer_server::{Loaded, Overlay, ReloadError, Source, Uploaded, Uploads};
use wayfarer_store::{STATE_FILE, Tenant};

/// Policies and a tenant on disk.
pub(crate) struct Disk {
    set: Set,
    /// As it was at first; of the one that is built in, only keys ever change.
    tenant: Tenant,
    /// Whether there may be no policy at all: somebody will upload one.
    accepts_none: bool,
}

/// Where uploaded policies are kept: among the documents in a database, and beside those in a folder.
pub(crate) fn uploads(tenant: &Tenant, options: &Serve) -> Uploads {
    if options.tenant.is_database() {
        return Uploads::among(Arc::clone(tenant.documents()));
    }
    Uploads::in_file(tenant.documents().place(STATE_FILE))
}

impl Disk {
    pub(crate) fn new(options: &Serve, tenant: Tenant) -> Self {
        let mut set = options.set.clone();
        if set.paths.is_empty() && !options.tenant.is_database() {
            set.paths.push(".".into());
        }
        Self { set, tenant, accepts_none: options.graph }
    }

    fn configured(&self) -> Result<(Configured, Option<Settings>), ReloadError> {
        let set = Configured::new(&self.set).map_err(unreadable)?;
        let settings = set.settings().map_err(unreadable)?;
        Ok((set, settings))
    }

    fn project(&self, uploaded: &Uploaded) -> Result<Project, ReloadError> {
        let (set, settings) = self.configured()?;
        let on_disk = set.load(Scope::All, settings.as_ref());
        if uploaded.is_empty() && !self.accepts_none {
            return if self.set.paths.is_empty() { Err(no_policies()) } else { on_disk.map_err(unreadable) };
        }
        let first = self.set.paths.first().map_or(Path::new(""), PathBuf::as_path);
        let overlay = Overlay::new(&runtime::Disk, first, on_disk.as_ref().ok(), uploaded);
        let paths = overlay.paths(&self.set.paths);
        let all = set.reading(paths).load_from(&overlay, Scope::All, settings.as_ref());
        all.map_err(unreadable)
    }
}

fn unreadable(error: impl std::fmt::Display) -> ReloadError {
    ReloadError::Unreadable(error.to_string())
}

fn no_policies() -> ReloadError {
    let help = "name PATH, or upload some: `serve --graph`, and `wayfarer deploy` in another terminal";
    ReloadError::Unreadable(format!("the database holds no policies, and no PATH is named\n  help: {help}"))
}

impl Source for Disk {
    fn load(&self, uploaded: &Uploaded) -> Result<Loaded, ReloadError> {
        let project = self.project(uploaded)?;
        refuse_repeated(&project)?;
        Ok(Loaded { tenant: self.tenant()?, project })
    }

    fn tenant(&self) -> Result<Tenant, ReloadError> {
        if self.tenant.is_embedded() {
            return Ok(self.tenant.clone());
        }
        let tenant = Tenant::open(Arc::clone(self.tenant.documents())).map_err(unreadable)?;
        Ok(tenant.with_key_passphrase(self.tenant.keys().passphrase().cloned()))
    }

    fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for path in self.set.paths.iter().chain(&self.set.base) {
            let listing = if path.is_dir() { runtime::Disk.xml_files(path, true).files } else { vec![path.clone()] };
            listing.iter().for_each(|it| stamp(it, &mut hasher));
        }
        if let Ok((set, settings)) = self.configured() {
            set.config().into_iter().for_each(|it| stamp(it.path(), &mut hasher));
            settings.iter().for_each(|it| stamp(Path::new(it.file()), &mut hasher));
        }
        // The one that is built in has documents too: its keys.
        let revision = self.tenant.documents().revision();
        revision.map(|it| format!("{it:?}")).map_err(|it| it.to_string()).hash(&mut hasher);
        hasher.finish()
    }

    fn watched(&self) -> Vec<PathBuf> {
        let mut paths = [self.set.paths.as_slice(), &self.set.base].concat();
        if !self.tenant.is_embedded() {
            paths.push(self.tenant.documents().place(""));
        }
        if let Ok((set, settings)) = self.configured() {
            paths.extend(set.config().map(|it| it.path().to_owned()));
            paths.extend(settings.map(|it| PathBuf::from(it.file())));
        }
        paths
    }

    fn show(&self, found: &Diagnostics, project: &Project) -> String {
        render::human(found, project.sources(), output::style()).trim_end().to_owned()
    }

    fn announce(&self, loaded: &Loaded, objections: &[Objections]) {
        loaded
            .tenant
            .warnings()
            .iter()
            .for_each(|it| remark(format_args!("{}: {it}", styled(output::WARNING, "warning"))));
        objections.iter().for_each(|it| tell_objections(&loaded.project, it));
    }
}

fn stamp(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    let metadata = fs::metadata(path).ok();
    metadata.as_ref().map(fs::Metadata::len).hash(hasher);
    metadata.and_then(|it| it.modified().ok()).hash(hasher);
}

/// A tenant has one policy of an id.
fn refuse_repeated(project: &Project) -> Result<(), ReloadError> {
    let place = |it: &wayfarer_compiler::PolicyFile, sources: &Sources| format!("  {}", sources.name(it.file));
    for file in project.relying_parties() {
        let id = file.policy_id().unwrap_or_default();
        let same: Vec<_> = project
            .relying_parties()
            .filter(|it| it.policy_id().is_some_and(|own| own.eq_ignore_ascii_case(id)))
            .map(|it| place(it, project.sources()))
            .collect();
        if same.len() > 1 {
            let message = format!("policy `{id}` is in this set {} times:\n{}", same.len(), same.join("\n"));
            return Err(ReloadError::Unreadable(format!("{message}\n  help: serve one of these folders")));
        }
    }
    Ok(())
}
