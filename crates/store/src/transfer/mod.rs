//! Moving a whole tenant between a folder and a database: every document, byte for byte.

mod error;
mod strangers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::documents::{Change, Database, Documents, Folder, Snapshot, names};
use crate::tenant::{LoadError, STATE_FILE, Tenant};

pub use error::TransferError;

/// What lies in a tenant folder as files.
const AS_FILES: [&str; 2] = ["apps", "keys"];
/// What lies beside them, in the folder's state.
const IN_STATE: &str = "policies";
const ALL: [&str; 3] = ["apps", "keys", IN_STATE];

/// Whether what is there already may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Nothing is written where something is.
    Refuse,
    /// What is there is replaced as a whole.
    Replace,
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The names of the documents that are there now.
    pub documents: Vec<String>,
    /// The names of the documents that were there and are not any more.
    pub removed: Vec<String>,
    /// What the tenant folder holds that is no document of a tenant, and stays where it is.
    pub left_out: Vec<PathBuf>,
}

impl Tenant {
    /// Puts the tenant in `folder`, with the policies that were uploaded to it, into `database`, which is made when there
    /// is none. The database has all of it afterwards, or is as it was.
    ///
    /// # Errors
    /// The folder holds no sound tenant, the database holds one and `existing` refuses, something can't be read or
    /// written.
    pub fn import(folder: &Path, database: &Path, existing: Existing) -> Result<Transfer, TransferError> {
        let snapshot = of_folder(folder)?;
        let left_out = strangers::of(folder)?;
        let documents = Database::open_or_create(database)?;
        let mut change = documents.change()?;
        let before = names(&*change, &ALL)?;
        if existing == Existing::Refuse && !before.is_empty() {
            return Err(TransferError::Exists { path: database.to_owned() });
        }
        let removed = put(&mut *change, &snapshot, before)?;
        change.commit()?;
        Ok(Transfer { documents: names_of(&snapshot), removed, left_out })
    }

    /// Writes the tenant in `database` to `folder`: registrations and keys as files, uploaded policies as the folder's
    /// state. A folder has no undo: when this fails, it holds some of the documents, each of them whole.
    ///
    /// # Errors
    /// The database holds no tenant, the folder holds one and `existing` refuses, something can't be read or written.
    pub fn export(database: &Path, folder: &Path, existing: Existing) -> Result<Transfer, TransferError> {
        let no_tenant = || LoadError::NoTenant { path: database.to_owned() };
        let source = Database::open_existing(database)?.ok_or_else(no_tenant)?;
        let mut snapshot = Snapshot::of(&source, &ALL)?;
        if !snapshot.contains("tenant.toml") {
            return Err(no_tenant().into());
        }
        let documents = names_of(&snapshot);
        if folder.exists() && !folder.is_dir() {
            return Err(LoadError::NotAFolder { path: folder.to_owned() }.into());
        }
        refuse_existing(folder, existing)?;
        let target = Folder::new(folder);
        let mut change = target.change()?;
        // Again: somebody may have been faster.
        refuse_existing(folder, existing)?;
        let mut removed = put_state(folder, &snapshot.take(IN_STATE))?;
        let before = names(&*change, &AS_FILES)?;
        removed.extend(put(&mut *change, &snapshot, before)?);
        change.commit()?;
        Ok(Transfer { documents, removed, left_out: Vec::new() })
    }
}

/// The documents of a tenant folder, which together are a tenant.
fn of_folder(path: &Path) -> Result<Snapshot, TransferError> {
    if !path.is_dir() {
        return Err(LoadError::NotAFolder { path: path.to_owned() }.into());
    }
    let folder = Folder::new(path);
    let mut snapshot = Snapshot::of(&folder, &AS_FILES)?;
    if !snapshot.contains("tenant.toml") {
        return Err(LoadError::NoTenantFile { path: path.to_owned() }.into());
    }
    Tenant::read(&snapshot, Arc::new(folder))?;
    if let Some(state) = Database::open_existing(&path.join(STATE_FILE))? {
        snapshot.extend(Snapshot::of(&state, &[IN_STATE])?.take(IN_STATE));
    }
    Ok(snapshot)
}

fn refuse_existing(folder: &Path, existing: Existing) -> Result<(), TransferError> {
    if existing == Existing::Replace {
        return Ok(());
    }
    let state = Database::open_existing(&folder.join(STATE_FILE))?;
    let uploaded = state.map(|it| names(&it, &[IN_STATE])).transpose()?.unwrap_or_default();
    if uploaded.is_empty() && names(&Folder::new(folder), &AS_FILES)?.is_empty() {
        return Ok(());
    }
    Err(TransferError::Exists { path: folder.to_owned() })
}

/// Uploaded policies become those of a tenant folder. Gives what was there and is not any more.
fn put_state(folder: &Path, policies: &Snapshot) -> Result<Vec<String>, TransferError> {
    let file = folder.join(STATE_FILE);
    if policies.is_empty() && !file.exists() {
        return Ok(Vec::new());
    }
    let state = Database::open_or_create(&file)?;
    let mut change = state.change()?;
    let before = names(&*change, &[IN_STATE])?;
    let removed = put(&mut *change, policies, before)?;
    change.commit()?;
    Ok(removed)
}

/// Writes all of a snapshot and takes away what else was there, which is what is given back.
fn put(change: &mut dyn Change, snapshot: &Snapshot, before: Vec<String>) -> Result<Vec<String>, TransferError> {
    // What makes it a tenant comes last.
    let is_settings = |(name, _): &(&str, &str)| *name == "tenant.toml";
    let (settings, others): (Vec<_>, Vec<_>) = snapshot.iter().partition(is_settings);
    for (name, text) in others.into_iter().chain(settings) {
        if before.iter().any(|it| it == name) {
            change.replace(name, text)?;
        } else if !change.create(name, text)? {
            return Err(TransferError::OneName { name: name.to_owned() });
        }
    }
    let removed: Vec<String> = before.into_iter().filter(|name| !snapshot.contains(name)).collect();
    for name in &removed {
        change.remove(name)?;
    }
    Ok(removed)
}

fn names_of(snapshot: &Snapshot) -> Vec<String> {
    snapshot.iter().map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests;
