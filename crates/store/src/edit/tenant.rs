use std::str::FromStr;
use std::sync::Arc;

use crate::documents::Documents;
use crate::guid::Guid;
use crate::tenant::{Tenant, is_domain};

use super::EditError;

/// The domain name of a tenant, such as `contoso.onmicrosoft.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantName(String);

impl FromStr for TenantName {
    type Err = EditError;

    fn from_str(name: &str) -> Result<Self, EditError> {
        if is_domain(name) && name.contains('.') {
            return Ok(Self(name.to_owned()));
        }
        Err(EditError::invalid("tenant name", name, "is not a domain name such as `contoso.onmicrosoft.com`"))
    }
}

impl Tenant {
    /// Makes a tenant of empty documents: `tenant.toml` with a new tenant id, and no apps. It is reached at the host that a
    /// tenant of this name has in the cloud, and on this machine.
    ///
    /// # Errors
    /// The documents have a `tenant.toml` already, or can't be written.
    pub fn create(
        documents: Arc<dyn Documents>,
        name: &TenantName,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, EditError> {
        let mut change = documents.change()?;
        if !change.create("tenant.toml", &settings(name, Guid::random(random)))? {
            let place = documents.place("").display().to_string();
            return Err(EditError::invalid("place", &place, "holds a tenant already"));
        }
        change.commit()?;
        Ok(Self::open(documents)?)
    }
}

fn settings(TenantName(name): &TenantName, id: Guid) -> String {
    let label = name.split('.').next().unwrap_or(name).to_lowercase();
    format!(
        "# The tenant in which `wayfarer run --tenant` and `wayfarer serve --tenant` work.\n\
         name = \"{name}\"\n\
         # Made up: write the tenant id of your own directory, which tokens carry.\n\
         id = \"{id}\"\n\
         hosts = [\"{label}.b2clogin.com\", \"localhost\", \"127.0.0.1\", \"[::1]\"]\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Database, Folder};

    #[test]
    fn a_new_tenant_has_its_name_its_hosts_and_no_apps() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/tenant");
        let database = Database::open_or_create(&folder.path().join("t.sqlite")).unwrap();
        for documents in [Arc::new(Folder::new(&place)) as Arc<dyn Documents>, Arc::new(database)] {
            let create = |name: &str| {
                Tenant::create(Arc::clone(&documents), &name.parse().unwrap(), &mut |it: &mut [u8]| it.fill(7))
            };
            let tenant = create("Fabrikam.onmicrosoft.com").unwrap();
            assert_eq!(tenant.name(), "Fabrikam.onmicrosoft.com");
            assert_eq!(tenant.hosts()[0], "fabrikam.b2clogin.com");
            assert!(tenant.apps().is_empty() && !tenant.is_fixture());
            let again = create("contoso.onmicrosoft.com").unwrap_err().to_string();
            assert!(again.ends_with("holds a tenant already"), "{again}");
        }
    }

    #[test]
    fn a_tenant_has_the_name_of_a_domain() {
        for name in ["", "contoso", "contoso .com", "a..b", "a/b.com", "a\".com"] {
            assert!(name.parse::<TenantName>().unwrap_err().to_string().contains("is not a domain name"), "{name}");
        }
    }
}
