use std::collections::BTreeMap;

use super::{Documents, Reader, StoreError, Text};

/// The documents of a tenant that lie in no folder.
const SINGLE: [&str; 2] = ["tenant.toml", "baseline.toml"];
/// Somebody may write all the time, but not for ever.
const ATTEMPTS: usize = 20;

/// Documents of a tenant as they were at one moment, byte for byte.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    texts: BTreeMap<String, Text>,
}

impl Snapshot {
    /// All documents in `folders` and those in none.
    pub(crate) fn of(documents: &dyn Documents, folders: &[&str]) -> Result<Self, StoreError> {
        for _ in 0..ATTEMPTS {
            let before = documents.revision()?;
            let mut texts = BTreeMap::new();
            for name in names(documents, folders)? {
                texts.extend(documents.read_as_written(&name)?.map(|text| (name, text)));
            }
            if documents.revision()? == before {
                return Ok(Self { texts });
            }
        }
        Err(StoreError::Unsteady { path: documents.place("") })
    }

    /// Names and texts, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Takes out what lies in a folder such as `policies`.
    pub(crate) fn take(&mut self, folder: &str) -> Self {
        let is_in = |name: &str| name.split_once('/').is_some_and(|(own, _)| own == folder);
        let (taken, left) = std::mem::take(&mut self.texts).into_iter().partition(|(name, _)| is_in(name));
        self.texts = left;
        Self { texts: taken }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
    }
}

impl Reader for Snapshot {
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError> {
        Ok(self.texts.get(name).cloned())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let is_in = |name: &&String| name.rsplit_once('/').is_some_and(|(own, _)| own == folder);
        Ok(self.texts.keys().filter(is_in).cloned().collect())
    }
}

/// The names of the documents in `folders` and of those in none.
pub(crate) fn names(reader: &(impl Reader + ?Sized), folders: &[&str]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for single in SINGLE {
        names.extend(reader.read_as_written(single)?.map(|_| single.to_owned()));
    }
    for folder in folders {
        names.extend(reader.list(folder)?.into_iter().filter(|name| is_document(name)));
    }
    Ok(names)
}

/// Whether that name is one of a tenant's documents. Its folder may hold other things.
pub(crate) fn is_document(name: &str) -> bool {
    match name.split_once('/') {
        None => SINGLE.contains(&name),
        Some(("apps", file)) => file.ends_with(".json") || file.ends_with(".wayfarer.toml"),
        Some(("keys", file)) => file.ends_with(".json") || file.ends_with(".pepper") || !file.contains('.'),
        Some(("policies", file)) => file.ends_with(".xml"),
        Some(_) => false,
    }
}
