use serde_json::{Map, Value, json};

use crate::app::Dialect;

/// What a member holds: how it is shown, how it is written, and (in `edit/members`) what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The application's name.
    Name,
    /// A text or nothing.
    Text,
    /// A flag; absent is false.
    Flag,
    /// A flag or nothing.
    MaybeFlag,
    /// `signInAudience`.
    Audience,
    /// `requestedAccessTokenVersion`.
    Version,
    /// Application ID URIs.
    Uris,
    /// Any texts.
    Texts,
    /// GUIDs.
    Guids,
    /// `appRoles`.
    Roles,
    /// `oauth2PermissionScopes`.
    Scopes,
    /// `preAuthorizedApplications`.
    PreAuthorized,
    /// `requiredResourceAccess`.
    RequiredAccess,
    /// Redirect URIs of one platform, by its name in `replyUrlsWithType`.
    RedirectUris(&'static str),
    /// `passwordCredentials`.
    Passwords,
    /// `keyCredentials`.
    Keys,
    /// An object or nothing, kept as it is.
    Object,
    /// A list, kept as it is.
    List,
}

/// How Graph names what the portal's editor names otherwise, inside the items of a list: Graph's name, then the portal's.
type Names = &'static [(&'static str, &'static str)];

const OF_PRE_AUTHORIZED: Names = &[("appId", "appId"), ("delegatedPermissionIds", "permissionIds")];
const OF_KEYS: Names = &[
    ("customKeyIdentifier", "customKeyIdentifier"),
    ("displayName", "displayName"),
    ("endDateTime", "endDate"),
    ("key", "value"),
    ("keyId", "keyId"),
    ("startDateTime", "startDate"),
    ("type", "type"),
    ("usage", "usage"),
];
const OF_PASSWORDS: Names = &[
    ("customKeyIdentifier", "customKeyIdentifier"),
    ("displayName", "displayName"),
    ("endDateTime", "endDate"),
    ("hint", "hint"),
    ("keyId", "keyId"),
    ("secretText", "value"),
    ("startDateTime", "startDate"),
];

impl Form {
    /// What Graph shows where a manifest has nothing.
    pub(crate) fn absent(self) -> Value {
        match self {
            Self::Flag => json!(false),
            Self::Uris | Self::Texts | Self::Guids | Self::Roles | Self::Scopes | Self::PreAuthorized => json!([]),
            Self::RequiredAccess | Self::RedirectUris(_) | Self::Passwords | Self::Keys | Self::List => json!([]),
            Self::Name | Self::Text | Self::MaybeFlag | Self::Audience | Self::Version | Self::Object => Value::Null,
        }
    }

    /// A value of a manifest of either dialect as Graph shows it.
    pub(super) fn shown(self, value: &Value) -> Value {
        match self {
            Self::Passwords => items(value, |item| hidden(as_graph(item, OF_PASSWORDS), "secretText")),
            Self::Keys => items(value, |item| hidden(as_graph(item, OF_KEYS), "key")),
            Self::PreAuthorized => items(value, |item| as_graph(item, OF_PRE_AUTHORIZED)),
            Self::Scopes | Self::Roles => items(value, |item| without(item, "lang")),
            _ => value.clone(),
        }
    }

    /// What Graph takes as a manifest of that dialect has it.
    pub(super) fn written(self, value: Value, dialect: Dialect) -> Value {
        let names = match self {
            Self::Keys => OF_KEYS,
            Self::PreAuthorized => OF_PRE_AUTHORIZED,
            _ => return value,
        };
        if dialect == Dialect::Graph { value } else { items(&value, |item| as_portal(item, names)) }
    }
}

fn items(value: &Value, item: impl Fn(&Value) -> Value) -> Value {
    value.as_array().map_or_else(|| json!([]), |all| all.iter().map(item).collect())
}

fn as_graph(item: &Value, names: Names) -> Value {
    let found = |graph: &str, portal: &str| [&item[graph], &item[portal]].into_iter().find(|it| !it.is_null());
    let named =
        |(graph, portal): &(&str, &str)| ((*graph).to_owned(), found(graph, portal).cloned().unwrap_or_default());
    names.iter().map(named).collect::<Map<_, _>>().into()
}

fn as_portal(item: &Value, names: Names) -> Value {
    let named = |(graph, portal): &(&str, &str)| Some(((*portal).to_owned(), item.get(*graph)?.clone()));
    names.iter().filter_map(named).collect::<Map<_, _>>().into()
}

fn hidden(mut item: Value, member: &str) -> Value {
    item[member] = Value::Null;
    item
}

fn without(item: &Value, member: &str) -> Value {
    let members = item.as_object().into_iter().flatten().filter(|(name, _)| *name != member);
    members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// The platform of an entry of `replyUrlsWithType`. What is neither of the other two counts as web, as in `manifest.rs`.
fn platform_of(entry: &Value) -> &'static str {
    match entry["type"].as_str() {
        Some("Spa") => "Spa",
        Some("InstalledClient") => "InstalledClient",
        _ => "Web",
    }
}

/// The redirect URIs of one platform, from both dialects.
pub(super) fn redirect_uris(manifest: &Value, graph: &[&str], platform: &str) -> Value {
    let own = super::at(manifest, graph).as_array().into_iter().flatten();
    let typed = manifest["replyUrlsWithType"].as_array().into_iter().flatten();
    let typed = typed.filter(|entry| platform_of(entry) == platform).map(|entry| &entry["url"]);
    own.chain(typed).filter(|uri| uri.is_string()).cloned().collect()
}

/// Replaces the redirect URIs of one platform; those of the others keep their places.
pub(super) fn set_redirect_uris(manifest: &mut Value, platform: &str, uris: &Value) -> Option<()> {
    let place = super::place(manifest, &["replyUrlsWithType"])?;
    let others = place.as_array().into_iter().flatten().filter(|entry| platform_of(entry) != platform).cloned();
    let own = uris.as_array().into_iter().flatten().map(|uri| json!({ "url": uri, "type": platform }));
    *place = others.chain(own).collect();
    Some(())
}
