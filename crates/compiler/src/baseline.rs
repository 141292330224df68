//! A baseline: the findings that a set of policies had when its team began to check it. Only new ones are told.

use crate::files::{Entry, Files};
use crate::relative::relative;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use wayfarer_diagnostics::{Diagnostics, FileId, Sources, fingerprints};

/// What a baseline is called unless it is named.
pub const BASELINE: &str = "wayfarer-baseline.json";

/// The format that is written.
const VERSION: u64 = 1;

/// Findings by what they are known by. File names are relative to the baseline's folder and written with `/`.
#[derive(Debug, Default)]
pub struct Baseline(BTreeSet<Known>);

/// A finding; the order of the members is the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Known {
    file: String,
    rule: String,
    /// For people who read the file: what counts is the fingerprint.
    message: String,
    fingerprint: String,
}

/// File, rule and fingerprint.
type Key = (String, String, String);

impl Known {
    fn key(&self) -> Key {
        (self.file.clone(), self.rule.clone(), self.fingerprint.clone())
    }
}

/// What a baseline has hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// How many findings are in it, and not told.
    pub known: usize,
    /// How many of its findings are no longer there.
    pub stale: usize,
}

#[derive(Serialize, Deserialize)]
struct Content {
    version: u64,
    findings: Vec<Known>,
}

impl Baseline {
    /// Reads what [`Self::to_json`] has written.
    ///
    /// # Errors
    /// Why it is no baseline.
    pub fn parse(text: &str) -> Result<Self, String> {
        let content: Content = serde_json::from_str(text).map_err(|it| it.to_string())?;
        if content.version != VERSION {
            return Err(format!("it is of version {}, and this Wayfarer knows version {VERSION}", content.version));
        }
        Ok(Self(content.findings.into_iter().collect()))
    }

    /// The findings of a set, for a baseline in `folder` (in its one spelling).
    pub fn of(files: &dyn Files, folder: &Path, found: &Diagnostics, sources: &Sources) -> Self {
        let known = found.iter().zip(keys(files, folder, found, sources));
        let known = known.map(|(it, (file, rule, fingerprint))| {
            let message = it.message.clone();
            Known { file, rule, message, fingerprint }
        });
        Self(known.collect())
    }

    /// Keeps of an older baseline what this check has not looked at: findings in other files that are still there.
    pub fn keep(&mut self, older: Self, files: &dyn Files, folder: &Path, judged: &[FileId], sources: &Sources) {
        let judged = names(files, folder, judged, sources);
        let others = older.0.into_iter().filter(|it| !judged.contains(&it.file));
        self.0.extend(others.filter(|it| files.entry(&folder.join(&it.file)) == Some(Entry::File)));
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes its findings out of those of a check that looked at the files `judged`.
    pub fn hide(
        &self,
        files: &dyn Files,
        folder: &Path,
        found: &mut Diagnostics,
        judged: &[FileId],
        sources: &Sources,
    ) -> Hidden {
        let known: BTreeSet<Key> = self.0.iter().map(Known::key).collect();
        let mut seen = BTreeSet::new();
        let mut keys = keys(files, folder, found, sources).into_iter();
        found.retain(|_| match keys.next() {
            Some(it) if known.contains(&it) => {
                seen.insert(it);
                false
            }
            _ => true,
        });
        let judged = names(files, folder, judged, sources);
        let is_there = |it: &Known| files.entry(&folder.join(&it.file)) == Some(Entry::File);
        let stale = self.0.iter().filter(|it| !seen.contains(&it.key()));
        let stale = stale.filter(|it| judged.contains(&it.file) || !is_there(it)).count();
        Hidden { known: seen.len(), stale }
    }

    /// The file: sorted, with a line for each finding, so that changes of it can be read and merged.
    pub fn to_json(&self) -> String {
        // Texts and numbers can always be written.
        let lines = self.0.iter().filter_map(|it| serde_json::to_string(it).ok()).map(|it| format!("\n    {it}"));
        let lines = lines.collect::<Vec<_>>().join(",");
        let end = if lines.is_empty() { "" } else { "\n  " };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{lines}{end}]\n}}\n")
    }
}

/// What each finding is known by.
fn keys(files: &dyn Files, folder: &Path, found: &Diagnostics, sources: &Sources) -> Vec<Key> {
    let name = |it: FileId| relative(files, folder, Path::new(sources.name(it)));
    let prints = fingerprints(found, sources, name);
    found.iter().zip(prints).map(|(it, print)| (name(it.primary.span.file), it.code.to_owned(), print)).collect()
}

fn names(files: &dyn Files, folder: &Path, judged: &[FileId], sources: &Sources) -> BTreeSet<String> {
    judged.iter().map(|it| relative(files, folder, Path::new(sources.name(*it)))).collect()
}
