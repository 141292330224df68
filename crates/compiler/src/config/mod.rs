//! `wayfarer.toml`: what a team agrees on about its policies, found in the nearest folder above them.

mod content;
mod error;
mod globs;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;

use crate::files::{Entry, FileError, Files};
use crate::relative::relative;
use content::{Content, Deny, Level, Levels, WORDS};
pub use error::ConfigError;
use globs::Globs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use wayfarer_diagnostics::{Diagnostic, Diagnostics, Sources, Span, closest};
use wayfarer_syntax::decode;

/// The name of the file.
pub const CONFIG: &str = "wayfarer.toml";

/// No configuration is near this.
const LIMIT: u64 = 1024 * 1024;

/// A `wayfarer.toml` that was read.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    /// The one spelling of its folder.
    folder: PathBuf,
    content: Content,
    include: Globs,
    exclude: Globs,
    /// In the order of `[[overrides]]`.
    overrides: Vec<(Globs, Levels)>,
}

impl Config {
    /// The `wayfarer.toml` beside the paths or in the nearest folder above.
    ///
    /// # Errors
    /// The file is malformed, or the paths have different ones.
    pub fn find(files: &dyn Files, paths: &[PathBuf]) -> Result<Option<Self>, ConfigError> {
        let mut found: Option<PathBuf> = None;
        for path in paths {
            let Some(nearest) = nearest(files, path) else { continue };
            match &found {
                Some(first) if files.canonical(first) != files.canonical(&nearest) => {
                    return Err(ConfigError::Several { first: first.clone(), second: nearest });
                }
                Some(_) => {}
                None => found = Some(nearest),
            }
        }
        found.map(|it| Self::load(files, &it)).transpose()
    }

    /// Reads a file of that path.
    ///
    /// # Errors
    /// It isn't there, or it is malformed.
    pub fn load(files: &dyn Files, path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |reason: String| ConfigError::Unreadable { path: path.to_owned(), reason };
        match files.entry(path) {
            None => return Err(ConfigError::NotFound(path.to_owned())),
            Some(Entry::Folder) => return Err(unreadable("it is a folder".to_owned())),
            Some(Entry::File) => {}
        }
        let bytes = files.read(path, LIMIT).map_err(|error| match error {
            FileError::TooLarge { size, .. } => unreadable(format!("{size} bytes are too many")),
            FileError::Unreadable(reason) => unreadable(reason),
        })?;
        let (text, found) = decode(Sources::default().add("", ""), &bytes);
        match found.iter().next() {
            Some(it) => Err(unreadable(it.message.clone())),
            None => Self::parse(path, files.canonical(parent(path)), &text),
        }
    }

    /// `folder` is the one spelling of the file's folder.
    fn parse(path: &Path, folder: PathBuf, text: &Arc<str>) -> Result<Self, ConfigError> {
        let file = File { name: &path.display().to_string(), text };
        let content: Content = toml::from_str(text).map_err(|it| file.refused(&it))?;
        let globs = |it: &[Spanned<String>]| {
            Globs::new(it).map_err(|(at, reason)| {
                file.error(at, format!("this is no glob: {reason}"), "write it as `legacy/**` or `**/old-*.xml`")
            })
        };
        let include = globs(&content.policies.include)?;
        let exclude = globs(&content.policies.exclude)?;
        let mut overrides = Vec::new();
        file.known(&content.rules)?;
        for it in &content.overrides {
            file.known(&it.rules)?;
            overrides.push((globs(&it.paths)?, it.rules.clone()));
        }
        Ok(Self { path: path.to_owned(), folder, content, include, exclude, overrides })
    }

