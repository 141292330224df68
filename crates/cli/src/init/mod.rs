//! What `wayfarer init` writes: a policy set, a tenant and what goes with them. The policies are those of `policies/` in
//! Wayfarer's repository, which are checked and run in its tests.

use crate::output::Failure;
use jiff::Timestamp;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_runtime::Random;
use wayfarer_store::{AdminConsent, EditError, Folder, Guid, Tenant};

/// The tenant that the texts below name.
const CONTOSO: &str = "contoso.onmicrosoft.com";

/// Texts by their paths.
const FILES: [(&str, &str); 5] = [
    ("policies/TrustFrameworkBase.xml", include_str!("../../../../policies/client-credentials/TrustFrameworkBase.xml")),
    (
        "policies/TrustFrameworkExtensions.xml",
        include_str!("../../../../policies/client-credentials/TrustFrameworkExtensions.xml"),
    ),
    ("policies/ClientCredentials.xml", include_str!("../../../../policies/client-credentials/ClientCredentials.xml")),
    ("wayfarer.toml", include_str!("wayfarer.toml")),
    ("README.md", include_str!("readme.md")),
];

/// The tenant folder.
const TENANT: &str = "tenant";
const API: &str = "my-api";
const CLIENT: &str = "my-client";
const ROLES: [&str; 2] = ["app.read", "app.write"];

/// Writes everything into a folder, for a tenant of that name. Gives the paths that are there now.
///
/// # Errors
/// Something of it is there already: then nothing is written.
pub(crate) fn write(folder: &Path, tenant: &str) -> Result<Vec<PathBuf>, Failure> {
    let places: Vec<PathBuf> = FILES.iter().map(|(path, _)| folder.join(path)).chain([folder.join(TENANT)]).collect();
    let taken: Vec<&PathBuf> = places.iter().filter(|it| fs::symlink_metadata(it).is_ok()).collect();
    if !taken.is_empty() {
        let list: String = taken.iter().map(|it| format!("\n  {}", it.display())).collect();
        return Err(Failure::new(format!(
            "nothing was written, for `init` writes over nothing, and here are already:{list}"
        ))
        .help("name a folder of its own: `wayfarer init DIR`"));
    }
    if folder.exists() && !folder.is_dir() {
        return Err(
            Failure::new(format!("`{}` is no folder", folder.display())).help("name a folder: `wayfarer init DIR`")
        );
    }
    // The first of all: it judges the name.
    let client = make_tenant(&folder.join(TENANT), tenant).map_err(|error| match error {
        EditError::Invalid { .. } => {
            Failure::new(error).help("name your tenant with `--tenant-name NAME.onmicrosoft.com`")
        }
        other => Failure::new(other),
    })?;
    for ((_, text), place) in FILES.iter().zip(&places) {
        create(place, &text.replace(CONTOSO, tenant).replace("CLIENT_ID", &client.to_string())).map_err(|error| {
            Failure::new(format!("cannot write `{}`: {error}", place.display())).help("make the folder writable")
        })?;
    }
    Ok(places)
}

/// Steps 1 to 2.2 of the client credentials article: an API with roles, and a client that has been granted them. Gives the
/// client's application id.
fn make_tenant(folder: &Path, name: &str) -> Result<Guid, EditError> {
    let mut random = |bytes: &mut [u8]| Random::System.fill(bytes);
    let mut tenant = Tenant::create(Arc::new(Folder::new(folder)), &name.parse()?, &mut random)?;
    let now = Timestamp::now();
    tenant.create_app(API, now, &mut random)?;
    tenant.set_uri(API, API)?;
    for role in ROLES {
        tenant.add_role(API, role, &mut random)?;
    }
    tenant.create_app(CLIENT, now, &mut random)?;
    Ok(tenant.grant(CLIENT, API, &ROLES, AdminConsent::Granted, &mut random)?.app_id)
}

/// Writes a new file; never over another.
fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
