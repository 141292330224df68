use wayfarer_store::{App, Tenant};

use super::granted_roles;

/// The tenant does not tell by itself which app or API is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefaultsError {
    /// Nothing was granted to any app.
    #[error(
        "no app of tenant `{tenant}` was granted application roles: `wayfarer app grant APP API ROLE --admin-consent`"
    )]
    NoClient {
        /// The tenant's name.
        tenant: String,
    },
    /// Several apps were granted something.
    #[error("several apps have granted application roles: {}; choose one with --client", candidates.join(", "))]
    SeveralClients {
        /// The apps, as `name (appId)`.
        candidates: Vec<String>,
    },
    /// The app was granted nothing.
    #[error("`{client}` was granted no application roles: name the API with --scope")]
    NoApi {
        /// The app's name.
        client: String,
    },
    /// The app was granted roles of several APIs.
    #[error("`{client}` has roles of several APIs: {}; choose one with --scope", scopes.join(", "))]
    SeveralApis {
        /// The app's name.
        client: String,
        /// A scope for each API.
        scopes: Vec<String>,
    },
}

/// The only app with granted application roles.
///
/// # Errors
/// [`DefaultsError`] when there is none, or a list when there are several.
pub fn default_client(tenant: &Tenant) -> Result<&App, DefaultsError> {
    let candidates: Vec<&App> = tenant.apps().iter().filter(|app| apis(tenant, app).next().is_some()).collect();
    match candidates[..] {
        [client] => Ok(client),
        [] => Err(DefaultsError::NoClient { tenant: tenant.name().into() }),
        _ => Err(DefaultsError::SeveralClients {
            candidates: candidates.iter().map(|app| format!("{} ({})", app.name, app.app_id)).collect(),
        }),
    }
}

/// The first Application ID URI (else the id) of the only API whose roles `client` was granted, and `/.default`.
///
/// # Errors
/// [`DefaultsError`] when there is none, or a list when there are several.
pub fn default_scope(tenant: &Tenant, client: &App) -> Result<String, DefaultsError> {
    let mut scopes: Vec<String> = apis(tenant, client).map(scope_of).collect();
    match scopes.len() {
        0 => Err(DefaultsError::NoApi { client: client.name.clone() }),
        1 => Ok(scopes.remove(0)),
        _ => Err(DefaultsError::SeveralApis { client: client.name.clone(), scopes }),
    }
}

fn apis<'a>(tenant: &'a Tenant, client: &App) -> impl Iterator<Item = &'a App> {
    tenant.apps().iter().filter(|api| granted_roles(client, api).next().is_some())
}

fn scope_of(api: &App) -> String {
    let resource = api.identifier_uris.first().cloned().unwrap_or_else(|| api.app_id.to_string());
    format!("{resource}/.default")
}
