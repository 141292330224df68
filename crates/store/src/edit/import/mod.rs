//! Apps that come from elsewhere: from the portal, from Microsoft Graph, from another tenant.

mod file;

use serde_json::Value;

use crate::app::{App, Registration};
use crate::documents::Change;
use crate::guid::Guid;
use crate::tenant::Tenant;
use crate::transfer::Existing;

use super::{EditError, write};

pub use file::AppFile;

/// An app that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedApp {
    /// Its application id, which it kept.
    pub app_id: Guid,
    /// Its name.
    pub name: String,
    /// Whether it took the place of a registration.
    pub replaced: bool,
    /// How many of its client secrets can't be checked here: a manifest doesn't hold them.
    pub lost_secrets: usize,
}

impl Tenant {
    /// Takes over apps with their application ids, all of them or none. A new one gets a service principal, with the id that
    /// its side file gives or a new one. One that replaces another keeps that one's service principal, grants and secrets,
    /// as far as its manifest still has them and no side file says otherwise.
    ///
    /// # Errors
    /// An app that is there already and may not be replaced; a manifest that holds a secret, or that Azure would refuse;
    /// something in it that is another app's; documents that can't be read or written.
    pub fn import_apps(
        &mut self,
        files: &[AppFile],
        existing: Existing,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Vec<ImportedApp>, EditError> {
        self.changing(|tenant, writer| {
            // All that can be refused, before anything is written: a folder has no undo.
            let mut after = tenant.clone();
            let mut apps = Vec::new();
            for file in files {
                let app = after.accept(file, existing, random);
                let app = app.map_err(|error| EditError::Import { place: file.place.clone(), why: Box::new(error) })?;
                if apps.iter().any(|other: &App| other.app_id == app.app_id) {
                    let why = EditError::Exists { what: "app", value: format!("{} in this file", app.app_id) };
                    return Err(EditError::Import { place: file.place.clone(), why: Box::new(why) });
                }
                after.put(app.clone());
                apps.push(app);
            }
            apps.into_iter().map(|app| tenant.take_over(writer, app)).collect()
        })
    }

    /// The app that a file brings, if this tenant can have it.
    fn accept(&self, file: &AppFile, existing: Existing, random: &mut dyn FnMut(&mut [u8])) -> Result<App, EditError> {
        refuse_secrets(&file.manifest)?;
        let known = |app: &App| self.app(app.app_id).cloned();
        // Once without the side file: only then it is known whom it replaces.
        let before = known(&self.view(file, String::new(), Registration::default())?);
        if let (Some(before), Existing::Refuse) = (&before, existing) {
            let value = format!("{} ({})", before.name, before.app_id);
            return Err(EditError::Exists { what: "app", value });
        }
        let registration = self.registration(file, before.as_ref(), random);
        // A new app has the name of no other one until it is written.
        let stem = before.as_ref().map_or_else(|| file.place.clone(), |it| it.stem().to_owned());
        let app = self.view(file, stem, registration)?;
        self.check_manifest(&app)?;
        self.refuse_taken_ids(&app)?;
        Ok(app)
    }

    fn view(&self, file: &AppFile, stem: String, registration: Registration) -> Result<App, EditError> {
        App::new(stem, file.manifest.clone(), registration, self.digester())
            .map_err(|error| EditError::member(error.member, error.expected))
    }

    /// What the side file of an imported app will say.
    fn registration(&self, file: &AppFile, before: Option<&App>, random: &mut dyn FnMut(&mut [u8])) -> Registration {
        let mut registration = match (&file.side, before) {
            (Some(side), _) => side.clone(),
            (None, Some(before)) => before.parts().1,
            (None, None) => Registration::default(),
        };
        // A digest of another tenant recognises nothing here.
        registration.secrets.retain(|it| it.development_secret.is_some() && self.is_fixture());
        let kept = before.map(|it| it.parts().1.secrets).unwrap_or_default();
        let is_new = |id: Guid| !registration.secrets.iter().any(|it| it.key_id == id);
        let kept: Vec<_> = kept.into_iter().filter(|it| is_new(it.key_id)).collect();
        registration.secrets.extend(kept);
        let credentials = key_ids(&file.manifest);
        registration.secrets.retain(|it| credentials.contains(&it.key_id));
        match before {
            None => registration.service_principal_id.get_or_insert_with(|| Guid::random(random)),
            Some(before) => match before.service_principal_id {
                Some(id) => registration.service_principal_id.get_or_insert(id),
                None => return registration,
            },
        };
        registration
    }

    /// What names one app of a tenant and must not name two.
    fn refuse_taken_ids(&self, app: &App) -> Result<(), EditError> {
        let others = || self.apps().iter().filter(|other| other.app_id != app.app_id);
        let taken = |what: &'static str, value: Guid, owner: &App| {
            let owner = format!("`{}` ({})", owner.name, owner.app_id);
            Err(EditError::Taken { what, value: value.to_string(), owner })
        };
        if let Some(owner) = others().find(|other| other.graph_id() == app.graph_id()) {
            return taken("object id", app.graph_id(), owner);
        }
        let Some(principal) = app.service_principal_id else { return Ok(()) };
        let owner = others().find(|other| other.service_principal_id == Some(principal));
        owner.map_or(Ok(()), |owner| taken("service principal id", principal, owner))
    }

    /// Writes an accepted app.
    fn take_over(&mut self, writer: &mut dyn Change, app: App) -> Result<ImportedApp, EditError> {
        let lost_secrets = app.password_credentials.iter().filter(|it| it.digest.is_none()).count();
        let (app_id, name) = (app.app_id, app.name.clone());
        let before = self.app(app_id).cloned();
        if let Some(before) = &before {
            write(writer, &app, Some(before))?;
            self.put(app);
            self.withdraw_lost_roles(writer, before)?;
        } else {
            let (manifest, registration) = app.parts();
            self.add_app(writer, &name, app_id, manifest, registration)?;
        }
        Ok(ImportedApp { app_id, name, replaced: before.is_some(), lost_secrets })
    }
}

impl App {
    /// The manifest for others to read: without any secret. Digests are not in it anyway.
    pub fn shared_manifest(&self) -> Value {
        let mut manifest = self.manifest().clone();
        let credentials = manifest.get_mut("passwordCredentials").and_then(Value::as_array_mut);
        for credential in credentials.into_iter().flatten().filter_map(Value::as_object_mut) {
            for name in SECRETS {
                if let Some(secret) = credential.get_mut(name) {
                    *secret = Value::Null;
                }
            }
        }
        manifest
    }
}

/// What holds a client secret in clear: Graph's word and the portal's.
const SECRETS: [&str; 2] = ["secretText", "value"];

fn refuse_secrets(manifest: &Value) -> Result<(), EditError> {
    for (at, credential) in manifest["passwordCredentials"].as_array().into_iter().flatten().enumerate() {
        if let Some(name) = SECRETS.iter().find(|name| !credential[**name].is_null()) {
            let problem = "is a secret in clear: take it out; `wayfarer app add-secret` makes a new one";
            return Err(EditError::member(format!("passwordCredentials[{at}].{name}"), problem));
        }
    }
    Ok(())
}

fn key_ids(manifest: &Value) -> Vec<Guid> {
    let credentials = manifest["passwordCredentials"].as_array().into_iter().flatten();
    credentials.filter_map(|it| it["keyId"].as_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests;
