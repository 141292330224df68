use std::path::Path;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::app::Registration;
use crate::tenant::{LoadError, Source, json_text, toml_text};

/// An app as a file brings it: a manifest, and what the file beside it says.
#[derive(Debug, Clone)]
pub struct AppFile {
    pub(super) manifest: Value,
    pub(super) side: Option<Registration>,
    /// The file, and which of its manifests.
    pub(super) place: String,
}

impl AppFile {
    /// The apps in the text of a file: one manifest in either dialect, an array of them, or what Microsoft Graph answers to
    /// a listing.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn read(path: &Path, text: &str) -> Result<Vec<Self>, LoadError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { path: path.to_owned(), text: Zeroizing::new(text.to_owned()) };
        let listed = match json_text(&source)? {
            Value::Array(manifests) => manifests,
            Value::Object(mut listing) if listing.get("value").is_some_and(Value::is_array) => {
                listing.remove("value").and_then(|it| it.as_array().cloned()).unwrap_or_default()
            }
            one => return Ok(vec![Self { manifest: one, side: None, place: path.display().to_string() }]),
        };
        let place = |at: usize| format!("{}[{at}]", path.display());
        let app = |(at, manifest): (usize, Value)| Self { manifest, side: None, place: place(at) };
        Ok(listed.into_iter().enumerate().map(app).collect())
    }

    /// With what the side file at `path` says: `NAME.wayfarer.toml` beside `NAME.json`.
    ///
    /// # Errors
    /// The text is no side file.
    pub fn with_side_file(self, path: &Path, text: &str) -> Result<Self, LoadError> {
        let source = Source { path: path.to_owned(), text: Zeroizing::new(text.to_owned()) };
        Ok(Self { side: Some(toml_text(&source)?), ..self })
    }
}
