//! Steps 1 to 2.2 of the client credentials article, on a tenant folder. Each operation reads the app's files afresh
//! under a lock, changes them, and writes them atomically with every unknown member in its place.

mod create;
mod expiry;
mod grant;
mod role;
mod secret;
mod tenant;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::app::{App, Dialect, ManifestError, Registration};
use crate::files::{self, Access, FileError};
use crate::keys::KeyStore;
use crate::tenant::{FindError, LoadError, Tenant, read_app};

pub use expiry::Expiry;
pub use grant::AdminConsent;
pub use secret::NewSecret;

/// A registration could not be changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The embedded tenant has no folder.
    #[error("the embedded tenant `{tenant}` can't be changed: use --tenant DIR with a tenant folder of your own")]
    ReadOnly {
        /// Its name.
        tenant: String,
    },
    /// No single app answers to the name or id.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The tenant's files are broken.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A file can't be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The value given is not one that Azure would take.
    #[error("{what} `{value}` {problem}")]
    Invalid {
        /// What kind of value: `app name`, `role value` …
        what: &'static str,
        /// The value.
        value: String,
        /// Why not.
        problem: String,
    },
}

impl EditError {
    pub(super) fn invalid(what: &'static str, value: &str, problem: impl Into<String>) -> Self {
        Self::Invalid { what, value: value.chars().take(200).collect(), problem: problem.into() }
    }
}

impl Tenant {
    /// Sets `accessTokenAcceptedVersion` (in Graph's dialect `api.requestedAccessTokenVersion`) of `app`.
    ///
    /// # Errors
    /// A version other than 1 or 2, no such app, files that can't be read or written.
    pub fn set_version(&mut self, app: &str, version: i64) -> Result<&App, EditError> {
        if !matches!(version, 1 | 2) {
            return Err(EditError::invalid("version", &version.to_string(), "is neither 1 nor 2"));
        }
        self.edit(app, |manifest, _| {
            if Dialect::of(manifest) == Dialect::Graph {
                let api = object_of(manifest)?.entry("api").or_insert(Value::Null);
                if api.is_null() {
                    *api = Value::Object(Map::new());
                }
                object_of(api)?.insert("requestedAccessTokenVersion".into(), version.into());
            } else {
                object_of(manifest)?.insert("accessTokenAcceptedVersion".into(), version.into());
            }
            Ok(())
        })
        .map(|((), app)| app)
    }

    /// Changes one app's files. `change` sees the manifest and the side file as they are on disk now.
    fn edit<T>(
        &mut self,
        app: &str,
        change: impl FnOnce(&mut Value, &mut Registration) -> Result<T, EditError>,
    ) -> Result<(T, &App), EditError> {
        let folder = self.own_folder()?;
        let stem = self.find(app)?.stem().to_owned();
        let _lock = lock(self.keys())?;
        let on_disk = read_app(&folder, &stem, self.kind(), self.digester())?;
        let (mut manifest, mut registration) = on_disk.parts();
        let result = change(&mut manifest, &mut registration)?;
        let changed = App::new(stem.clone(), manifest, registration, self.digester());
        let changed = changed.map_err(|error| rejected(&folder, &stem, &error))?;
        write(&folder, &changed, Some(&on_disk))?;
        let app_id = changed.app_id;
        self.put(changed);
        let app = self.app(app_id).ok_or_else(|| EditError::invalid("appId", &app_id.to_string(), "vanished"))?;
        Ok((result, app))
    }

    fn own_folder(&self) -> Result<PathBuf, EditError> {
        let read_only = || EditError::ReadOnly { tenant: self.name().into() };
        self.folder().map(Path::to_owned).ok_or_else(read_only)
    }
}

/// One edit at a time, in this process or another.
fn lock(keys: &KeyStore) -> Result<std::fs::File, FileError> {
    files::create_private_folder(keys.folder())?;
    files::lock(&keys.folder().join(".edit.lock"))
}

/// Writes what changed. The side file goes first: a digest or a grant that no manifest mentions does no harm.
fn write(folder: &Path, app: &App, before: Option<&App>) -> Result<(), EditError> {
    let apps = folder.join("apps");
    let side = app.side_file()?;
    if before.map(App::side_file).transpose()?.as_ref() != Some(&side) {
        files::replace(&apps.join(format!("{}.wayfarer.toml", app.stem())), &side, Access::Shared)?;
    }
    if before.map(App::manifest) != Some(app.manifest()) {
        let manifest = format!("{:#}\n", app.manifest());
        files::replace(&apps.join(format!("{}.json", app.stem())), &manifest, Access::Shared)?;
    }
    Ok(())
}

impl App {
    fn side_file(&self) -> Result<String, EditError> {
        toml::to_string(&self.parts().1).map_err(|error| {
            EditError::invalid("app", &self.name, format!("has a side file that can't be written: {error}"))
        })
    }
}

fn rejected(folder: &Path, stem: &str, error: &ManifestError) -> EditError {
    let path = folder.join("apps").join(format!("{stem}.json"));
    LoadError::Manifest { path, message: error.to_string() }.into()
}

/// The members of a manifest, which loading has shown to be an object.
fn object_of(manifest: &mut Value) -> Result<&mut Map<String, Value>, EditError> {
    manifest.as_object_mut().ok_or_else(|| EditError::invalid("manifest", "", "is not an object"))
}

/// The list that `member` holds, which becomes one if it was absent or `null`.
fn list<'a>(manifest: &'a mut Value, member: &str) -> Result<&'a mut Vec<Value>, EditError> {
    let value = object_of(manifest)?.entry(member).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Array(vec![]);
    }
    value.as_array_mut().ok_or_else(|| EditError::invalid("member", member, "is not a list"))
}

#[cfg(test)]
mod tests;
