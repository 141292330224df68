use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::app::{App, Registration};
use crate::documents::{Documents, Folder, Reader, StoreError, Text};
use crate::guid::Guid;
use crate::keys::KeyStore;
use crate::secret::Digester;

use super::baseline::Baseline;
use super::settings::Settings;
use super::{Kind, PEPPER, Place, Tenant};

/// A tenant folder could not be loaded. Every message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The path is no folder.
    #[error("`{}` is not a folder: give a tenant folder, one that holds `tenant.toml`", path.display())]
    NotAFolder {
        /// What was given.
        path: PathBuf,
    },
    /// The folder is no tenant.
    #[error(
        "`{}` holds no `tenant.toml`: a tenant folder has one, with `name`, `id` (a GUID) and `hosts`",
        path.display()
    )]
    NoTenantFile {
        /// The folder.
        path: PathBuf,
    },
    /// The place holds no tenant yet.
    #[error("`{}` holds no tenant: `wayfarer tenant create` makes one there, `wayfarer tenant import` brings one", path.display())]
    NoTenant {
        /// The database.
        path: PathBuf,
    },
    /// A document can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A TOML or JSON file is malformed, or holds a value that can't be.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A manifest is JSON, but a member does not hold what it must.
    #[error("{}: {message}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The member and what it must be.
        message: String,
    },
    /// Two manifests have one application id.
    #[error("{} and {} have the same appId {app_id}: remove one", first.display(), second.display())]
    DuplicateAppId {
        /// The id.
        app_id: Guid,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A secret stands in clear in a tenant that is no fixture.
    #[error(
        "{}: a client secret in clear, and this tenant is no fixture (`fixture = true` in tenant.toml): \
         remove it and make a new one with `wayfarer app add-secret`",
        path.display()
    )]
    SecretInClear {
        /// The file.
        path: PathBuf,
    },
}

/// A file's text and where it came from.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) text: Text,
}

/// All that a tenant is made from.
pub(super) struct Sources {
    pub(super) settings: Source,
    pub(super) apps: Vec<(Source, Option<Source>)>,
    pub(super) pepper: Option<Zeroizing<Vec<u8>>>,
    pub(super) baseline: Option<Source>,
}

impl Tenant {
    /// Loads a tenant folder.
    ///
    /// # Errors
    /// [`LoadError`] names the file, the place in it, and what to do.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        if !folder.is_dir() {
            return Err(LoadError::NotAFolder { path: folder.to_owned() });
        }
        Self::open(Arc::new(Folder::new(folder))).map_err(|error| match error {
            LoadError::NoTenant { .. } => LoadError::NoTenantFile { path: folder.to_owned() },
            other => other,
        })
    }

    /// Loads the tenant that these documents are.
    ///
    /// # Errors
    /// As [`Tenant::load`].
    pub fn open(documents: Arc<dyn Documents>) -> Result<Self, LoadError> {
        let reader = Arc::clone(&documents);
        Self::read(&*reader, documents)
    }

    /// The tenant as `reader` sees it, which may be within a change of `documents`.
    pub(crate) fn read(reader: &dyn Reader, documents: Arc<dyn Documents>) -> Result<Self, LoadError> {
        let sources = gather(reader, &*documents)?;
        assemble(&sources, Place::Documents, documents)
    }
}

fn gather(reader: &dyn Reader, documents: &dyn Documents) -> Result<Sources, LoadError> {
    let source = |name: &str| -> Result<Option<Source>, LoadError> {
        let text = reader.read(name)?;
        Ok(text.map(|text| Source { path: documents.place(name), text }))
    };
    let Some(settings) = source("tenant.toml")? else {
        return Err(LoadError::NoTenant { path: documents.place("") });
    };
    let mut apps = Vec::new();
    for name in reader.list("apps")? {
        if let Some(stem) = name.strip_suffix(".json") {
            let side = source(&format!("{stem}.wayfarer.toml"))?;
            apps.extend(source(&name)?.map(|manifest| (manifest, side)));
        }
    }
    let pepper = source(PEPPER)?.map(|it| pepper(&it)).transpose()?;
    Ok(Sources { settings, apps, pepper, baseline: source("baseline.toml")? })
}

