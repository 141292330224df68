use std::path::Path;

use crate::documents::{Documents, Folder, StoreError};
use crate::guid::Guid;
use crate::tenant::{Tenant, is_domain};

use super::EditError;

impl Tenant {
    /// Makes a tenant folder: `tenant.toml` with a new tenant id, and no apps. It is reached at the host that a tenant of
    /// this name has in the cloud, and on this machine.
    ///
    /// # Errors
    /// A name that is no domain name, a folder that holds a `tenant.toml` already, files that can't be written.
    pub fn create(folder: &Path, name: &str, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, EditError> {
        if !is_domain(name) || !name.contains('.') {
            let problem = "is not a domain name such as `contoso.onmicrosoft.com`";
            return Err(EditError::invalid("tenant name", name, problem));
        }
        let label = name.split('.').next().unwrap_or(name).to_lowercase();
        let text = format!(
            "# The tenant in which `wayfarer run --tenant` and `wayfarer serve --tenant` work.\n\
             name = \"{name}\"\n\
             # Made up: write the tenant id of your own directory, which tokens carry.\n\
             id = \"{}\"\n\
             hosts = [\"{label}.b2clogin.com\", \"localhost\", \"127.0.0.1\", \"[::1]\"]\n",
            Guid::random(random)
        );
        std::fs::create_dir_all(folder).map_err(|source| StoreError::Write { path: folder.to_owned(), source })?;
        let documents = Folder::new(folder);
        let mut change = documents.change()?;
        if !change.create("tenant.toml", &text)? {
            return Err(EditError::invalid("folder", &folder.display().to_string(), "is a tenant already"));
        }
        change.commit()?;
        Ok(Self::load(folder)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_tenant_has_its_name_its_hosts_and_no_apps() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/tenant");
        let tenant = Tenant::create(&place, "Fabrikam.onmicrosoft.com", &mut |it| it.fill(7)).unwrap();
        assert_eq!(tenant.name(), "Fabrikam.onmicrosoft.com");
        assert_eq!(tenant.hosts()[0], "fabrikam.b2clogin.com");
        assert!(tenant.apps().is_empty() && !tenant.is_fixture());
        let again = Tenant::create(&place, "contoso.onmicrosoft.com", &mut |it| it.fill(7));
        assert!(again.unwrap_err().to_string().ends_with("is a tenant already"));
        for name in ["", "contoso", "contoso .com", "a..b", "a/b.com", "a\".com"] {
            let place = folder.path().join("b");
            assert!(Tenant::create(&place, name, &mut |it| it.fill(7)).is_err(), "{name}");
            assert!(!place.exists(), "nothing is written for `{name}`");
        }
    }
}
