use crate::ReloadError;
use crate::uploads::Uploaded;
use std::path::PathBuf;
use wayfarer_compiler::{Objections, Project};
use wayfarer_diagnostics::Diagnostics;
use wayfarer_store::Tenant;

/// Where what is served is read: at the start, and whenever it changes.
pub trait Source: Send + Sync {
    /// The tenant and its policies, the uploaded ones among them.
    ///
    /// # Errors
    /// Why they can't be read, for a person.
    fn load(&self, uploaded: &Uploaded) -> Result<Loaded, ReloadError>;

    /// The tenant alone.
    ///
    /// # Errors
    /// Why it can't be read, for a person.
    fn tenant(&self) -> Result<Tenant, ReloadError>;

    /// A number that differs when anything has changed that [`Source::load`] reads.
    fn stamp(&self) -> u64;

    /// The files and folders in which it may change.
    fn watched(&self) -> Vec<PathBuf>;

    /// Findings as a person reads them.
    fn show(&self, found: &Diagnostics, project: &Project) -> String;

    /// Tells what a person should know of what was read, and is no reason not to serve it.
    fn announce(&self, loaded: &Loaded, objections: &[Objections]);
}

/// What was read.
pub struct Loaded {
    /// The tenant.
    pub tenant: Tenant,
    /// Its policies.
    pub project: Project,
}
