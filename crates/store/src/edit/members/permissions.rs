//! Roles and scopes: what an API defines for others. Source: `graph.md` 1.2.

use serde_json::Value;

use crate::app::members::{Form, MEMBERS};
use crate::app::{App, Dialect};
use crate::edit::EditError;
use crate::edit::role::value_problem;
use crate::guid::Guid;

use super::Assignment;
use super::check::At;

/// `displayName` and `description` of a role are texts that the manifest requires.
pub(super) fn check_roles(at: &At<'_>) -> Result<(), EditError> {
    let roles = at.items()?;
    for role in &roles {
        role.only(&["allowedMemberTypes", "description", "displayName", "id", "isEnabled", "origin", "value"])?;
        role.get("isEnabled").flag()?;
        for name in ["displayName", "description"] {
            let text = role.get(name);
            if text.text()?.is_none_or(str::is_empty) {
                return Err(text.must("must be given"));
            }
        }
        let kinds = role.get("allowedMemberTypes");
        let items = kinds.items()?;
        if items.is_empty() {
            return Err(kinds.must("must have `Application`, `User` or both"));
        }
        items.iter().try_for_each(|it| it.one_of(&["Application", "User"]))?;
    }
    check_values(&roles)
}

pub(super) fn check_scopes(at: &At<'_>) -> Result<(), EditError> {
    let texts =
        ["adminConsentDescription", "adminConsentDisplayName", "userConsentDescription", "userConsentDisplayName"];
    let known: Vec<&str> = texts.iter().copied().chain(["id", "isEnabled", "origin", "type", "value"]).collect();
    let scopes = at.items()?;
    for scope in &scopes {
        scope.only(&known)?;
        scope.get("isEnabled").flag()?;
        scope.get("type").one_of(&["User", "Admin"])?;
        texts.iter().try_for_each(|name| scope.get(name).text().map(|_| ()))?;
    }
    check_values(&scopes)
}

/// Ids are unique, and so are values, which may be absent.
fn check_values(items: &[At<'_>]) -> Result<(), EditError> {
    let (mut ids, mut values): (Vec<Guid>, Vec<&str>) = (vec![], vec![]);
    for item in items {
        let (id, value) = (item.get("id"), item.get("value"));
        let guid = id.guid()?;
        if ids.contains(&guid) {
            return Err(id.must("is there twice"));
        }
        ids.push(guid);
        let Some(text) = value.text()? else { continue };
        value.no_problem(value_problem(text))?;
        if values.contains(&text) {
            return Err(value.must("is there twice"));
        }
        values.push(text);
    }
    Ok(())
}

/// An id is unique in the application, among roles and scopes alike, where a request sets both.
pub(super) fn check_together(assignments: &[Assignment<'_>]) -> Result<(), EditError> {
    let of = |form: Form| assignments.iter().find(|(member, _)| member.form == form).map(|(_, value)| *value);
    let (Some(roles), Some(scopes)) = (of(Form::Roles), of(Form::Scopes)) else { return Ok(()) };
    let ids = |list: &Value| -> Vec<Guid> {
        list.as_array().into_iter().flatten().filter_map(|it| it["id"].as_str()?.parse().ok()).collect()
    };
    let shared = ids(roles).into_iter().find(|id| ids(scopes).contains(id));
    shared.map_or(Ok(()), |id| Err(EditError::member("appRoles", format!("has the id `{id}` of a scope"))))
}

/// What is enabled can't go: it is disabled first.
pub(super) fn refuse_enabled_gone(before: &App, after: &App) -> Result<(), EditError> {
    for form in [Form::Roles, Form::Scopes] {
        let member = match form {
            Form::Roles => "appRoles",
            _ => "api.oauth2PermissionScopes",
        };
        let kept: Vec<Permission> = permissions(after, form);
        let gone = permissions(before, form).into_iter().find(|it| it.enabled && !kept.iter().any(|by| by.id == it.id));
        if let Some(gone) = gone {
            return Err(EditError::Enabled { member, value: gone.name });
        }
    }
    Ok(())
}

/// A role or a scope, as far as its end is concerned.
struct Permission {
    id: Guid,
    name: String,
    enabled: bool,
}

fn permissions(app: &App, form: Form) -> Vec<Permission> {
    let member = MEMBERS.iter().find(|member| member.form == form);
    let list = member.map(|it| it.read(app.manifest(), Dialect::of(app.manifest()))).unwrap_or_default();
    let permission = |item: &Value| {
        let id: Guid = item["id"].as_str()?.parse().ok()?;
        let name = item["value"].as_str().map_or_else(|| id.to_string(), str::to_owned);
        Some(Permission { id, name, enabled: item["isEnabled"].as_bool().unwrap_or(true) })
    };
    list.as_array().into_iter().flatten().filter_map(permission).collect()
}
