//! The scope of a client credentials request: one API's URI and `/.default`. `endpoints.md` 2.5.

use wayfarer_store::{App, Guid, Tenant};

use crate::error::{ProtocolError, TokenError};

const DEFAULT: &str = "/.default";
/// What client libraries add by themselves; in this grant they mean nothing.
const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The API that `scope` asks for.
///
/// The order of the checks is that of `endpoints.md` 2.6: one resource, a known one, `.default`.
pub(super) fn resource<'a>(tenant: &'a Tenant, scope: &str) -> Result<&'a App, TokenError> {
    if let Some(character) = scope.chars().find(|c| !is_scope_character(*c)) {
        return Err(ProtocolError::IllegalScopeCharacter { character }.into());
    }
    let mut scopes = scope.split(' ').filter(|scope| !scope.is_empty()).peekable();
    if scopes.peek().is_none() {
        return Err(ProtocolError::ScopeMissing.into());
    }
    let resources = scopes.filter(|scope| !OPENID_SCOPES.contains(scope));
    let asked: Vec<Asked<'_, 'a>> = resources.map(|scope| Asked::new(tenant, scope)).collect();
    let Some(first) = asked.first() else {
        return Err(ProtocolError::ScopeWithoutResource { scope: scope.into() }.into());
    };
    if asked.iter().any(|other| !first.is_same_resource(other)) {
        return Err(ProtocolError::SeveralResources { scope: scope.into() }.into());
    }
    let Some(api) = first.api else {
        return Err(unsupported(
            first.scope,
            format!("no app of the tenant has the Application ID URI `{}`", first.resource),
        ));
    };
    if let Some(concrete) = asked.iter().find(|asked| !asked.is_default) {
        let detail = format!("the client credentials grant takes `{}/.default` and no other scope", first.resource);
        return Err(unsupported(concrete.scope, detail));
    }
    if api.service_principal_id.is_none() {
        return Err(unsupported(first.scope, format!("the API `{}` has no service principal", api.name)));
    }
    Ok(api)
}

fn unsupported(scope: &str, detail: String) -> TokenError {
    TokenError::new(ProtocolError::UnsupportedScope { scope: scope.into() }).with_detail(detail)
}

/// RFC 6749 §3.3: `%x21 / %x23-5B / %x5D-7E`, separated by spaces.
fn is_scope_character(c: char) -> bool {
    matches!(c, ' ' | '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e')
}

/// One scope that was asked for.
struct Asked<'s, 't> {
    scope: &'s str,
    resource: &'s str,
    is_default: bool,
    api: Option<&'t App>,
}

impl<'s, 't> Asked<'s, 't> {
    fn new(tenant: &'t Tenant, scope: &'s str) -> Self {
        if let Some(resource) = scope.strip_suffix(DEFAULT) {
            return Self { scope, resource, is_default: true, api: api(tenant, resource) };
        }
        // A bare resource, or a concrete scope `<resource>/<value>`.
        let parent = scope.rsplit_once('/').map_or(scope, |(parent, _)| parent);
        let (resource, api) = match (api(tenant, scope), api(tenant, parent)) {
            (Some(api), _) => (scope, Some(api)),
            (None, api) => (parent, api),
        };
        Self { scope, resource, is_default: false, api }
    }

    fn is_same_resource(&self, other: &Self) -> bool {
        match (self.api, other.api) {
            (Some(one), Some(other)) => one.app_id == other.app_id,
            (None, None) => normal(self.resource) == normal(other.resource),
            _ => false,
        }
    }
}

/// The app that `resource` names: by an Application ID URI, then the same without a trailing slash, or by its id.
fn api<'a>(tenant: &'a Tenant, resource: &str) -> Option<&'a App> {
    let wanted = normal(resource);
    let with = |matches: &dyn Fn(&str) -> bool| {
        tenant.apps().iter().find(|app| app.identifier_uris.iter().any(|uri| matches(&normal(uri))))
    };
    let bare = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
    let by_id = || resource.parse().ok().and_then(|app_id| tenant.app(app_id));
    with(&|uri| uri == wanted).or_else(|| with(&|uri| bare(uri) == bare(&wanted))).or_else(by_id)
}

/// A URI as it is compared: scheme, host and GUIDs in lower case, the rest as written.
fn normal(uri: &str) -> String {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let segments = rest.split('/').enumerate().map(|(at, segment)| {
        let is_host = at == 0 && !scheme.is_empty();
        if is_host || segment.parse::<Guid>().is_ok() { segment.to_ascii_lowercase() } else { segment.to_owned() }
    });
    format!("{}://{}", scheme.to_ascii_lowercase(), segments.collect::<Vec<_>>().join("/"))
}
