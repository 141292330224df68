//! What is uploaded: the built texts, as the bytes of files.

use super::{PolicyFile, Project, Scope};
use crate::settings::{Placeholders, placeholders};
use std::path::Path;
use wayfarer_diagnostics::Diagnostics;

/// How the bytes of a file are to be written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// With a byte-order mark.
    Utf8Marked,
    /// Another one: it becomes UTF-8.
    Other,
    /// It could not be decoded: nothing may be made of it.
    Unknown,
}

impl Encoding {
    /// The encoding of bytes that were decoded to a text.
    pub(super) fn of(bytes: &[u8], text: &str, failed: bool) -> Self {
        match bytes.strip_prefix(MARK) {
            _ if failed => Self::Unknown,
            Some(rest) if rest == text.as_bytes() => Self::Utf8Marked,
            None if bytes == text.as_bytes() => Self::Utf8,
            _ => Self::Other,
        }
    }
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file as it is uploaded.
#[derive(Debug)]
pub struct BuiltFile<'p> {
    /// The policy.
    pub policy: &'p PolicyFile,
    /// The name of the file that it was built from.
    pub source: &'p str,
    /// Its path below the folder that was given.
    pub relative: &'p Path,
    /// UTF-8; every byte as written, but for the tokens.
    pub bytes: Vec<u8>,
}

impl Project {
    /// The policies as they are uploaded. `None` when a token of one of them has no value, or when one can't be decoded.
    pub fn built(&self) -> Option<Vec<BuiltFile<'_>>> {
        let reported: Vec<&PolicyFile> = self.files.iter().filter(|it| it.reported).collect();
        if !reported.iter().all(|it| it.builds) {
            return None;
        }
        Some(reported.into_iter().map(|it| self.built_file(it)).collect())
    }

    fn built_file<'p>(&'p self, file: &'p PolicyFile) -> BuiltFile<'p> {
        let text = file.document.text();
        let bytes = match file.encoding {
            Encoding::Utf8 | Encoding::Unknown => text.as_bytes().to_vec(),
            Encoding::Utf8Marked => [MARK, text.as_bytes()].concat(),
            Encoding::Other => declared_utf8(text).into_bytes(),
        };
        BuiltFile { policy: file, source: self.sources.name(file.file), relative: &file.relative, bytes }
    }

    /// Everything that is wrong with the set when it is uploaded: as [`Project::check`] has it, and what samples leave to
    /// be replaced by hand.
    pub fn check_built(&self) -> Diagnostics {
        let mut found = self.check(Scope::All);
        found.retain(|it| it.code != "tenant-placeholder-left");
        for file in self.files.iter().filter(|it| it.reported) {
            let mut own = Diagnostics::default();
            placeholders(&file.document, Placeholders::All, &mut own);
            own.iter_mut().for_each(|it| it.policy = file.policy_id().map(str::to_owned));
            found.extend(own);
        }
        found.sort_and_dedup();
        found
    }
}

/// The text with an XML declaration that names UTF-8, or none.
fn declared_utf8(text: &str) -> String {
    let encoding = text.strip_prefix("<?xml").and_then(|it| it.split_once("?>")).and_then(|(declaration, _)| {
        let at = "<?xml".len() + declaration.find("encoding")?;
        let quote = at + text.get(at..)?.find(['"', '\''])?;
        let mark = text.get(quote..)?.chars().next()?;
        let length = text.get(quote + 1..)?.find(mark)?;
        Some(quote + 1..quote + 1 + length)
    });
    let mut text = text.to_owned();
    if let Some(name) = encoding {
        text.replace_range(name, "utf-8");
    }
    text
}
