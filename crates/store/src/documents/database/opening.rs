use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::documents::StoreError;
use crate::files;

/// Marks a file as ours (`PRAGMA application_id`): "Wayf".
const APPLICATION: i32 = 0x5761_7966;
/// The form of the tables (`PRAGMA user_version`).
const VERSION: i32 = 1;
/// Another process may be in the middle of a change.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLES: &str = "
    CREATE TABLE document (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (1, 0);
";

/// A connection to the database at `path`, which exists.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    refuse_foreign(path, &connection)?;
    refuse_damaged(path, &connection)?;
    // What is committed lasts, and a key that was removed is overwritten.
    let settings = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON";
    connection.execute_batch(settings).map_err(|source| failure(path, source))?;
    Ok(connection)
}

/// Makes a database under another name and then gives it its own: nobody ever opens half of one, and of several that
/// race the first one's stays.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    files::create_parent(path)?;
    // SQLite makes files that everybody may read; this one holds keys.
    let temporary = files::create_temporary(path)?;
    let made = connect(&temporary).and_then(|it| fill(it).map_err(|source| failure(path, source)));
    if made.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    made?;
    files::publish(&temporary, path).map(|_| ())
}

/// The tables of a new file. Closing writes all of it to the file itself, and none beside it.
fn fill(connection: Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    connection.execute_batch(TABLES)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|source| failure(path, source))?;
    connection.busy_timeout(PATIENCE).map_err(|source| failure(path, source))?;
    Ok(connection)
}

fn refuse_foreign(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let number = |pragma: &str| number(pragma).map_err(|source| failure(path, source));
    let reason = match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => return Ok(()),
        (APPLICATION, newer) => format!("it has form {newer} and this wayfarer knows {VERSION}: use a newer wayfarer"),
        _ => "another program made it: name another file".to_owned(),
    };
    Err(StoreError::NotADatabase { path: path.to_owned(), reason })
}

/// A damaged page is told before anything is done, not when somebody happens to need what was on it.
fn refuse_damaged(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let found: String =
        connection.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(|source| failure(path, source))?;
    if found == "ok" { Ok(()) } else { Err(damaged(path, found.lines().next().unwrap_or_default())) }
}

fn damaged(path: &Path, what: impl std::fmt::Display) -> StoreError {
    StoreError::NotADatabase {
        path: path.to_owned(),
        reason: format!("it is damaged ({what}); restore it from a backup"),
    }
}

pub(super) fn failure(path: &Path, source: rusqlite::Error) -> StoreError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            let reason = "it holds something else: name another file, or restore it from a backup".to_owned();
            StoreError::NotADatabase { path: path.to_owned(), reason }
        }
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, source),
        _ => StoreError::Database { path: path.to_owned(), source },
    }
}
