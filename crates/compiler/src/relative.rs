//! Paths as files that are committed hold them.

use crate::files::Files;
use std::path::{Component, Path, PathBuf};

/// A path from `folder` (in its one spelling) to a file, with `/` on every system; the file's name alone where none leads there.
pub(crate) fn relative(files: &dyn Files, folder: &Path, file: &Path) -> String {
    let parent = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = file.file_name().map_or_else(PathBuf::new, |name| files.canonical(parent).join(name));
    between(folder, &file)
}

fn between(folder: &Path, file: &Path) -> String {
    let same = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let name = |it: Component<'_>| it.as_os_str().to_string_lossy().into_owned();
    // Two drives, or a folder that has no one spelling.
    if same == 0 && (folder.has_root() || file.has_root()) {
        return file.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    }
    let up = folder.components().skip(same).filter(|it| *it != Component::CurDir).map(|_| "..".to_owned());
    let down = file.components().skip(same).filter(|it| *it != Component::CurDir).map(name);
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_folder_to_the_file() {
        for (folder, file, expected) in [
            ("/a/b", "/a/b/c.xml", "c.xml"),
            ("/a/b", "/a/b/c/d.xml", "c/d.xml"),
            ("/a/b", "/a/c.xml", "../c.xml"),
            ("/a/b", "/c.xml", "../../c.xml"),
            ("policies", "policies/c.xml", "c.xml"),
            ("/a", "elsewhere/c.xml", "c.xml"),
        ] {
            assert_eq!(between(Path::new(folder), Path::new(file)), expected, "{folder} to {file}");
        }
    }

    #[test]
    #[cfg(windows)]
    fn backslashes_and_drives_stay_out_of_it() {
        for (folder, file, expected) in [
            (r"\\?\C:\a", r"\\?\C:\a\b\c.xml", "b/c.xml"),
            (r"C:\a\b", r"C:\a\c.xml", "../c.xml"),
            (r"C:\a", r"D:\a\c.xml", "c.xml"),
        ] {
            assert_eq!(between(Path::new(folder), Path::new(file)), expected, "{folder} to {file}");
        }
    }
}
