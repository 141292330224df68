//! `docs/rules/` holds the page of each rule, the same text that `wayfarer explain` prints. After a change, run this
//! test with `WAYFARER_WRITE_PAGES=1` and commit what it wrote.

use std::path::{Path, PathBuf};

#[test]
#[expect(clippy::disallowed_methods, reason = "this test compares files of the repository, and writes them when asked")]
fn the_pages_in_docs_rules_are_the_rules_own_texts() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let write = std::env::var_os("WAYFARER_WRITE_PAGES").is_some();
    if write {
        std::fs::create_dir_all(&folder).unwrap();
    }
    for rule in wayfarer_rules::all() {
        let path = folder.join(format!("{}.md", rule.code));
        if write {
            std::fs::write(&path, rule.docs).unwrap();
        }
        let page = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(page == rule.docs, "{} is not the page of `{}`", path.display(), rule.code);
    }
    let pages = std::fs::read_dir(&folder).unwrap().flatten().map(|it| it.file_name().to_string_lossy().into_owned());
    for page in pages {
        let code = page.trim_end_matches(".md");
        assert!(wayfarer_rules::find(code).is_some(), "docs/rules/{page} is the page of no rule");
    }
}
