mod opening;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use super::{Change, Documents, Reader, Revision, StoreError, Text, is_name};
use opening::failure;

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
        if !path.exists() {
            opening::create(path)?;
        }
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
        let connection = opening::open(path)?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fails(&self, source: rusqlite::Error) -> StoreError {
        failure(&self.path, source)
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
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError> {
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
        // Joining nothing would make a folder of the file.
        if name.is_empty() { self.path.clone() } else { self.path.join(name) }
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
    fn read_as_written(&self, name: &str) -> Result<Option<Text>, StoreError> {
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

#[cfg(test)]
mod tests;
