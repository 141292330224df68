use crate::guid::Guid;
use crate::tenant::Tenant;

use super::{EditError, list, manifest_name, side_name};

impl Tenant {
    /// Takes an app away for good, with its service principal, its secrets, and what others were granted for it.
    ///
    /// # Errors
    /// No such app, files that can't be read or written.
    pub fn delete_app(&mut self, app_id: Guid) -> Result<(), EditError> {
        self.changing(|tenant, writer| {
            let stem = tenant.find(&app_id.to_string())?.stem().to_owned();
            tenant.withdraw(writer, app_id, &|_| true)?;
            // The manifest first: a side file without one is nobody's, a manifest without its side file is another app.
            writer.remove(&manifest_name(&stem))?;
            writer.remove(&side_name(&stem))?;
            tenant.forget(app_id);
            Ok(())
        })
    }

    /// Takes a client secret away: whoever uses it is no longer known.
    ///
    /// # Errors
    /// No such app or secret, files that can't be read or written.
    pub fn remove_secret(&mut self, app_id: Guid, key_id: Guid) -> Result<(), EditError> {
        self.edit_app(app_id, |manifest, registration| {
            let is_it = |credential: &serde_json::Value| {
                credential["keyId"].as_str().and_then(|it| it.parse().ok()) == Some(key_id)
            };
            let credentials = list(manifest, "passwordCredentials")?;
            let before = credentials.len();
            credentials.retain(|credential| !is_it(credential));
            if credentials.len() == before {
                return Err(EditError::Missing { what: "password credential", value: key_id.to_string() });
            }
            registration.secrets.retain(|entry| entry.key_id != key_id);
            Ok(())
        })
        .map(|_| ())
    }
}
