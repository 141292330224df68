//! `docs/reference/` holds the pages that `wayfarer explain` prints. After a change, run this test with
//! `WAYFARER_WRITE_PAGES=1` and commit what it wrote.

use std::path::{Path, PathBuf};

#[test]
#[expect(clippy::disallowed_methods, reason = "this test compares files of the repository, and writes them when asked")]
fn the_pages_in_docs_reference_are_those_of_explain() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    let write = std::env::var_os("WAYFARER_WRITE_PAGES").is_some();
    if write {
        std::fs::create_dir_all(folder.join("transformations")).unwrap();
    }
    let pages = wayfarer_builtins::reference::pages();
    for page in &pages {
        let path = folder.join(&page.path);
        if write {
            std::fs::write(&path, &page.text).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(text == page.text, "{} is not the page that `wayfarer explain` prints", path.display());
    }
    for (place, prefix) in [(folder.clone(), ""), (folder.join("transformations"), "transformations/")] {
        let entries = std::fs::read_dir(place).unwrap().flatten().filter(|it| it.path().is_file());
        for entry in entries {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            assert!(pages.iter().any(|it| it.path == path), "docs/reference/{path} is the page of nothing");
        }
    }
}
