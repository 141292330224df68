//! Policies that were uploaded, as Azure keeps them: by id, in the service's state.

mod overlay;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use wayfarer_diagnostics::Sources;
use wayfarer_store::{Database, Documents, StoreError};
use wayfarer_syntax::decode;

pub use overlay::Overlay;

/// Where uploaded policies are kept.
#[derive(Debug)]
pub struct Uploads {
    /// The file, which is made with the first upload.
    file: PathBuf,
    opened: OnceLock<Arc<dyn Documents>>,
}

/// The uploaded policies: texts by policy id, in any case.
pub type Uploaded = BTreeMap<String, Arc<[u8]>>;

impl Uploads {
    /// Uploads in the SQLite file at that place.
    pub fn in_file(file: PathBuf) -> Self {
        Self { file, opened: OnceLock::new() }
    }

    /// Uploads among these documents.
    pub fn among(documents: Arc<dyn Documents>) -> Self {
        Self { file: PathBuf::new(), opened: OnceLock::from(documents) }
    }

    /// All uploaded policies.
    ///
    /// # Errors
    /// The state can't be read.
    pub fn all(&self) -> Result<Uploaded, StoreError> {
        let Some(documents) = self.existing()? else { return Ok(Uploaded::new()) };
        let mut all = Uploaded::new();
        for name in documents.list("policies")? {
            let id = name.strip_prefix("policies/").and_then(|it| it.strip_suffix(".xml"));
            let text = documents.read(&name)?;
            all.extend(id.zip(text).map(|(id, text)| (id.to_owned(), Arc::from(text.as_bytes()))));
        }
        Ok(all)
    }

    /// Keeps a policy under its id. Returns whether it took the place of another.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn put(&self, id: &str, xml: &str) -> Result<bool, StoreError> {
        let (documents, name) = (self.opened_or_created()?, document(id));
        let mut change = documents.change()?;
        let replaced = change.read(&name)?.is_some();
        change.replace(&name, xml)?;
        change.commit()?;
        Ok(replaced)
    }

    /// Takes a policy away. Returns whether there was one.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn remove(&self, id: &str) -> Result<bool, StoreError> {
        let Some(documents) = self.existing()? else { return Ok(false) };
        let mut change = documents.change()?;
        let removed = change.remove(&document(id))?;
        change.commit()?;
        Ok(removed)
    }

    fn existing(&self) -> Result<Option<Arc<dyn Documents>>, StoreError> {
        if self.opened.get().is_none()
            && let Some(database) = Database::open_existing(&self.file)?
        {
            let _ = self.opened.set(Arc::new(database));
        }
        Ok(self.opened.get().cloned())
    }

    fn opened_or_created(&self) -> Result<Arc<dyn Documents>, StoreError> {
        if let Some(opened) = self.existing()? {
            return Ok(opened);
        }
        let database: Arc<dyn Documents> = Arc::new(Database::open_or_create(&self.file)?);
        Ok(Arc::clone(self.opened.get_or_init(|| database)))
    }
}

/// Ids compare without case, and so do their documents.
fn document(id: &str) -> String {
    format!("policies/{}.xml", id.to_lowercase())
}

/// The text under which an upload is kept: in UTF-8, since documents are text.
pub(crate) fn as_stored(xml: &[u8]) -> String {
    let file = Sources::default().add("", "");
    let (text, _) = decode(file, xml);
    says_utf8(&text).into_owned()
}

/// The text with a declaration that fits it: however its file was encoded, it is sent and kept in UTF-8.
pub(crate) fn says_utf8(text: &str) -> Cow<'_, str> {
    let declared = text.trim_start_matches('\u{feff}').starts_with("<?xml").then(|| text.split_once("?>")).flatten();
    let Some((declaration, rest)) = declared else { return text.into() };
    let encoding = declaration.split_once("encoding").and_then(|(before, after)| {
        let after = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        let (name, after) = after.get(1..)?.split_once(quote)?;
        Some((before, quote, name, after))
    });
    match encoding {
        Some((before, quote, name, after)) if !name.eq_ignore_ascii_case("utf-8") => {
            format!("{before}encoding={quote}utf-8{quote}{after}?>{rest}").into()
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_kept_by_its_id_in_any_case() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = Uploads::in_file(folder.path().join("state.sqlite"));
        assert!(uploads.all().unwrap().is_empty() && !folder.path().join("state.sqlite").exists());
        assert!(!uploads.put("B2C_1A_X", "<a/>").unwrap());
        assert!(uploads.put("b2c_1a_x", "<b/>").unwrap());
        let again = Uploads::in_file(folder.path().join("state.sqlite"));
        assert_eq!(again.all().unwrap().into_iter().map(|it| it.1.to_vec()).collect::<Vec<_>>(), [b"<b/>"]);
        assert!(again.remove("B2C_1A_x").unwrap() && !again.remove("B2C_1A_X").unwrap());
    }

    #[test]
    fn utf_16_becomes_utf_8_and_says_so() {
        let utf_16: Vec<u8> = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(as_stored(&utf_16), "<?xml version=\"1.0\" encoding=\"utf-8\"?><a>é</a>");
        assert_eq!(as_stored("<?xml version=\"1.0\"?><a>é</a>".as_bytes()), "<?xml version=\"1.0\"?><a>é</a>");
        let latin_1 = b"<?xml version='1.0' encoding = 'iso-8859-1' standalone='yes'?><a>\xe9</a>";
        assert_eq!(as_stored(latin_1), "<?xml version='1.0' encoding='utf-8' standalone='yes'?><a>é</a>");
        assert_eq!(says_utf8("<a encoding='x'/>"), "<a encoding='x'/>");
    }
}