    /// The file, spelled as the path that it was found by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path that the file gives, or that is beside it.
    pub fn placed(&self, path: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// `environment`.
    pub fn environment(&self) -> Option<&str> {
        self.content.environment.as_deref()
    }

    /// `settings`.
    pub fn settings(&self) -> Option<PathBuf> {
        self.content.settings.as_deref().map(|it| self.placed(it))
    }

    /// `base`.
    pub fn base(&self) -> Vec<PathBuf> {
        self.content.base.iter().map(|it| self.placed(it)).collect()
    }

    /// `baseline`.
    pub fn baseline(&self) -> Option<PathBuf> {
        self.content.baseline.as_deref().map(|it| self.placed(it))
    }

    /// `tenant`.
    pub fn tenant(&self) -> Option<PathBuf> {
        self.content.tenant.as_deref().map(|it| self.placed(it))
    }

    /// `deny = "warnings"`.
    pub fn denies_warnings(&self) -> bool {
        self.content.deny == Some(Deny::Warnings)
    }

    /// Whether findings in a file are wanted that was found in a folder: `[policies]`.
    pub fn judges(&self, files: &dyn Files, path: &Path) -> bool {
        if self.include.is_empty() && self.exclude.is_empty() {
            return true;
        }
        let path = relative(files, &self.folder, path);
        (self.include.is_empty() || self.include.matches(&path)) && !self.exclude.matches(&path)
    }

    /// Gives each finding the level of its rule and its file. Findings of a rule that is off go away, unless the command asks
    /// for this very rule (`selected`).
    pub fn apply_levels(
        &self,
        files: &dyn Files,
        found: &mut Diagnostics,
        sources: &Sources,
        selected: impl Fn(&str) -> bool,
    ) {
        let mut level = |it: &mut Diagnostic| match self.level(files, it, sources).map(Level::severity) {
            Some(Some(severity)) => {
                it.severity = severity;
                true
            }
            Some(None) => selected(it.code),
            None => true,
        };
        let kept: Vec<bool> = found.iter_mut().map(&mut level).collect();
        let mut kept = kept.into_iter();
        found.retain(|_| kept.next().unwrap_or(true));
    }

    fn level(&self, files: &dyn Files, it: &Diagnostic, sources: &Sources) -> Option<Level> {
        let of = |levels: &Levels| levels.iter().find(|(slug, _)| slug.get_ref() == it.code).map(|(_, level)| *level);
        let own = self.overrides.iter().rev().find_map(|(globs, levels)| {
            let level = of(levels)?;
            let path = relative(files, &self.folder, Path::new(sources.name(it.primary.span.file)));
            globs.matches(&path).then_some(level)
        });
        own.or_else(|| of(&self.content.rules))
    }
}

/// The file in a folder of the path, spelled as the path is as far as it goes.
fn nearest(files: &dyn Files, path: &Path) -> Option<PathBuf> {
    let is_config = |it: &PathBuf| files.entry(it) == Some(Entry::File);
    // Above `a/..` is not `a`; and what isn't there is told by whoever reads it.
    let goes_up = path.components().any(|it| it == Component::ParentDir);
    let given = if goes_up { &[][..] } else { &[path][..] };
    let given = given.iter().flat_map(|it| it.ancestors()).map(Path::to_owned);
    let canonical = files.canonical(path);
    given.chain(canonical.ancestors().map(Path::to_owned)).map(|it| it.join(CONFIG)).find(is_config)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that is read.
struct File<'a> {
    name: &'a str,
    text: &'a Arc<str>,
}

impl File<'_> {
    fn error(&self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> ConfigError {
        let mut sources = Sources::default();
        let file = sources.add(self.name, Arc::clone(self.text));
        let place = sources.place(Span::new(file, at.start, at.end));
        ConfigError::Malformed { place, message: message.into(), help: help.into() }
    }

    /// What is no TOML, and what TOML may hold but this file may not.
    fn refused(&self, error: &toml::de::Error) -> ConfigError {
        let at = error.span().unwrap_or_default();
        let word = self.text.get(at.clone()).unwrap_or_default().trim_matches(['"', '\'']);
        let message = error.message().lines().next().unwrap_or_default();
        let unknown = ["unknown field", "unknown variant"].iter().any(|it| message.starts_with(it));
        if !unknown {
            return self.error(at, message, "docs/configuration.md of Wayfarer tells what may stand there");
        }
        let expected = message.split_once(", ").map_or("nothing", |(_, it)| it);
        let help = match closest(word, WORDS.iter().copied().filter(|it| expected.contains(&format!("`{it}`")))) {
            Some(close) => format!("did you mean `{close}`?"),
            None => expected.to_owned(),
        };
        let what = if message.starts_with("unknown field") { "key" } else { "value" };
        self.error(at, format!("there is no {what} `{word}` here"), help)
    }

    fn known(&self, levels: &Levels) -> Result<(), ConfigError> {
        let unknown = levels.keys().find(|it| wayfarer_rules::find(it.get_ref()).is_none());
        let Some(slug) = unknown else { return Ok(()) };
        let name = slug.get_ref();
        let help = match closest(name, wayfarer_rules::all().iter().map(|it| it.code)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "`wayfarer explain` lists all rules".to_owned(),
        };
        Err(self.error(slug.span(), format!("there is no rule `{name}`"), help))
    }
}
