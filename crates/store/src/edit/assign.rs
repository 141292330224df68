use crate::app::{App, AppRoleAssignment};
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::EditError;
use super::grant::{assign, assignable};

impl Tenant {
    /// Assigns a role of the service principal `resource` to the service principal `principal`: what admin consent writes.
    /// The nil id means "without a role", and is taken where the API declares none (`graph.md` 1.3).
    ///
    /// # Errors
    /// No such service principal, a role that the API lacks or that no application can have, an assignment that is there.
    pub fn assign_role(&mut self, principal: Guid, resource: Guid, role: Guid) -> Result<(), EditError> {
        self.changing(|tenant, writer| {
            let api = tenant.owner_of(resource)?;
            let resource_app_id = api.app_id;
            check_role(api, role)?;
            let holder = tenant.owner_of(principal)?;
            if holder.has_assignment(resource_app_id, role) {
                return Err(EditError::Exists { what: "assignment of the app role", value: role.to_string() });
            }
            let holder = holder.app_id.to_string();
            tenant.edit_within(writer, &holder, |_, registration| {
                assign(registration, resource_app_id, role);
                Ok(())
            })
        })
    }

    /// Takes an assignment of the service principal `principal` away.
    ///
    /// # Errors
    /// No such service principal or assignment, files that can't be read or written.
    pub fn unassign_role(&mut self, principal: Guid, assignment: AppRoleAssignment) -> Result<(), EditError> {
        self.changing(|tenant, writer| {
            let holder = tenant.owner_of(principal)?.app_id.to_string();
            tenant.edit_within(writer, &holder, |_, registration| {
                let before = registration.app_role_assignments.len();
                registration.app_role_assignments.retain(|it| *it != assignment);
                if registration.app_role_assignments.len() == before {
                    let value = assignment.app_role_id.to_string();
                    return Err(EditError::Missing { what: "assignment of the app role", value });
                }
                Ok(())
            })
        })
    }
}

fn check_role(api: &App, role: Guid) -> Result<(), EditError> {
    if role.is_nil() && api.app_roles.is_empty() {
        return Ok(());
    }
    assignable(api, &role.to_string()).map(|_| ())
}