/// The HMAC key of a tenant's secret digests.
fn pepper(source: &Source) -> Result<Zeroizing<Vec<u8>>, LoadError> {
    let bytes = BASE64_STANDARD.decode(source.text.trim()).ok().map(Zeroizing::new);
    let message = "must be at least 32 bytes in base64: restore it, or remove it and make new secrets".to_owned();
    let error = LoadError::Manifest { path: source.path.clone(), message };
    bytes.filter(|it| it.len() >= 32).ok_or(error)
}

pub(super) fn assemble(sources: &Sources, place: Place, documents: Arc<dyn Documents>) -> Result<Tenant, LoadError> {
    let settings: Settings = toml_text(&sources.settings)?;
    let kind = if settings.fixture { Kind::Fixture } else { Kind::Ordinary };
    let digester = Digester::new(sources.pepper.as_ref().map(|pepper| pepper.as_slice()));
    let mut apps: BTreeMap<Guid, (&Path, App)> = BTreeMap::new();
    for (manifest, side) in &sources.apps {
        let app = app(manifest, side.as_ref(), kind, &digester)?;
        let app_id = app.app_id;
        if let Some((first, _)) = apps.insert(app_id, (&manifest.path, app)) {
            let (first, second) = (first.to_owned(), manifest.path.clone());
            return Err(LoadError::DuplicateAppId { app_id, first, second });
        }
    }
    let mut apps: Vec<App> = apps.into_values().map(|(_, app)| app).collect();
    apps.sort_by(|one, other| one.stem().cmp(other.stem()));
    let Settings { name, id, hosts, user_flows, .. } = settings;
    let baseline = sources.baseline.as_ref().map(toml_text::<Baseline>).transpose()?;
    let warnings = apps.iter().filter_map(|app| unverifiable(app, &*documents)).collect();
    let keys = KeyStore::new(Arc::clone(&documents));
    Ok(Tenant { name, id, hosts, user_flows, kind, place, documents, keys, digester, apps, warnings, baseline })
}

fn unverifiable(app: &App, documents: &dyn Documents) -> Option<String> {
    let lost = app.password_credentials.iter().any(|credential| credential.digest.is_none());
    let pepper = documents.place(PEPPER);
    lost.then(|| {
        format!(
            "`{}` ({}) has a client secret that this machine can't check: its digest or `{}` is missing; \
             make a new one with `wayfarer app add-secret`",
            app.name,
            app.app_id,
            pepper.display()
        )
    })
}

fn app(manifest: &Source, side: Option<&Source>, kind: Kind, digester: &Digester) -> Result<App, LoadError> {
    let value = json_text(manifest)?;
    let registration = side.map(toml_text::<Registration>).transpose()?.unwrap_or_default();
    if kind == Kind::Ordinary {
        refuse_clear_secrets(manifest, side, &value, &registration)?;
    }
    let stem = manifest.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    App::new(stem, value, registration, digester)
        .map_err(|error| LoadError::Manifest { path: manifest.path.clone(), message: error.to_string() })
}

fn refuse_clear_secrets(
    manifest: &Source,
    side: Option<&Source>,
    value: &Value,
    registration: &Registration,
) -> Result<(), LoadError> {
    let credentials = value["passwordCredentials"].as_array().into_iter().flatten();
    let in_clear = |credential: &Value| credential["secretText"].is_string() || credential["value"].is_string();
    if credentials.into_iter().any(in_clear) {
        return Err(LoadError::SecretInClear { path: manifest.path.clone() });
    }
    let side = side.filter(|_| registration.secrets.iter().any(|entry| entry.development_secret.is_some()));
    side.map_or(Ok(()), |side| Err(LoadError::SecretInClear { path: side.path.clone() }))
}

pub(crate) fn json_text(source: &Source) -> Result<Value, LoadError> {
    serde_json::from_str(&source.text).map_err(|error| {
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default().to_owned();
        let (line, column) = (error.line().max(1), error.column().max(1));
        LoadError::Malformed { path: source.path.clone(), line, column, message }
    })
}

pub(crate) fn toml_text<T: serde::de::DeserializeOwned>(source: &Source) -> Result<T, LoadError> {
    toml::from_str(&source.text).map_err(|error| {
        let (line, column) = place(&source.text, error.span());
        LoadError::Malformed { path: source.path.clone(), line, column, message: error.message().to_owned() }
    })
}

/// Line and column, from 1, of where `span` starts; without a span, of the start of the text.
fn place(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let before = text.get(..span.unwrap_or_default().start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (before.matches('\n').count() + 1, column + 1)
}
