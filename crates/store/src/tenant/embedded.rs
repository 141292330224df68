use std::path::Path;
use std::sync::Arc;

use crate::documents::Folder;

use super::load::{LoadError, Source, Sources, assemble};
use super::{Place, Tenant};

const NAME: &str = "contoso.onmicrosoft.com";

/// The tenant that is built in, so that everything runs before a folder exists: `fixtures/contoso`. What it gains, its
/// signing keys, lies in `home/tenants/contoso.onmicrosoft.com/keys`; nothing is written here.
///
/// # Errors
/// [`LoadError`] only if the fixture itself is broken, which a test excludes.
pub fn embedded_contoso(home: &Path) -> Result<Tenant, LoadError> {
    macro_rules! fixture {
        ($path:literal) => {
            Source {
                path: concat!("fixtures/contoso/", $path).into(),
                text: include_str!(concat!("../../../../fixtures/contoso/", $path)).to_owned().into(),
            }
        };
    }
    let sources = Sources {
        settings: fixture!("tenant.toml"),
        apps: vec![
            (fixture!("apps/ClientCredentials_app.json"), Some(fixture!("apps/ClientCredentials_app.wayfarer.toml"))),
            (fixture!("apps/my-api1.json"), Some(fixture!("apps/my-api1.wayfarer.toml"))),
        ],
        pepper: None,
        baseline: None,
    };
    assemble(&sources, Place::Embedded, Arc::new(Folder::new(home.join("tenants").join(NAME))))
}
