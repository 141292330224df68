//! Secrets that a command is given: in files, variables and on standard input, and never as arguments, which every process
//! of the machine can read.

use crate::args::Passphrase;
use crate::output::Failure;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use wayfarer_store::Secret;
use zeroize::Zeroizing;

/// A secret is a line, not a file.
const LIMIT: u64 = 64 * 1024;

/// What policy keys are encrypted with, where there is a passphrase.
pub(crate) fn passphrase(options: &Passphrase) -> Result<Option<Secret>, Failure> {
    match &options.passphrase_file {
        Some(file) => in_file(file, "passphrase").map(Some),
        None => in_variable("WAYFARER_KEY_PASSPHRASE"),
    }
}

/// The password of a file with keys, where it has one.
pub(crate) fn import_password(file: Option<&Path>) -> Result<Option<Secret>, Failure> {
    match file {
        Some(file) => in_file(file, "password").map(Some),
        None => in_variable("WAYFARER_IMPORT_PASSWORD"),
    }
}

/// A variable that is empty is one that is not set.
fn in_variable(name: &str) -> Result<Option<Secret>, Failure> {
    let Some(value) = std::env::var_os(name).filter(|it| !it.is_empty()) else { return Ok(None) };
    let text = value.into_string().map_err(|_| Failure::new(format!("the variable {name} is no UTF-8 text")))?;
    Ok(Some(Secret::new(text)))
}

/// The text of a file without the end of its line.
pub(crate) fn in_file(file: &Path, what: &str) -> Result<Secret, Failure> {
    let place = format!("`{}`", file.display());
    let source = File::open(file).map_err(|error| Failure::new(format!("cannot read {place}: {error}")))?;
    let text = text(source).map_err(|problem| Failure::new(format!("{place} can't be read as a {what}: {problem}")))?;
    text.ok_or_else(|| Failure::new(format!("{place} is empty: it is to hold the {what}")))
}

/// The text on standard input without the end of its line; `None` where there is none.
pub(crate) fn on_standard_input() -> Result<Option<Secret>, Failure> {
    let read = text(std::io::stdin().lock());
    read.map_err(|problem| Failure::new(format!("the secret can't be read from standard input: {problem}")))
}

fn text(source: impl Read) -> Result<Option<Secret>, String> {
    // In one piece: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 1));
    source.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LIMIT {
        return Err(format!("it is larger than {LIMIT} bytes"));
    }
    let text = decoded(&bytes).ok_or("it is not UTF-8")?;
    let text = text.trim_end_matches(['\r', '\n']);
    Ok(Some(text).filter(|it| !it.is_empty()).map(Secret::new))
}

/// UTF-8, or what Windows PowerShell's `>` writes.
fn decoded(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let (pairs, []) = rest.as_chunks() else { return None };
            let units: Zeroizing<Vec<u16>> = Zeroizing::new(pairs.iter().copied().map(u16::from_le_bytes).collect());
            String::from_utf16(&units).ok()?
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => str::from_utf8(rest).ok()?.to_owned(),
        _ => str::from_utf8(bytes).ok()?.to_owned(),
    };
    Some(Zeroizing::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<String>, String> {
        Ok(text(bytes)?.map(|it| it.expose().to_owned()))
    }

    #[test]
    fn a_secret_is_a_text_without_the_end_of_its_line() {
        for bytes in [
            b"p\xc3\xa4ss word".as_slice(),
            b"p\xc3\xa4ss word\n",
            b"p\xc3\xa4ss word\r\n",
            b"\xef\xbb\xbfp\xc3\xa4ss word\n",
            b"\xff\xfep\0\xe4\0s\0s\0 \0w\0o\0r\0d\0\r\0\n\0",
        ] {
            assert_eq!(read(bytes), Ok(Some("päss word".to_owned())), "{bytes:?}");
        }
        assert_eq!(read(b" x "), Ok(Some(" x ".to_owned())), "blanks are part of it");
        assert_eq!([read(b""), read(b"\r\n")], [Ok(None), Ok(None)]);
        assert!(read(b"\xe4").is_err() && read(b"\xff\xfea").is_err() && read(&vec![b'x'; 65_537]).is_err());
    }
}
