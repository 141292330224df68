use super::Keys;
use crate::output::Failure;
use crate::secrets;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use wayfarer_store::{ImportError, ImportedKey, KeyType, KeyUse, import_keys};
use zeroize::Zeroizing;

/// More than any file with keys has; that it is too large is told where it is read.
const LIMIT: u64 = 2 * 1024 * 1024;

impl Keys<'_> {
    pub(super) fn import(
        &self,
        container: &str,
        file: &Path,
        password_file: Option<&Path>,
        usage: Option<KeyUse>,
    ) -> Result<(), Failure> {
        let password = secrets::import_password(password_file)?;
        let imported = import_keys(&read(file)?, password.as_ref()).map_err(|error| failure(file, &error))?;
        let key = |it: ImportedKey| {
            let usual = if it.kty() == KeyType::Rsa { KeyUse::Signature } else { KeyUse::Encryption };
            let usage = usage.or(it.usage()).unwrap_or(usual);
            it.into_key(usage, self.now).map_err(Failure::new)
        };
        let keys = imported.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
        self.add(container, keys)
    }
}

fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let unreadable = |error| Failure::new(format!("cannot read `{}`: {error}", file.display()));
    let source = File::open(file).map_err(unreadable)?;
    // In one piece: a buffer that grows leaves copies behind.
    let length = source.metadata().map_err(unreadable)?.len().min(LIMIT);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1));
    source.take(LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn failure(file: &Path, error: &ImportError) -> Failure {
    let failure = Failure::new(format!("`{}`: {error}", file.display()));
    match error {
        ImportError::PasswordMissing { .. } => {
            failure.help("name a file that holds it with `--password-file`, or set WAYFARER_IMPORT_PASSWORD")
        }
        _ => failure,
    }
}
