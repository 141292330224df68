//! What every place keeps to: one suite, run on each.

use std::sync::Arc;
use std::thread;

use tempfile::TempDir;

use super::*;

/// Each kind of place, empty, and the folder that it lives in.
fn places() -> Vec<(TempDir, Arc<dyn Documents>)> {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder: Arc<dyn Documents> = Arc::new(Folder::new(one.path()));
    let database: Arc<dyn Documents> = Arc::new(Database::open_or_create(&other.path().join("a/t.sqlite")).unwrap());
    vec![(one, folder), (other, database)]
}

fn put(documents: &dyn Documents, name: &str, text: &str) {
    let mut change = documents.change().unwrap();
    change.replace(name, text).unwrap();
    change.commit().unwrap();
}

fn get(documents: &dyn Documents, name: &str) -> Option<String> {
    documents.read(name).unwrap().map(|it| it.to_string())
}

#[test]
fn what_was_written_is_read_and_listed() {
    for (_folder, documents) in places() {
        assert_eq!(get(&*documents, "apps/a.json"), None);
        assert!(documents.list("apps").unwrap().is_empty());
        put(&*documents, "apps/b.json", "{}");
        put(&*documents, "apps/a.json", "é\r\n");
        put(&*documents, "apps/a.json", "new");
        put(&*documents, "apps-of-others/x", "");
        put(&*documents, "tenant.toml", "");
        assert_eq!(get(&*documents, "apps/a.json").as_deref(), Some("new"));
        assert_eq!(documents.list("apps").unwrap(), ["apps/a.json", "apps/b.json"]);
        assert!(documents.place("apps/a.json").ends_with("apps/a.json"));
    }
}

/// What a file holds is kept byte for byte; whoever reads it as text doesn't see the byte-order mark.
#[test]
fn a_byte_order_mark_is_kept_and_not_read() {
    for (_folder, documents) in places() {
        let text = "\u{feff}a\r\n\u{feff}\0é";
        put(&*documents, "apps/a.json", text);
        assert_eq!(documents.read_as_written("apps/a.json").unwrap().unwrap().as_str(), text);
        assert_eq!(get(&*documents, "apps/a.json").as_deref(), Some("a\r\n\u{feff}\0é"));
        let change = documents.change().unwrap();
        assert_eq!(change.read_as_written("apps/a.json").unwrap().unwrap().as_str(), text);
    }
}

#[test]
fn of_two_creators_one_creates_and_what_is_removed_is_gone() {
    for (_folder, documents) in places() {
        let mut change = documents.change().unwrap();
        assert!(change.create("keys/k", "one").unwrap() && !change.create("keys/k", "two").unwrap());
        assert_eq!(change.read("keys/k").unwrap().map(|it| it.to_string()).as_deref(), Some("one"));
        change.commit().unwrap();
        let mut change = documents.change().unwrap();
        assert!(change.remove("keys/k").unwrap() && !change.remove("keys/k").unwrap());
        change.commit().unwrap();
        assert_eq!(get(&*documents, "keys/k"), None);
    }
}

/// Eight writers add one each to a number, a hundred times: nobody's change is lost.
#[test]
fn changes_come_one_after_the_other() {
    for (_folder, documents) in places() {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let mut change = documents.change().unwrap();
                        let before = change.read("keys/n").unwrap().map_or(0, |it| it.parse::<u32>().unwrap());
                        change.replace("keys/n", &(before + 1).to_string()).unwrap();
                        change.commit().unwrap();
                    }
                });
            }
        });
        assert_eq!(get(&*documents, "keys/n").as_deref(), Some("200"));
    }
}

#[test]
fn the_revision_tells_every_change_and_nothing_else() {
    for (_folder, documents) in places() {
        let empty = documents.revision().unwrap();
        put(&*documents, "apps/a.json", "1");
        let one = documents.revision().unwrap();
        assert_ne!(one, empty);
        get(&*documents, "apps/a.json");
        assert_eq!(documents.revision().unwrap(), one);
        let mut change = documents.change().unwrap();
        change.remove("apps/a.json").unwrap();
        change.commit().unwrap();
        assert_ne!(documents.revision().unwrap(), one);
    }
}

#[test]
fn a_name_never_leaves_its_place() {
    for (_folder, documents) in places() {
        for name in ["", "..", "../x", "a/../b", "/etc/passwd", "a//b", ".hidden", "a\\b", "c:", "a\0", "a\n"] {
            let mut change = documents.change().unwrap();
            assert!(matches!(change.replace(name, "x"), Err(StoreError::Name { .. })), "{name:?}");
        }
    }
}
