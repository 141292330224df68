//! Which files the settings are in.

use super::json::Malformed;
use super::{Settings, SettingsError, app_settings, conf};
use crate::files::{Entry, FileError, Files};
use std::collections::HashSet;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_syntax::decode;

/// No settings file is near this.
const LIMIT: u64 = 1024 * 1024;

/// The extension reads the one and creates the other, depending on its version.
const NAMES: [&str; 2] = ["appsettings.json", "appSettings.json"];

/// The file of `--settings`.
pub(super) fn named(files: &dyn Files, path: &Path, environment: Option<&str>) -> Result<Settings, SettingsError> {
    let source = Source::read(files, path)?;
    let name = path.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = name.starts_with("appsettings") || app_settings::is_one(&source.text);
    if known { app_settings::parse(source, environment) } else { conf::parse(files, path, source, environment) }
}

/// `appsettings.json` beside the policies, or in the nearest folder above.
pub(super) fn beside(files: &dyn Files, paths: &[PathBuf], environment: &str) -> Result<Settings, SettingsError> {
    let mut folders = Vec::new();
    for path in paths {
        let folder = match files.entry(path) {
            Some(Entry::File) => path.parent().map_or_else(PathBuf::new, Path::to_owned),
            _ => path.clone(),
        };
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut seen = HashSet::new();
    for folder in &folders {
        let given = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let above = files.canonical(given);
        let above = above.ancestors().skip(1).map(Path::to_owned);
        for place in std::iter::once(folder.clone()).chain(above) {
            if !seen.insert(place.clone()) {
                continue;
            }
            let Some(path) = NAMES.iter().map(|it| place.join(it)).find(|it| files.entry(it) == Some(Entry::File))
            else {
                continue;
            };
            let source = Source::read(files, &path)?;
            // Web applications have a file of this name too, about something else.
            if app_settings::is_one(&source.text) {
                return app_settings::parse(source, Some(environment));
            }
        }
    }
    let shown = |it: PathBuf| if it.as_os_str().is_empty() { PathBuf::from(".") } else { it };
    Err(SettingsError::NotBeside { folders: folders.into_iter().map(shown).collect() })
}

/// The folder of what the extension has built, where `folder` is its workspace: copies of the policies around it.
pub(crate) fn output_folder(files: &dyn Files, folder: &Path) -> Option<PathBuf> {
    let path = NAMES.iter().map(|it| folder.join(it)).find(|it| files.entry(it) == Some(Entry::File))?;
    let name = app_settings::output_folder(&Source::read(files, &path).ok()?.text)?;
    // A folder below, whatever the file says: nothing else may be left out.
    let below = Path::new(&name).components().filter(|it| matches!(it, Component::Normal(_)));
    let output = folder.join(below.collect::<PathBuf>());
    (output != folder).then_some(output)
}

/// A settings file as text.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: Arc<str>,
}

impl Source {
    /// With or without a byte-order mark, UTF-8 or UTF-16: what editors on Windows write.
    pub(super) fn read(files: &dyn Files, path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |reason: String| SettingsError::Unreadable { path: path.to_owned(), reason };
        match files.entry(path) {
            None => return Err(SettingsError::NotFound(path.to_owned())),
            Some(Entry::Folder) => return Err(unreadable("it is a folder".to_owned())),
            Some(Entry::File) => {}
        }
        let bytes = files.read(path, LIMIT).map_err(|error| match error {
            FileError::TooLarge { size, .. } => unreadable(format!("{size} bytes are too many")),
            FileError::Unreadable(reason) => unreadable(reason),
        })?;
        let name = path.display().to_string();
        let (text, found) = decode(Sources::default().add("", ""), &bytes);
        let source = Self { name, text };
        match found.iter().next() {
            Some(it) => {
                let at = it.primary.span.start as usize;
                Err(source.error(at..at, it.message.clone(), "save the file as UTF-8"))
            }
            None => Ok(source),
        }
    }

    pub(super) fn error(&self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> SettingsError {
        let mut sources = Sources::default();
        let file = sources.add(self.name.clone(), Arc::clone(&self.text));
        let place = sources.place(Span::new(file, at.start, at.end));
        SettingsError::Malformed { place, message: message.into(), help: help.into() }
    }

    pub(super) fn no_json(&self, error: &Malformed, help: &str) -> SettingsError {
        self.error(error.at..error.at, format!("this is no JSON: {}", error.message), help)
    }
}
