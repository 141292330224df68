use crate::uploads::says_utf8;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use wayfarer_compiler::Project;

/// A policy as it is kept, with or without a relying party.
#[derive(Debug)]
pub(crate) struct Stored {
    /// `PolicyId` as the file writes it.
    pub(crate) id: String,
    /// Its text, in which settings are filled in.
    pub(crate) text: Arc<str>,
    /// The policy that it derives from, in lower case.
    pub(crate) base: Option<String>,
}

/// Every policy of the set by its id in lower case; of several with one id the first.
pub(crate) fn stored(project: &Project) -> BTreeMap<String, Stored> {
    let mut all = BTreeMap::new();
    for file in project.files() {
        let Some(id) = file.policy_id() else { continue };
        let base = file.document.root().and_then(|it| it.child("BasePolicy")).and_then(|it| it.child("PolicyId"));
        let base = base.map(|it| it.text().trim().to_lowercase());
        let text = match says_utf8(file.document.text()) {
            Cow::Borrowed(_) => Arc::clone(file.document.text()),
            Cow::Owned(text) => text.into(),
        };
        all.entry(id.to_lowercase()).or_insert_with(|| Stored { id: id.to_owned(), text, base });
    }
    all
}
