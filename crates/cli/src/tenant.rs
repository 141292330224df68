//! The tenant that a command works in: in a folder, in a database, or the one that is built in.

use crate::args::{Passphrase, Place, TenantPlace};
use crate::output::Failure;
use crate::secrets;
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_compiler::{TenantBaseline, TenantIdentity};
use wayfarer_store::{AttributeType, Database, Tenant, embedded_contoso};

pub(crate) fn load(place: &TenantPlace) -> Result<Tenant, Failure> {
    open(place.place()?)
}

/// A tenant that may be changed.
pub(crate) fn load_to_change(place: &TenantPlace) -> Result<Tenant, Failure> {
    match place.place()? {
        Place::BuiltIn => Err(Failure::new("the built-in tenant can't be changed")
            .help("name a tenant folder with `--tenant DIR`, or a database with `--database URL`")),
        place => open(place),
    }
}

/// A tenant with what opens its policy keys.
pub(crate) fn load_with_keys(place: &TenantPlace, passphrase: &Passphrase) -> Result<Tenant, Failure> {
    Ok(load(place)?.with_key_passphrase(secrets::passphrase(passphrase)?))
}

fn open(place: Place<'_>) -> Result<Tenant, Failure> {
    match place {
        Place::BuiltIn => embedded_contoso(&home()?).map_err(Failure::new),
        Place::Folder(folder) => Tenant::load(folder).map_err(Failure::new),
        Place::Database(file) => in_database(&file),
    }
}

fn in_database(file: &Path) -> Result<Tenant, Failure> {
    let found = Database::open_existing(file).map_err(Failure::new)?;
    let documents = found.ok_or_else(|| {
        Failure::new(format!("there is no database `{}`", file.display()))
            .help("`wayfarer tenant create` makes a tenant there, `wayfarer tenant import` brings one")
    })?;
    Tenant::open(Arc::new(documents)).map_err(Failure::new)
}

/// Where state lives that belongs to no folder: `$WAYFARER_HOME`, else the platform's place for an application's state.
pub(crate) fn home() -> Result<PathBuf, Failure> {
    if let Some(home) = std::env::var_os("WAYFARER_HOME").filter(|it| !it.is_empty()) {
        return Ok(home.into());
    }
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::new("there is no home folder").help("set WAYFARER_HOME to a folder that can be written")
    })?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("wayfarer"))
}

pub(crate) fn identity(tenant: &Tenant) -> TenantIdentity {
    TenantIdentity { name: tenant.name().to_owned(), object_id: tenant.id().to_string() }
}

/// What the tenant has that policies refer to.
pub(crate) fn baseline(place: Place<'_>) -> Result<TenantBaseline, Failure> {
    let tenant = open(place)?;
    let Some(baseline) = tenant.baseline() else {
        let failure = Failure::new(format!("`{}` holds no `baseline.toml`", tenant.documents().place("").display()));
        return Err(failure.help("list there what the tenant has, such as `policy_keys = [\"B2C_1A_Key\"]`"));
    };
    let data_type = |it: AttributeType| match it {
        AttributeType::Boolean => "boolean",
        AttributeType::DateTime => "dateTime",
        AttributeType::Integer => "int",
        AttributeType::LargeInteger => "long",
        AttributeType::String => "string",
    };
    let attributes = baseline.extension_attributes.iter();
    Ok(TenantBaseline {
        name: tenant.name().to_owned(),
        policy_keys: baseline.policy_keys.clone(),
        extensions_app: baseline.extensions_app.as_ref().map(|it| (it.client_id.to_string(), it.object_id.to_string())),
        extension_attributes: attributes.map(|(name, it)| (name.clone(), data_type(*it).to_owned())).collect(),
    })
}
