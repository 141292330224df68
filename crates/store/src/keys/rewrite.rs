//! All keysets under a passphrase, under another one, or under none.

use super::manage::BACKUP;
use super::{KeyError, KeyStore, is_container};
use crate::Secret;

impl KeyStore {
    /// Writes all keysets anew, and the copies of removed ones: what is encrypted is decrypted with `before`, and
    /// everything encrypted with the passphrase of this store, if it has one. Either all are written or, where one can't be
    /// read, none. Gives their names. As slow as all keys together.
    ///
    /// # Errors
    /// A keyset that can't be read, another passphrase than `before`, a place that can't be written.
    pub fn rewrite(&self, before: Option<&Secret>) -> Result<Vec<String>, KeyError> {
        let mut writer = self.documents.change()?;
        let (mut texts, mut names) = (Vec::new(), Vec::new());
        for document in writer.list("keys")? {
            let Some(container) = container(&document) else { continue };
            let Some(text) = writer.read(&document)? else { continue };
            let mut keys = self.parse(container, &text)?;
            keys.decrypt(before)?;
            texts.push((document.clone(), keys.to_text(self.passphrase())?));
            names.push(container.to_owned());
        }
        for (document, text) in &texts {
            writer.replace(document, text)?;
        }
        writer.commit()?;
        Ok(names)
    }
}

/// The container whose keyset, or copy of one, a document is.
fn container(document: &str) -> Option<&str> {
    let name = document.strip_prefix("keys/")?.strip_suffix(".json")?;
    is_container(name.strip_suffix(BACKUP).unwrap_or(name)).then_some(name)
}
