use crate::uploads::as_stored;
use crate::{Loaded, Service};
use std::fmt::Display;
use std::sync::Arc;
use wayfarer_compiler::{PolicyFile, TenantIdentity, upload};
use wayfarer_graph::{Policies, PolicyError, Put, Upload};

/// The policies of a service, as Graph manages them.
pub(super) struct Managed {
    service: Arc<Service>,
}

impl Managed {
    pub(super) fn new(service: &Arc<Service>) -> Self {
        Self { service: Arc::clone(service) }
    }
}

fn unavailable(error: &dyn Display) -> PolicyError {
    PolicyError::Unavailable { detail: error.to_string() }
}

impl Policies for Managed {
    fn list(&self) -> Result<Vec<String>, PolicyError> {
        Ok(self.service.live().stored.values().map(|it| it.id.clone()).collect())
    }

    fn read(&self, id: &str) -> Result<Option<Vec<u8>>, PolicyError> {
        let live = self.service.live();
        Ok(live.stored.get(&id.to_lowercase()).map(|it| it.text.as_bytes().to_vec()))
    }

    fn put(&self, id: &str, xml: &[u8], upload: Upload) -> Result<Put, PolicyError> {
        let _alone = self.service.alone();
        let exists = self.service.live().stored.contains_key(&id.to_lowercase());
        if exists && upload == Upload::Create {
            return Err(PolicyError::Exists);
        }
        let tenant = self.service.identity();
        upload::judge_form(xml, &tenant).map_err(|it| invalid(&it))?;
        let text = as_stored(xml);
        let mut uploaded = self.service.uploads().all().map_err(|it| unavailable(&it))?;
        uploaded.insert(id.to_lowercase(), Arc::from(text.as_bytes()));
        let loaded = self.service.source().load(&uploaded).map_err(|it| unavailable(&it))?;
        let file = uploaded_file(&loaded, id, &text).ok_or_else(|| unavailable(&"the upload is not in the set"))?;
        upload::judge(&loaded.project, file, &tenant).map_err(|it| invalid(&it))?;
        self.service.uploads().put(id, &text).map_err(|it| unavailable(&it))?;
        // As in Azure: what derives from it isn't judged again, and fails by itself when it is asked.
        self.service.replace(&loaded, &id.to_lowercase());
        Ok(if exists { Put::Replaced } else { Put::Created })
    }

    fn delete(&self, id: &str) -> Result<(), PolicyError> {
        let _alone = self.service.alone();
        let id = id.to_lowercase();
        let live = self.service.live();
        if !live.stored.contains_key(&id) {
            return Err(PolicyError::NotFound);
        }
        let derived = live.stored.values().filter(|it| it.base.as_deref() == Some(&id));
        let by: Vec<String> = derived.map(|it| it.id.clone()).collect();
        if !by.is_empty() {
            return Err(PolicyError::Inherited { by });
        }
        let mut uploaded = self.service.uploads().all().map_err(|it| unavailable(&it))?;
        if uploaded.remove(&id).is_none() {
            return Err(unavailable(&format_args!("`{id}` is a file of the set that is served: remove the file")));
        }
        // What can't be read without it keeps it.
        let loaded = self.service.source().load(&uploaded).map_err(|it| unavailable(&it))?;
        self.service.uploads().remove(&id).map_err(|it| unavailable(&it))?;
        self.service.replace(&loaded, &id);
        Ok(())
    }
}

fn invalid(refused: &upload::Refused) -> PolicyError {
    PolicyError::Invalid { messages: refused.messages().to_vec() }
}

/// The file of a set that an upload became: of those with its id the one with its text.
fn uploaded_file<'l>(loaded: &'l Loaded, id: &'l str, text: &str) -> Option<&'l PolicyFile> {
    let text = text.trim_start_matches('\u{feff}');
    let is_it = |it: &&PolicyFile| it.document.text().trim_start_matches('\u{feff}') == text;
    loaded.project.find(id).find(is_it).or_else(|| loaded.project.find(id).next())
}

impl Service {
    fn identity(&self) -> TenantIdentity {
        let live = self.live();
        TenantIdentity { name: live.tenant.name().to_owned(), object_id: live.tenant.id().to_string() }
    }
}
