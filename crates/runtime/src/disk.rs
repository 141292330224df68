use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use wayfarer_compiler::{Entry, FileError, Files, Listing};

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn entry(&self, path: &Path) -> Option<Entry> {
        let metadata = fs::metadata(path).ok()?;
        Some(if metadata.is_dir() { Entry::Folder } else { Entry::File })
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let unreadable = |error: std::io::Error| FileError::Unreadable(error.to_string());
        let file = fs::File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.len() > limit {
            return Err(FileError::TooLarge { size: metadata.len(), limit });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        // A device or a growing file tells no size: never read more than the limit.
        file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let size = bytes.len() as u64;
        if size > limit { Err(FileError::TooLarge { size, limit }) } else { Ok(bytes) }
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        let mut listing = Listing::default();
        let mut seen = HashSet::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            // A link may lead back up: each real folder is entered once.
            if !seen.insert(self.canonical(&folder)) {
                continue;
            }
            match fs::read_dir(&folder) {
                Ok(entries) => {
                    entries.flatten().for_each(|it| self.sort_in(&it.path(), below, &mut listing, &mut folders));
                }
                Err(error) => listing.unreadable.push((folder, error.to_string())),
            }
        }
        listing.files.sort();
        listing
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }
}

impl Disk {
    fn sort_in(&self, path: &Path, below: bool, listing: &mut Listing, folders: &mut Vec<PathBuf>) {
        let is_xml = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("xml"));
        match self.entry(path) {
            Some(Entry::Folder) if below => folders.push(path.to_owned()),
            Some(Entry::File) if is_xml => listing.files.push(path.to_owned()),
            // A dangling link named *.xml: the reader says what is wrong with it.
            None if is_xml => listing.files.push(path.to_owned()),
            _ => {}
        }
    }
}
