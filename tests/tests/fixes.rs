//! Safe fixes on the public policies under `$WAYFARER_CORPUS`, as they are and with mistakes put into them: every file stays
//! well-formed, what is fixed is gone, nothing new is wrong, a second run finds nothing to do, and a mistake that is fixed
//! leaves no trace. Nothing is written.

#![cfg(test)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use wayfarer_compiler::{Entry, FileError, Files, Fixed, Listing, Project, Scope, fix};
use wayfarer_diagnostics::{Applicability, Diagnostics, Severity};
use wayfarer_runtime::Disk;

/// No public policy is near this.
const LIMIT: u64 = 1 << 24;

/// The disk, with other bytes for some files.
#[derive(Default)]
struct Changed(BTreeMap<PathBuf, Vec<u8>>);

impl Files for Changed {
    fn entry(&self, path: &Path) -> Option<Entry> {
        Disk.entry(path)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        self.0.get(path).map_or_else(|| Disk.read(path, limit), |it| Ok(it.clone()))
    }

    fn xml_files(&self, folder: &Path, below: bool) -> Listing {
        Disk.xml_files(folder, below)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        Disk.canonical(path)
    }
}

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("WAYFARER_CORPUS").filter(|it| !it.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        println!("not run: WAYFARER_CORPUS names no folder with the public policies");
    }
    folder
}

fn checked(files: &dyn Files, folder: &Path) -> Result<(Project, Diagnostics), Infallible> {
    let project = Project::load(files, &[folder.to_owned()], &[], Scope::All, None).expect("a folder with policies");
    let found = project.check(Scope::All);
    Ok((project, found))
}

fn fixed(files: &dyn Files, folder: &Path) -> Fixed {
    fix(files, Applicability::Safe, |it| checked(it, folder)).expect("no error is possible")
}

/// How often each error is there, by file, rule and message.
fn errors(project: &Project, found: &Diagnostics) -> BTreeMap<(String, String), usize> {
    let mut errors = BTreeMap::new();
    for it in found.iter().filter(|it| it.severity == Severity::Error) {
        let file = project.sources().name(it.primary.span.file).to_owned();
        *errors.entry((file, it.code.to_owned())).or_default() += 1;
    }
    errors
}

#[track_caller]
fn check_fixed(files: &Changed, folder: &Path) -> Fixed {
    let Ok((project, found)) = checked(files, folder);
    let before = errors(&project, &found);
    let fixed = fixed(files, folder);
    for (error, number) in errors(&fixed.project, &fixed.found) {
        assert!(before.get(&error).is_some_and(|it| *it >= number), "{error:?} is new");
    }
    let is_safe = |it: &&wayfarer_diagnostics::Diagnostic| {
        it.fix.as_ref().is_some_and(|it| it.applicability == Applicability::Safe)
    };
    assert_eq!(fixed.found.iter().filter(is_safe).count(), 0, "safe fixes are left");
    assert!(fixed.refused.is_empty(), "{:?}", fixed.refused);
    let mut again = Changed(files.0.clone());
    again.0.extend(fixed.files.iter().map(|it| (it.path.clone(), it.bytes_after.clone())));
    assert_eq!(self::fixed(&again, folder).files.len(), 0, "a second run finds something to do");
    fixed
}

/// Mistakes, each of which its fix undoes to the letter; comments stay.
fn with_mistakes(text: &str) -> String {
    let mut parts = text.split("<!--");
    let mut out = parts.next().map(mistaken).unwrap_or_default();
    for part in parts {
        let (comment, rest) = part.split_once("-->").unwrap_or((part, ""));
        out.push_str(&format!("<!--{comment}-->{}", mistaken(rest)));
    }
    out
}

fn mistaken(text: &str) -> String {
    let text = text.replace("PolicySchemaVersion=\"0.3.0.0\"", "PolicySchemaVersion=\"0.3\"");
    let text = text.replace("ExecuteActionsIf=\"true\"", "ExecuteActionsIf=\"True\"");
    let text = text.replace(" Type=\"ClaimsExchange\"", " Type=\"claimsExchange\"");
    // The line of a claim type's name under that of its data type.
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 1..lines.len() {
        let is = |line: &str, tag: &str| {
            let line = line.trim();
            line.starts_with(&format!("<{tag}>")) && line.ends_with(&format!("</{tag}>"))
        };
        if is(lines[at - 1], "DisplayName") && is(lines[at], "DataType") {
            lines.swap(at - 1, at);
        }
    }
    lines.concat()
}

#[test]
fn safe_fixes_of_the_public_policies_leave_nothing_new() {
    let Some(folder) = corpus() else { return };
    let fixed = check_fixed(&Changed::default(), &folder);
    assert!(fixed.fixes.len() >= 30, "{} fixes", fixed.fixes.len());
}

#[test]
fn a_mistake_that_is_fixed_leaves_no_trace() {
    let Some(folder) = corpus() else { return };
    let plain = fixed(&Disk, &folder);
    let plain: BTreeMap<_, _> = plain.files.into_iter().map(|it| (it.path, it.bytes_after)).collect();
    let Ok((project, found)) = checked(&Disk, &folder);
    // A file with errors of its own may hold mistakes that a fix can't see through.
    let broken: Vec<_> =
        found.iter().filter(|it| it.severity == Severity::Error).map(|it| it.primary.span.file).collect();
    let mut mistaken = Changed::default();
    for file in project.files().iter().filter(|it| !broken.contains(&it.file)) {
        let path = PathBuf::from(project.sources().name(file.file));
        let bytes = Disk.read(&path, LIMIT).expect("a file that was read");
        if let Ok(text) = String::from_utf8(bytes) {
            mistaken.0.insert(path, with_mistakes(&text).into_bytes());
        }
    }
    let mended: BTreeMap<_, _> =
        check_fixed(&mistaken, &folder).files.into_iter().map(|it| (it.path, it.bytes_after)).collect();
    let mut changed = 0;
    for (path, bytes) in &mistaken.0 {
        let original = Disk.read(path, LIMIT).expect("a file that was read");
        changed += usize::from(*bytes != original);
        let expected = plain.get(path).unwrap_or(&original);
        let mended = mended.get(path).unwrap_or(bytes);
        assert!(mended == expected, "{} does not come out as it was", path.display());
    }
    assert!(changed > 100, "{changed} files got mistakes");
}
