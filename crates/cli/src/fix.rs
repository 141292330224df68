//! `check --fix` and `check --diff`: what the fixes make of the files, written or shown.

use crate::output::{self, Failure, count, remark};
use crate::{Ended, Exit};
use std::collections::BTreeMap;
use wayfarer_compiler::{Files, Fixed, Project};
use wayfarer_diagnostics::{Applicability, Diagnostics, render};
use wayfarer_runtime::{Disk, rewrite};

/// Applies the fixes to the files.
pub(crate) fn apply(
    risk: Applicability,
    check: impl Fn(&dyn Files) -> Result<(Project, Diagnostics), Failure>,
) -> Result<(), Failure> {
    let fixed = wayfarer_compiler::fix(&Disk, risk, check)?;
    let changes: Vec<_> = fixed
        .files
        .iter()
        .map(|it| (it.path.as_path(), it.bytes_before.as_slice(), it.bytes_after.as_slice()))
        .collect();
    rewrite(&changes).map_err(|error| Failure::new(&error).help(error.help()))?;
    tell(&fixed, "applied");
    Ok(())
}

/// Prints the fixes as a diff. There are findings when there is one.
pub(crate) fn show(
    risk: Applicability,
    check: impl Fn(&dyn Files) -> Result<(Project, Diagnostics), Failure>,
) -> Ended {
    let fixed = wayfarer_compiler::fix(&Disk, risk, check)?;
    let diffs = fixed.files.iter().map(|it| render::diff(&it.path.display().to_string(), &it.before, &it.after));
    output::result(&diffs.collect::<String>());
    tell(&fixed, "would be applied");
    if risk == Applicability::Safe {
        offer(&fixed.found).into_iter().for_each(remark);
    }
    Ok(if fixed.files.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// `3 fixes applied in 2 files: element-order (2), ref-case-drift (1)`.
fn tell(fixed: &Fixed, done: &str) {
    for path in &fixed.refused {
        let path = path.display();
        remark(format_args!(
            "warning: `{path}` has fixes that are not applied: it can't be written again byte for byte; save it as UTF-8"
        ));
    }
    if fixed.files.is_empty() {
        return remark("no fix to apply");
    }
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    fixed.fixes.iter().for_each(|(code, _)| *rules.entry(code).or_default() += 1);
    let rules: Vec<String> = rules.into_iter().map(|(code, number)| format!("{code} ({number})")).collect();
    let number = match fixed.fixes.len() {
        1 => "1 fix".to_owned(),
        more => format!("{more} fixes"),
    };
    remark(format_args!("{number} {done} in {}: {}", count(fixed.files.len(), "file"), rules.join(", ")));
}

/// How many findings could be fixed, and how.
pub(crate) fn offer(found: &Diagnostics) -> Option<String> {
    let number =
        |wanted| found.iter().filter(|it| it.fix.as_ref().is_some_and(|it| it.applicability == wanted)).count();
    match (number(Applicability::Safe), number(Applicability::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{} can be fixed with --fix; --diff shows how", count(safe, "finding"))),
        (0, risky) => {
            let findings = count(risky, "finding");
            Some(format!("{findings} can be fixed with --fix --unsafe-fixes; --diff --unsafe-fixes shows how"))
        }
        (safe, risky) => {
            let findings = count(safe, "finding");
            Some(format!("{findings} can be fixed with --fix, {risky} more with --unsafe-fixes; --diff shows how"))
        }
    }
}
