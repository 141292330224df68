use serde_json::{Value, json};

use crate::app::{App, AppRole, AppRoleAssignment, Registration};
use crate::documents::Change;
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
        if roles.is_empty() {
            return Err(EditError::invalid("role", "", "is missing: name at least one role of the API"));
        }
        let principals = [Guid::random(random), Guid::random(random)];
        let app_id = self.changing(|tenant, writer| {
            let api = tenant.find(api)?;
            let resource_app_id = api.app_id;
            let ids = roles.iter().map(|role| assignable(api, role)).collect::<Result<Vec<_>, _>>()?;
            let app_id = tenant.find(app)?.app_id;
            if consent == AdminConsent::Granted {
                for (app_id, principal) in [resource_app_id, app_id].into_iter().zip(principals) {
                    tenant.need_service_principal(writer, app_id, principal)?;
                }
            }
            tenant.edit_within(writer, app, |manifest, registration| {
                configure(manifest, resource_app_id, &ids)?;
                if consent == AdminConsent::Granted {
                    ids.iter().for_each(|id| assign(registration, resource_app_id, *id));
                }
                Ok(())
            })?;
            Ok(app_id)
        })?;
        self.find(&app_id.to_string()).map_err(EditError::from)
    }

    /// Gives an app the service principal of that id unless it has one.
    pub(crate) fn need_service_principal(
        &mut self,
        writer: &mut dyn Change,
        app_id: Guid,
        principal: Guid,
    ) -> Result<(), EditError> {
        self.edit_within(writer, &app_id.to_string(), |_, registration| {
            registration.service_principal_id.get_or_insert(principal);
            Ok(())
        })
    }
}

pub(super) fn assign(registration: &mut Registration, resource_app_id: Guid, app_role_id: Guid) {
    let assignment = AppRoleAssignment { resource_app_id, app_role_id };
    if !registration.app_role_assignments.contains(&assignment) {
        registration.app_role_assignments.push(assignment);
    }
}

/// The id of the role that `wanted` names, if an application can have it.
pub(super) fn assignable(api: &App, wanted: &str) -> Result<Guid, EditError> {
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
