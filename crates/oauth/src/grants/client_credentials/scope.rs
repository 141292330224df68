//! The scope of a client credentials request: one API's URI and `/.default`. `endpoints.md` 2.5.

use std::borrow::Cow;

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
    let mut resources = scopes.filter(|scope| !OPENID_SCOPES.contains(scope));
    let Some(first) = resources.next().map(|scope| Asked::new(tenant, scope)) else {
        return Err(ProtocolError::ScopeWithoutResource { scope: scope.into() }.into());
    };
    let mut concrete = (!first.is_default).then_some(first.scope);
    for other in resources.filter(|scope| *scope != first.scope) {
        let other = Asked::new(tenant, other);
        // The first other resource ends it: each one costs a look at every app.
        if !first.is_same_resource(&other) {
            return Err(ProtocolError::SeveralResources { scope: scope.into() }.into());
        }
        concrete = concrete.or((!other.is_default).then_some(other.scope));
    }
    let Some(api) = first.api else {
        // Not what was sent: a client that mixes its parameters up sends its secret.
        return Err(unsupported(first.scope, "no app of the tenant has the Application ID URI that was asked for"));
    };
    if let Some(concrete) = concrete {
        let detail = format!("the client credentials grant takes `/.default` of `{}` and no other scope", api.name);
        return Err(unsupported(concrete, detail));
    }
    if api.service_principal_id.is_none() {
        return Err(unsupported(first.scope, format!("the API `{}` has no service principal", api.name)));
    }
    Ok(api)
}

fn unsupported(scope: &str, detail: impl Into<Cow<'static, str>>) -> TokenError {
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
            (None, None) => is_same_uri(self.resource, other.resource),
            _ => false,
        }
    }
}

/// The app that `resource` names: by an Application ID URI, then the same without a trailing slash, or by its id.
fn api<'a>(tenant: &'a Tenant, resource: &str) -> Option<&'a App> {
    let with = |is_meant: &dyn Fn(&str) -> bool| {
        tenant.apps().iter().find(|app| app.identifier_uris.iter().any(|uri| is_meant(uri)))
    };
    let by_id = || resource.parse().ok().and_then(|app_id| tenant.app(app_id));
    with(&|uri| is_same_uri(uri, resource))
        .or_else(|| with(&|uri| is_same_uri(without_slash(uri), without_slash(resource))))
        .or_else(by_id)
}

fn without_slash(uri: &str) -> &str {
    uri.strip_suffix('/').unwrap_or(uri)
}

/// Scheme, host and GUIDs compare without regard to case, the rest as written. Nothing is allocated: a request may hold
/// thousands of scopes, and a tenant hundreds of apps.
fn is_same_uri(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let ((scheme, rest), (other_scheme, other_rest)) = (scheme_and_rest(one), scheme_and_rest(other));
    let has_host = !scheme.is_empty();
    let mut others = other_rest.split('/');
    let all_same = rest.split('/').enumerate().all(|(at, segment)| {
        let Some(other) = others.next() else { return false };
        let ignores_case = || (at == 0 && has_host) || segment.parse::<Guid>().is_ok();
        segment == other || (segment.eq_ignore_ascii_case(other) && ignores_case())
    });
    all_same && others.next().is_none() && scheme.eq_ignore_ascii_case(other_scheme)
}

fn scheme_and_rest(uri: &str) -> (&str, &str) {
    uri.split_once("://").unwrap_or(("", uri))
}
