//! A tenant: a folder of registrations and keys, or the one embedded in the binary.

mod baseline;
mod embedded;
mod load;
mod settings;

use std::sync::Arc;

use crate::app::App;
use crate::documents::Documents;
use crate::guid::Guid;
use crate::keys::KeyStore;
use crate::secret::{Digester, PresentedSecret, Secret};

pub use baseline::{AttributeType, Baseline, ExtensionsApp};
pub use embedded::embedded_contoso;
pub use load::LoadError;
pub(crate) use load::{Source, json_text, toml_text};
pub(crate) use settings::is_domain;

pub(crate) const PEPPER: &str = "keys/client-secrets.pepper";

/// The database beside the files of a tenant folder: what is no registration and no key, such as uploaded policies.
pub const STATE_FILE: &str = "state.sqlite";

/// A loaded tenant.
#[derive(Debug, Clone)]
pub struct Tenant {
    name: String,
    id: Guid,
    hosts: Vec<String>,
    user_flows: Vec<String>,
    kind: Kind,
    place: Place,
    documents: Arc<dyn Documents>,
    keys: KeyStore,
    digester: Digester,
    apps: Vec<App>,
    warnings: Vec<String>,
    baseline: Option<Baseline>,
}

/// Whether a tenant may hold secrets in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ordinary,
    Fixture,
}

/// Where a tenant's registrations come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The binary: nobody can change them.
    Embedded,
    /// Its documents.
    Documents,
}

/// No single app answers to what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// No app has that id or name.
    #[error("no app `{wanted}` in tenant `{tenant}`{}", listed(known))]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// The tenant's name.
        tenant: String,
        /// The apps there are, as `name (appId)`.
        known: Vec<String>,
    },
    /// Several apps have that name.
    #[error("several apps are named `{wanted}`: {}; give the appId", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// Their application ids.
        candidates: Vec<String>,
    },
}

fn listed(known: &[String]) -> String {
    const MOST: usize = 10;
    let more = if known.len() > MOST { ", …" } else { "" };
    let shown = known.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if known.is_empty() { "; it has no apps".into() } else { format!("; it has {shown}{more}") }
}

impl Tenant {
    /// Its domain name, such as `contoso.onmicrosoft.com`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its directory id.
    pub fn id(&self) -> Guid {
        self.id
    }

    /// The hosts it answers to; the first is the one in `iss` when no request names another.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Built-in policies `B2C_1_…`, which issue tokens without any XML.
    pub fn user_flows(&self) -> &[String] {
        &self.user_flows
    }

    /// Whether it is a fixture: public on purpose, and allowed to hold development secrets in clear.
    pub fn is_fixture(&self) -> bool {
        self.kind == Kind::Fixture
    }

    /// Whether it is the one that is built in, whose registrations can't be changed.
    pub fn is_embedded(&self) -> bool {
        self.place == Place::Embedded
    }

    /// Its documents; of the embedded tenant those that it gained, its keys.
    pub fn documents(&self) -> &Arc<dyn Documents> {
        &self.documents
    }

    /// Its policy keys.
    pub fn keys(&self) -> &KeyStore {
        &self.keys
    }

    /// The same tenant, whose policy keys are encrypted with that passphrase.
    pub fn with_key_passphrase(self, passphrase: Option<Secret>) -> Self {
        Self { keys: self.keys.with_passphrase(passphrase), ..self }
    }

    /// What its `baseline.toml` says, where it has one.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }

    /// Its apps, by file name.
    pub fn apps(&self) -> &[App] {
        &self.apps
    }

    /// What loading noticed and a person should know: whole sentences, without secrets.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether `text` names this tenant: its domain name or its id, without regard to case.
    pub fn is_called(&self, text: &str) -> bool {
        self.name.eq_ignore_ascii_case(text) || text.parse() == Ok(self.id)
    }

    /// The app with this application id.
    pub fn app(&self, app_id: Guid) -> Option<&App> {
        self.apps.iter().find(|app| app.app_id == app_id)
    }

    /// The app whose registration has this object id.
    pub fn app_of_object(&self, object_id: Guid) -> Option<&App> {
        self.apps.iter().find(|app| app.graph_id() == object_id)
    }

    /// The app whose service principal has this object id.
    pub fn app_of_service_principal(&self, object_id: Guid) -> Option<&App> {
        self.apps.iter().find(|app| app.service_principal_id == Some(object_id))
    }

    /// The app with this application id (in any case), or with exactly this name.
    ///
    /// # Errors
    /// [`FindError`] when there is none, or when several have the name.
    pub fn find(&self, wanted: &str) -> Result<&App, FindError> {
        if let Some(app) = wanted.parse().ok().and_then(|app_id| self.app(app_id)) {
            return Ok(app);
        }
        let named: Vec<&App> = self.apps.iter().filter(|app| app.name == wanted).collect();
        match named[..] {
            [app] => Ok(app),
            [] => Err(self.not_found(wanted)),
            _ => Err(FindError::Ambiguous {
                wanted: wanted.into(),
                candidates: named.iter().map(|app| app.app_id.to_string()).collect(),
            }),
        }
    }

    /// Digests a secret that a client presented. Do it before looking at who the client is.
    pub fn present(&self, secret: &Secret) -> PresentedSecret {
        self.digester.present(secret)
    }

    pub(crate) fn digester(&self) -> &Digester {
        &self.digester
    }

    /// Puts a changed or new app in its place.
    pub(crate) fn put(&mut self, app: App) {
        match self.apps.iter_mut().find(|other| other.stem() == app.stem()) {
            Some(place) => *place = app,
            None => self.apps.push(app),
        }
        self.apps.sort_by(|one, other| one.stem().cmp(other.stem()));
    }

    /// Takes an app out.
    pub(crate) fn forget(&mut self, app_id: Guid) {
        self.apps.retain(|app| app.app_id != app_id);
    }

    /// Takes over a pepper that was just made.
    pub(crate) fn set_digester(&mut self, digester: Digester) {
        self.digester = digester;
    }

    fn not_found(&self, wanted: &str) -> FindError {
        let known = self.apps.iter().map(|app| format!("{} ({})", app.name, app.app_id)).collect();
        FindError::NotFound { wanted: wanted.into(), tenant: self.name.clone(), known }
    }
}

#[cfg(test)]
mod tests;
