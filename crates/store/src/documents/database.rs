use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};
use zeroize::Zeroizing;

use super::{Change, Documents, Reader, Revision, StoreError, Text, is_name};
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

/// Documents in one SQLite file, with a write-ahead log beside it. Every change is all or nothing, and lasts once it is
/// committed.
#[derive(Debug)]
pub struct Database {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Database {
    /// The database at `path`, made when there is none.
    ///
    /// # Errors
    /// The place can't be written, or the file is no database of a tenant, or one of a newer version.
    pub fn open_or_create(path: &Path) -> Result<Self, StoreError> {
        // SQLite makes files that everybody may read; this one holds keys.
        if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| StoreError::Write { path: folder.to_owned(), source })?;
        }
        files::touch_private(path)?;
        Self::open(path)
    }

    /// The database at `path`; `None` when there is no such file.
    ///
    /// # Errors
    /// As [`Database::open_or_create`].
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StoreError> {
        if path.is_file() { Self::open(path).map(Some) } else { Ok(None) }
    }

    fn open(path: &Path) -> Result<Self, StoreError> {
        let fails = |source| failure(path, source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fails)?;
        connection.busy_timeout(PATIENCE).map_err(fails)?;
        prepare(path, &connection)?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fails(&self, source: rusqlite::Error) -> StoreError {
        failure(&self.path, source)
    }
}

/// Makes the tables of a new file, and refuses what is not ours.
fn prepare(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let fails = |source| failure(path, source);
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let foreign = |reason: String| StoreError::NotADatabase { path: path.to_owned(), reason };
    match (number("application_id").map_err(fails)?, number("user_version").map_err(fails)?) {
        (APPLICATION, VERSION) => {}
        (APPLICATION, newer) => {
            return Err(foreign(format!(
                "it has form {newer} and this wayfarer knows {VERSION}: use a newer wayfarer"
            )));
        }
        (0, 0) => create(connection).map_err(fails)?,
        _ => return Err(foreign("another program made it: name another file".to_owned())),
    }
    connection.pragma_update(None, "synchronous", "FULL").map_err(fails)
}

/// Two processes may come here at once: the second finds the tables that the first made.
fn create(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let made = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))? == VERSION;
    if !made {
        connection.execute_batch(TABLES)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    connection.execute_batch("COMMIT")
}

fn failure(path: &Path, source: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::NotADatabase { path, reason: format!("{source}; restore it from a backup") }
        }
        _ => StoreError::Database { path, source },
    }
}

fn read(connection: &Connection, name: &str) -> Result<Option<Text>, rusqlite::Error> {
    let mut statement = connection.prepare_cached("SELECT text FROM document WHERE name = ?1")?;
    statement.query_row([name], |row| row.get(0).map(Zeroizing::new)).optional()
}

fn list(connection: &Connection, folder: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "SELECT name FROM document WHERE name > ?1 || '/' AND name < ?1 || '0' AND instr(substr(name, length(?1) + 2), '/') = 0 ORDER BY name",
    )?;
    let names = statement.query_map([folder], |row| row.get(0))?;
    names.collect()
}

impl Reader for Database {
    fn read(&self, name: &str) -> Result<Option<Text>, StoreError> {
        read(&self.connection(), name).map_err(|it| self.fails(it))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        list(&self.connection(), folder).map_err(|it| self.fails(it))
    }
}

impl Documents for Database {
    fn change(&self) -> Result<Box<dyn Change + '_>, StoreError> {
        let connection = self.connection();
        // Immediately, so that what this change reads is still true when it writes.
        connection.execute_batch("BEGIN IMMEDIATE").map_err(|it| self.fails(it))?;
        Ok(Box::new(DatabaseChange { database: self, connection, wrote: false, ended: false }))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        let number = self.connection().query_row("SELECT number FROM revision", [], |row| row.get::<_, i64>(0));
        number.map(|it| Revision(it.cast_unsigned())).map_err(|it| self.fails(it))
    }
}

struct DatabaseChange<'a> {
    database: &'a Database,
    connection: MutexGuard<'a, Connection>,
    wrote: bool,
    ended: bool,
}

impl DatabaseChange<'_> {
    fn write(&mut self, sql: &str, name: &str, text: Option<&str>) -> Result<bool, StoreError> {
        if !is_name(name) {
            return Err(StoreError::Name { name: name.chars().take(140).collect() });
        }
        let written = match text {
            Some(text) => self.connection.execute(sql, params![name, text]),
            None => self.connection.execute(sql, params![name]),
        };
        let written = written.map_err(|it| self.database.fails(it))? > 0;
        self.wrote |= written;
        Ok(written)
    }
}

impl Reader for DatabaseChange<'_> {
    fn read(&self, name: &str) -> Result<Option<Text>, StoreError> {
        read(&self.connection, name).map_err(|it| self.database.fails(it))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        list(&self.connection, folder).map_err(|it| self.database.fails(it))
    }
}

impl Change for DatabaseChange<'_> {
    fn create(&mut self, name: &str, text: &str) -> Result<bool, StoreError> {
        self.write("INSERT INTO document VALUES (?1, ?2) ON CONFLICT DO NOTHING", name, Some(text))
    }

    fn replace(&mut self, name: &str, text: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO document VALUES (?1, ?2) ON CONFLICT DO UPDATE SET text = excluded.text";
        self.write(sql, name, Some(text)).map(|_| ())
    }

    fn remove(&mut self, name: &str) -> Result<bool, StoreError> {
        self.write("DELETE FROM document WHERE name = ?1", name, None)
    }

    fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        let count = if self.wrote { "UPDATE revision SET number = number + 1;" } else { "" };
        let committed = self.connection.execute_batch(&format!("{count} COMMIT"));
        committed.map_err(|it| self.database.fails(it))?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for DatabaseChange<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
