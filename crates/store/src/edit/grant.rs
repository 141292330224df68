use serde_json::{Value, json};

use crate::app::{App, AppRole, AppRoleAssignment};
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::{EditError, list};

/// Whether an administrator consents to the permissions that are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminConsent {
    /// The permissions are granted: tokens will carry them.
    Granted,
    /// The permissions are configured (`requiredResourceAccess`) and nothing is granted.
    NotYet,
}

impl Tenant {
    /// Adds application permissions of `api` to `app`, by role value or role id. With consent each is also assigned,
    /// and service principals that are missing are made, as consent does in Azure. Only the named roles are granted.
    ///
    /// # Errors
    /// No such app or role, a role that is disabled or not for applications, files that can't be read or written.
    pub fn grant(
        &mut self,
        app: &str,
        api: &str,
        roles: &[&str],
        consent: AdminConsent,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<&App, EditError> {
        let api = self.find(api)?;
        let (resource_app_id, api_has_principal) = (api.app_id, api.service_principal_id.is_some());
        let ids = roles.iter().map(|role| grantable(api, role)).collect::<Result<Vec<_>, _>>()?;
        if ids.is_empty() {
            return Err(EditError::invalid("role", "", "is missing: name at least one role of the API"));
        }
        if consent == AdminConsent::Granted && !api_has_principal {
            self.need_service_principal(resource_app_id, random)?;
        }
        let principal = Guid::random(random);
        let change = |manifest: &mut Value, registration: &mut crate::app::Registration| {
            configure(manifest, resource_app_id, &ids)?;
            if consent == AdminConsent::Granted {
                registration.service_principal_id.get_or_insert(principal);
                let granted = &mut registration.app_role_assignments;
                for app_role_id in ids {
                    let assignment = AppRoleAssignment { resource_app_id, app_role_id };
                    if !granted.contains(&assignment) {
                        granted.push(assignment);
                    }
                }
            }
            Ok(())
        };
        self.edit(app, change).map(|((), app)| app)
    }

    fn need_service_principal(&mut self, api: Guid, random: &mut dyn FnMut(&mut [u8])) -> Result<(), EditError> {
        let principal = Guid::random(random);
        self.edit(&api.to_string(), |_, registration| {
            registration.service_principal_id.get_or_insert(principal);
            Ok(())
        })
        .map(|_| ())
    }
}

/// The id of the role that `wanted` names, if an application can have it.
fn grantable(api: &App, wanted: &str) -> Result<Guid, EditError> {
    let is_wanted = |role: &&AppRole| role.value.as_deref() == Some(wanted) || wanted.parse() == Ok(role.id);
    let Some(role) = api.app_roles.iter().find(is_wanted) else {
        let known: Vec<_> = api.app_roles.iter().filter_map(|role| role.value.as_deref()).collect();
        let known = if known.is_empty() { "it has none".into() } else { format!("it has {}", known.join(", ")) };
        return Err(EditError::invalid("role", wanted, format!("is not a role of `{}`: {known}", api.name)));
    };
    if !role.is_enabled {
        return Err(EditError::invalid("role", wanted, "is disabled (`isEnabled`)"));
    }
    if !role.allowed_member_types.iter().any(|kind| kind == "Application") {
        return Err(EditError::invalid("role", wanted, "is not for applications (`allowedMemberTypes`)"));
    }
    Ok(role.id)
}

/// Adds the roles to `requiredResourceAccess`, each once.
fn configure(manifest: &mut Value, resource_app_id: Guid, roles: &[Guid]) -> Result<(), EditError> {
    let is_guid = |value: &Value, guid: Guid| value.as_str().is_some_and(|text| text.parse() == Ok(guid));
    let resources = list(manifest, "requiredResourceAccess")?;
    let at = resources.iter().position(|resource| is_guid(&resource["resourceAppId"], resource_app_id));
    let at = at.unwrap_or_else(|| {
        resources.push(json!({ "resourceAppId": resource_app_id, "resourceAccess": [] }));
        resources.len() - 1
    });
    let Some(resource) = resources.get_mut(at) else { return Ok(()) };
    let configured = list(resource, "resourceAccess")?;
    for role in roles {
        if !configured.iter().any(|it| is_guid(&it["id"], *role)) {
            configured.push(json!({ "id": role, "type": "Role" }));
        }
    }
    Ok(())
}
