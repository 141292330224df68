//! The baseline of `check`: read before findings are told, or written instead.

use crate::output::{Failure, QUIET, count, styled};
use std::path::{Path, PathBuf};
use wayfarer_compiler::{BASELINE, Baseline, Config, Files, Hidden, Project};
use wayfarer_diagnostics::Diagnostics;
use wayfarer_runtime::Disk;

/// Larger files are no baseline.
const LIMIT: u64 = 64 * 1024 * 1024;

/// Takes the findings of the baseline in that file out of those of a check.
pub(crate) fn hide(path: &Path, project: &Project, found: &mut Diagnostics) -> Result<Hidden, Failure> {
    let baseline = read(path)?;
    Ok(baseline.hide(&Disk, &folder_of(path), found, project.judged(), project.sources()))
}

/// Where a baseline is written: where the command says, else the configuration, else beside that, else here.
pub(crate) fn place(named: Option<&PathBuf>, config: Option<&Config>) -> PathBuf {
    let configured = || config.map(|it| it.baseline().unwrap_or_else(|| it.placed(BASELINE)));
    named.cloned().or_else(configured).unwrap_or_else(|| PathBuf::from(BASELINE))
}

/// Writes all findings to a baseline; what is told then. Findings in files that this check has not looked at stay in it.
pub(crate) fn write(
    path: &Path,
    project: &Project,
    found: &Diagnostics,
    config: Option<&Config>,
) -> Result<String, Failure> {
    let folder = folder_of(path);
    let mut baseline = Baseline::of(&Disk, &folder, found, project.sources());
    if path.exists() {
        baseline.keep(read(path)?, &Disk, &folder, project.judged(), project.sources());
    }
    std::fs::write(path, baseline.to_json()).map_err(|error| {
        Failure::new(format!("`{}` can't be written: {error}", path.display()))
            .help("name another file with `--write-baseline=FILE`")
    })?;
    let shown = path.display();
    let mut text = format!("{} written to {shown}\n", count(baseline.len(), "finding"));
    if config.and_then(Config::baseline).is_none_or(|it| Disk.canonical(&it) != Disk.canonical(path)) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let how = format!(
            "check with `--baseline {shown}`, or put `baseline = \"{name}\"` into wayfarer.toml, to be told only new ones"
        );
        text.push_str(&styled(QUIET, how));
        text.push('\n');
    }
    Ok(text)
}

/// What was hidden, for people.
pub(crate) fn remarks(hidden: Hidden, path: &Path) -> Vec<String> {
    let mut remarks = Vec::new();
    let file = path.display();
    if hidden.known > 0 {
        remarks.push(format!("{} of {file} not shown", count(hidden.known, "finding")));
    }
    if hidden.stale > 0 {
        let what = count(hidden.stale, "finding");
        remarks.push(format!("{what} of {file} no longer there; --write-baseline takes them out"));
    }
    remarks
}

fn folder_of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    Disk.canonical(parent.unwrap_or(Path::new(".")))
}

fn read(path: &Path) -> Result<Baseline, Failure> {
    let shown = path.display();
    if Disk.entry(path).is_none() {
        let failure = Failure::new(format!("there is no baseline `{shown}`"));
        return Err(failure.help(format!("`wayfarer check --write-baseline={shown}` writes one")));
    }
    let help = "name a file that `wayfarer check --write-baseline` has written";
    let unreadable = |it| Failure::new(format!("`{shown}` can't be read: {it}")).help(help);
    let bytes = Disk.read(path, LIMIT).map_err(unreadable)?;
    Baseline::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|it| Failure::new(format!("`{shown}` is no baseline: {it}")).help(help))
}
