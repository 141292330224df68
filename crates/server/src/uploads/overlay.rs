use super::Uploaded;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_compiler::{Entry, FileError, Files, Listing, Project};

/// Files with the uploaded policies among them: an upload stands where the one file of its policy id stands; where no
/// file has its id, or several have, in a folder of its own below the set's first path.
pub struct Overlay<'f> {
    files: &'f dyn Files,
    /// The folder that holds what has no place of its own.
    folder: PathBuf,
    /// Uploads by the path at which they are read.
    texts: BTreeMap<PathBuf, Arc<[u8]>>,
}

/// No folder that people make has this name.
const FOLDER: &str = "(uploaded)";

impl<'f> Overlay<'f> {
    /// Puts the uploads among the files of a set. `project` is the set without them, where there is one.
    pub fn new(files: &'f dyn Files, first: &Path, project: Option<&Project>, uploaded: &Uploaded) -> Self {
        let root = if files.entry(first) == Some(Entry::File) { first.parent().unwrap_or(first) } else { first };
        let folder = root.join(FOLDER);
        let place = |id: &str| {
            let mut named = project.into_iter().flat_map(|it| it.find(id).map(|file| it.sources().name(file.file)));
            match (named.next(), named.next()) {
                (Some(only), None) => PathBuf::from(only),
                _ => folder.join(format!("{id}.xml")),
            }
        };
        let texts = uploaded.iter().map(|(id, text)| (place(id), Arc::clone(text))).collect();
        Self { files, folder, texts }
    }

    /// Where the policies of a set at `paths` are read: of the folders those that hold any, and what has no place of its own
    /// where none of the paths leads there.
    pub fn paths(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let is_empty = |folder: &Path| {
            let listing = self.xml_files(folder, true);
            listing.files.is_empty() && listing.unreadable.is_empty()
        };
        let mut read = paths.to_vec();
        read.retain(|it| self.entry(it) != Some(Entry::Folder) || !is_empty(it));
        if !is_empty(&self.folder) && !read.iter().any(|it| self.folder.starts_with(it)) {
            read.push(self.folder.clone());
        }
        read
    }

    /// Where the upload of that id is read.
    pub fn place(&self, text: &Arc<[u8]>) -> Option<&Path> {
        self.texts.iter().find(|(_, it)| Arc::ptr_eq(it, text)).map(|(path, _)| path.as_path())
    }

    fn added(&self, folder: &Path, below: bool) -> impl Iterator<Item = PathBuf> {
        let is_in = move |path: &&PathBuf| {
            path.starts_with(&self.folder)
                && if below { path.starts_with(folder) } else { path.parent() == Some(folder) }
        };
        self.texts.keys().filter(is_in).cloned()
    }
}

impl Files for Overlay<'_> {
    fn entry(&self, path: &Path) -> Option<Entry> {
        match path {
            path if self.texts.contains_key(path) => Some(Entry::File),
            path if path == self.folder => Some(Entry::Folder),
            path => self.files.entry(path),
        }
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.to_vec()),
            None => self.files.read(path, limit),
        }
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        let mut listing =
            if folder.starts_with(&self.folder) { Listing::default() } else { self.files.xml_files(folder, below) };
        listing.files.extend(self.added(folder, below));
        listing.files.sort();
        listing
    }

    fn is_judged(&self, path: &Path) -> bool {
        self.texts.contains_key(path) || self.files.is_judged(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        if path.starts_with(&self.folder) { path.to_owned() } else { self.files.canonical(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayfarer_runtime::Disk;

    #[test]
    fn uploads_are_read_wherever_the_set_lies() {
        let root = tempfile::tempdir().unwrap();
        let (full, empty, file) = (root.path().join("full"), root.path().join("empty"), root.path().join("full/a.xml"));
        [&full, &empty].into_iter().for_each(|it| std::fs::create_dir(it).unwrap());
        std::fs::write(&file, "<a/>").unwrap();
        let none = Uploaded::new();
        let one = Uploaded::from([("b2c_1a_x".to_owned(), Arc::from(b"<x/>".as_slice()))]);
        let paths = |first: &Path, uploaded: &Uploaded, paths: &[&PathBuf]| {
            let overlay = Overlay::new(&Disk, first, None, uploaded);
            overlay.paths(&paths.iter().map(|it| (*it).clone()).collect::<Vec<_>>())
        };
        assert_eq!(paths(&full, &one, &[&full]), std::slice::from_ref(&full), "a folder has them in it");
        assert_eq!(paths(&file, &one, &[&file]), [file.clone(), full.join(FOLDER)], "a file has them beside it");
        assert_eq!(paths(&empty, &one, &[&empty]), std::slice::from_ref(&empty));
        assert_eq!(paths(Path::new(""), &one, &[]), [PathBuf::from(FOLDER)]);
        assert!(paths(&empty, &none, &[&empty]).is_empty() && paths(Path::new(""), &none, &[]).is_empty());
        let missing = root.path().join("missing");
        assert_eq!(paths(&missing, &none, &[&missing]), [missing], "which is told");
    }
}
