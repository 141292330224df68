use crate::app::{App, Registration};
use crate::documents::Change;
use crate::guid::Guid;
use crate::tenant::Tenant;

use super::EditError;

impl Tenant {
    /// Makes the service principal of an app: without one it gets no token, and nothing can be granted to it or for it.
    ///
    /// # Errors
    /// No such app, one that has a service principal, files that can't be read or written.
    pub fn create_service_principal(
        &mut self,
        app_id: Guid,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<&App, EditError> {
        let principal = Guid::random(random);
        self.edit_app(app_id, |_, registration| match registration.service_principal_id {
            Some(_) => {
                Err(EditError::Exists { what: "service principal of the application", value: app_id.to_string() })
            }
            None => {
                registration.service_principal_id = Some(principal);
                Ok(())
            }
        })
    }

    /// Sets `accountEnabled` of the service principal `principal`: a disabled one gets no token.
    ///
    /// # Errors
    /// No such service principal, files that can't be read or written.
    pub fn set_account_enabled(&mut self, principal: Guid, enabled: bool) -> Result<&App, EditError> {
        let app_id = self.changing(|tenant, writer| {
            let app_id = tenant.owner_of(principal)?.app_id;
            tenant.edit_within(writer, &app_id.to_string(), |_, registration| {
                registration.account_enabled = enabled;
                Ok(())
            })?;
            Ok(app_id)
        })?;
        Ok(self.find(&app_id.to_string())?)
    }

    /// Takes away the service principal `principal`, with what was granted to it and what others were granted for it. The
    /// registration stays.
    ///
    /// # Errors
    /// No such service principal, files that can't be read or written.
    pub fn delete_service_principal(&mut self, principal: Guid) -> Result<(), EditError> {
        self.changing(|tenant, writer| {
            let app_id = tenant.owner_of(principal)?.app_id;
            tenant.withdraw(writer, app_id, &|_| true)?;
            tenant.edit_within(writer, &app_id.to_string(), |_, registration| {
                *registration =
                    Registration { secrets: std::mem::take(&mut registration.secrets), ..Default::default() };
                Ok(())
            })
        })
    }

    /// The app whose service principal has this object id.
    pub(super) fn owner_of(&self, principal: Guid) -> Result<&App, EditError> {
        let missing = || EditError::Missing { what: "service principal", value: principal.to_string() };
        self.app_of_service_principal(principal).ok_or_else(missing)
    }

    /// Takes from all apps what they were granted of one API, for the roles that `gone` names.
    pub(super) fn withdraw(
        &mut self,
        writer: &mut dyn Change,
        resource_app_id: Guid,
        gone: &dyn Fn(Guid) -> bool,
    ) -> Result<(), EditError> {
        let is_gone =
            |it: &crate::app::AppRoleAssignment| it.resource_app_id == resource_app_id && gone(it.app_role_id);
        let holders = self.apps().iter().filter(|app| app.app_role_assignments.iter().any(is_gone));
        let holders: Vec<Guid> = holders.map(|app| app.app_id).collect();
        for holder in holders {
            self.edit_within(writer, &holder.to_string(), |_, registration| {
                registration.app_role_assignments.retain(|it| !is_gone(it));
                Ok(())
            })?;
        }
        Ok(())
    }
}
