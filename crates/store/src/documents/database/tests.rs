use std::fs;
use std::thread;

use tempfile::TempDir;

use super::*;

fn put(documents: &dyn Documents, name: &str, text: &str) {
    let mut change = documents.change().unwrap();
    change.replace(name, text).unwrap();
    change.commit().unwrap();
}

fn get(documents: &dyn Documents, name: &str) -> Option<String> {
    documents.read(name).unwrap().map(|it| it.to_string())
}

/// A database of a hundred documents, closed, and its folder.
fn closed() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.sqlite");
    let database = Database::open_or_create(&path).unwrap();
    let mut change = database.change().unwrap();
    for number in 0..100 {
        change.replace(&format!("apps/{number}.json"), &"text of a document ".repeat(100)).unwrap();
    }
    change.commit().unwrap();
    drop(database);
    (folder, path)
}

/// The refusal of a file, which stays as it is.
#[track_caller]
fn refusal(path: &Path) -> String {
    let before = fs::read(path).unwrap();
    for error in [Database::open_or_create(path).unwrap_err(), Database::open_existing(path).unwrap_err()] {
        assert!(matches!(error, StoreError::NotADatabase { .. }), "{error}");
    }
    assert_eq!(fs::read(path).unwrap(), before);
    Database::open_or_create(path).unwrap_err().to_string()
}

/// A folder has no undo.
#[test]
fn a_change_that_is_given_up_leaves_no_trace_in_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_or_create(&folder.path().join("t.sqlite")).unwrap();
    put(&database, "a", "1");
    let before = database.revision().unwrap();
    let mut change = database.change().unwrap();
    change.replace("a", "2").unwrap();
    drop(change);
    assert_eq!((get(&database, "a").as_deref(), database.revision().unwrap()), (Some("1"), before));
}

#[test]
fn what_another_program_made_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.sqlite");
    fs::write(&path, "these are words, and no database at all, whatever their number may be".repeat(20)).unwrap();
    assert!(refusal(&path).contains("it holds something else"));
    fs::write(&path, "").unwrap();
    assert!(refusal(&path).contains("another program made it"));
    for (name, mark) in [("marked", "PRAGMA user_version = 7;"), ("unmarked", "")] {
        let path = folder.path().join(name);
        let foreign = Connection::open(&path).unwrap();
        foreign.execute_batch(&format!("{mark} CREATE TABLE t (x)")).unwrap();
        drop(foreign);
        assert!(refusal(&path).contains("another program made it"));
    }
    assert!(Database::open_existing(&folder.path().join("none")).unwrap().is_none());
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let (_folder, path) = closed();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 2).unwrap();
    assert!(refusal(&path).contains("it has form 2 and this wayfarer knows 1: use a newer wayfarer"));
}

#[test]
fn damage_is_told_before_anything_is_done() {
    let (_folder, path) = closed();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(refusal(&path).contains("it is damaged"));
    // A page in the middle, which nobody may need for long.
    let mut torn = whole.clone();
    let middle = torn.len() / 2 / 4096 * 4096;
    torn[middle..middle + 4096].fill(0xa5);
    fs::write(&path, &torn).unwrap();
    let refusal = refusal(&path);
    assert!(refusal.contains("it is damaged") && refusal.ends_with("restore it from a backup"), "{refusal}");
    fs::write(&path, &whole).unwrap();
    assert_eq!(Database::open_existing(&path).unwrap().unwrap().list("apps").unwrap().len(), 100);
}

/// As many processes do that start at once.
#[test]
fn of_several_that_make_a_database_all_use_one() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/t.sqlite");
        thread::scope(|scope| {
            for number in 0..8 {
                let path = &path;
                scope.spawn(move || put(&Database::open_or_create(path).unwrap(), &format!("apps/{number}"), "x"));
            }
        });
        assert_eq!(Database::open_existing(&path).unwrap().unwrap().list("apps").unwrap().len(), 8);
        let files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().flatten().map(|it| it.file_name()).collect();
        assert!(files.iter().all(|it| it.to_string_lossy().starts_with("t.sqlite")), "{files:?}");
    }
}

#[test]
fn what_is_removed_is_nowhere_in_the_file() {
    let (_folder, path) = closed();
    let key = "a private key ".repeat(1000);
    let has_it = || fs::read(&path).unwrap().windows(14).any(|it| it == b"a private key ");
    put(&Database::open_or_create(&path).unwrap(), "keys/k", &key);
    assert!(has_it());
    let database = Database::open_or_create(&path).unwrap();
    let mut change = database.change().unwrap();
    assert!(change.remove("keys/k").unwrap());
    change.commit().unwrap();
    drop(database);
    assert!(!has_it());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_database() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.sqlite");
    let database = Database::open_or_create(&path).unwrap();
    put(&database, "keys/k", "secret");
    for file in fs::read_dir(folder.path()).unwrap().flatten() {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

/// Two connections, as two processes have them.
#[test]
fn another_process_sees_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.sqlite");
    let (one, other) = (Database::open_or_create(&path).unwrap(), Database::open_or_create(&path).unwrap());
    let before = other.revision().unwrap();
    put(&one, "apps/a.json", "x");
    assert_eq!(get(&other, "apps/a.json").as_deref(), Some("x"));
    assert_ne!(other.revision().unwrap(), before);
}
