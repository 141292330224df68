//! Steps 1 to 2.2 of the client credentials article, on a tenant folder. Each operation reads the app's files afresh
//! under a lock, changes them, and writes them atomically with every unknown member in its place.

mod assign;
mod create;
mod error;
mod expiry;
mod grant;
mod import;
mod members;
mod remove;
mod role;
mod secret;
mod service_principal;
mod tenant;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::app::{App, Dialect, ManifestError, Registration};
use crate::documents::{Change, Documents, LIMIT};
use crate::guid::Guid;
use crate::tenant::{LoadError, Tenant};

pub use error::EditError;
pub use expiry::Expiry;
pub use grant::AdminConsent;
pub use import::{AppFile, ImportedApp};
pub use secret::{Lifetime, NewSecret, machine_made};
pub use tenant::TenantName;

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

    /// Makes a change of the tenant as it is now, whoever changed it meanwhile; nobody else changes it until this one
    /// has ended. When `change` fails, this stays as it was.
    pub(crate) fn changing<T>(
        &mut self,
        change: impl FnOnce(&mut Self, &mut dyn Change) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        if self.is_embedded() {
            return Err(EditError::ReadOnly { tenant: self.name().into() });
        }
        let documents = Arc::clone(self.documents());
        let mut writer = documents.change()?;
        let now = Self::read(&*writer, Arc::clone(&documents))?;
        let mut now = now.with_key_passphrase(self.keys().passphrase().cloned());
        let result = change(&mut now, &mut *writer)?;
        writer.commit()?;
        *self = now;
        Ok(result)
    }

    /// Changes one app's documents. `change` sees the manifest and the side file as they are now.
    fn edit<T>(
        &mut self,
        app: &str,
        change: impl FnOnce(&mut Value, &mut Registration) -> Result<T, EditError>,
    ) -> Result<(T, &App), EditError> {
        let (result, app_id) = self.changing(|tenant, writer| {
            let app_id = tenant.find(app)?.app_id;
            Ok((tenant.edit_within(writer, app, change)?, app_id))
        })?;
        Ok((result, self.find(&app_id.to_string())?))
    }

    /// The same within a change that has begun.
    fn edit_within<T>(
        &mut self,
        writer: &mut dyn Change,
        app: &str,
        change: impl FnOnce(&mut Value, &mut Registration) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let before = self.find(app)?.clone();
        let (mut manifest, mut registration) = before.parts();
        let result = change(&mut manifest, &mut registration)?;
        let changed = self.rebuilt(&before, manifest, registration)?;
        write(writer, &changed, Some(&before))?;
        self.put(changed);
        Ok(result)
    }

    /// What an app becomes with these two documents; nothing is written.
    fn rebuilt(&self, before: &App, manifest: Value, registration: Registration) -> Result<App, EditError> {
        let changed = App::new(before.stem().to_owned(), manifest, registration, self.digester());
        changed.map_err(|error| rejected(&**self.documents(), before.stem(), &error))
    }
}

impl Tenant {
    /// Changes the app of that id, and gives what it became.
    fn edit_app(
        &mut self,
        app_id: Guid,
        change: impl FnOnce(&mut Value, &mut Registration) -> Result<(), EditError>,
    ) -> Result<&App, EditError> {
        self.edit(&app_id.to_string(), change).map(|((), app)| app)
    }
}

/// Writes what changed. The side file goes first: a digest or a grant that no manifest mentions does no harm.
fn write(writer: &mut dyn Change, app: &App, before: Option<&App>) -> Result<(), EditError> {
    let (side, manifest) = (app.side_file()?, format!("{:#}\n", app.manifest()));
    refuse_large(app, &[&side, &manifest])?;
    if before.map(App::side_file).transpose()?.as_ref() != Some(&side) {
        writer.replace(&side_name(app.stem()), &side)?;
    }
    if before.map(App::manifest) != Some(app.manifest()) {
        writer.replace(&manifest_name(app.stem()), &manifest)?;
    }
    Ok(())
}

/// A document that nobody could read again would take the whole tenant with it.
fn refuse_large(app: &App, texts: &[&str]) -> Result<(), EditError> {
    if texts.iter().any(|text| text.len() as u64 > LIMIT) {
        return Err(EditError::invalid("app", &app.name, format!("would need a file of more than {LIMIT} bytes")));
    }
    Ok(())
}

fn manifest_name(stem: &str) -> String {
    format!("apps/{stem}.json")
}

fn side_name(stem: &str) -> String {
    format!("apps/{stem}.wayfarer.toml")
}

impl App {
    fn side_file(&self) -> Result<String, EditError> {
        toml::to_string(&self.parts().1).map_err(|error| {
            EditError::invalid("app", &self.name, format!("has a side file that can't be written: {error}"))
        })
    }
}

fn rejected(documents: &dyn Documents, stem: &str, error: &ManifestError) -> EditError {
    LoadError::Manifest { path: documents.place(&manifest_name(stem)), message: error.to_string() }.into()
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
