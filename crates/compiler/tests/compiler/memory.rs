//! A set of files that exist in memory only.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use wayfarer_compiler::{Entry, FileError, Files, Listing, LoadError, Project, Scope};
use wayfarer_diagnostics::{Diagnostic, Diagnostics};
use wayfarer_syntax::POLICY_NAMESPACE;

pub enum Content {
    Text(Vec<u8>),
    /// A file of that many bytes, of which nobody may ask for one.
    Huge(u64),
    Unreadable,
}

/// Files by path, with `/`; folders are what lies before.
#[derive(Default)]
pub struct Memory(BTreeMap<PathBuf, Content>);

impl Memory {
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut memory = Self::default();
        for (path, text) in files {
            memory.add(path, Content::Text(text.into_bytes()));
        }
        memory
    }

    pub fn add(&mut self, path: &str, content: Content) {
        self.0.insert(plain(Path::new(path)), content);
    }

    /// Loads and checks nothing but what was asked for.
    pub fn load(&self, paths: &[&str], bases: &[&str], scope: Scope) -> Result<Project, LoadError> {
        let owned = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        Project::load(self, &owned(paths), &owned(bases), scope, None)
    }
}

/// The path without `.` in it.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|it| *it != Component::CurDir).collect()
}

impl Files for Memory {
    fn entry(&self, path: &Path) -> Option<Entry> {
        let path = plain(path);
        if self.0.contains_key(&path) {
            return Some(Entry::File);
        }
        self.0.keys().any(|it| it.starts_with(&path)).then_some(Entry::Folder)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        match self.0.get(&plain(path)) {
            Some(Content::Text(text)) if text.len() as u64 <= limit => Ok(text.clone()),
            Some(Content::Text(text)) => Err(FileError::TooLarge { size: text.len() as u64, limit }),
            Some(Content::Huge(size)) => Err(FileError::TooLarge { size: *size, limit }),
            Some(Content::Unreadable) => Err(FileError::Unreadable("permission denied".to_owned())),
            None => Err(FileError::Unreadable("not found".to_owned())),
        }
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        let folder = plain(folder);
        let in_folder = |it: &&PathBuf| if below { it.starts_with(&folder) } else { it.parent() == Some(&folder) };
        let is_xml = |it: &&PathBuf| it.extension().is_some_and(|it| it == "xml");
        Listing { files: self.0.keys().filter(in_folder).filter(is_xml).cloned().collect(), unreadable: Vec::new() }
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        plain(path)
    }
}

/// A whole policy: its root on the first line, then `content`.
pub fn policy(id: &str, base: Option<&str>, content: &str) -> String {
    let base = base.map_or_else(String::new, |it| {
        format!("<BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>{it}</PolicyId></BasePolicy>")
    });
    format!(
        "<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" \
         PolicyId=\"{id}\" PublicPolicyUri=\"http://contoso.onmicrosoft.com/{id}\">{base}{content}</TrustFrameworkPolicy>"
    )
}

/// `path:line severity [code]`, of findings with one of these codes.
pub fn told(project: &Project, found: &Diagnostics, codes: &[&str]) -> Vec<String> {
    found.iter().filter(|it| codes.contains(&it.code)).map(|it| line(project, it)).collect()
}

fn line(project: &Project, it: &Diagnostic) -> String {
    let sources = project.sources();
    let name = sources.name(it.primary.span.file).replace('\\', "/");
    format!("{name}:{} {} [{}]", sources.start(it.primary.span).line, it.severity.as_str(), it.code)
}
