use crate::args::{Check, CheckFormat};
use crate::output::{self, Failure, count, styled};
use crate::{Ended, Exit, project};
use std::collections::BTreeMap;
use wayfarer_compiler::{Project, Scope};
use wayfarer_diagnostics::{Diagnostics, Severity, closest, render};

pub(crate) fn run(options: &Check) -> Ended {
    options.select.iter().chain(&options.ignore).try_for_each(|it| known(it))?;
    let scope = if options.schema_only { Scope::SchemaOnly } else { Scope::All };
    let project = project::load(&options.set, scope)?;
    let mut found = project.check(scope);
    if !options.select.is_empty() {
        found.retain(|it| options.select.iter().any(|code| code == it.code));
    }
    found.retain(|it| !options.ignore.iter().any(|code| code == it.code));
    output::result(&render(options, &project, &found));
    let fails = |it: Severity| it == Severity::Error || (it == Severity::Warning && options.deny.is_some());
    Ok(if found.iter().any(|it| fails(it.severity)) { Exit::Findings } else { Exit::Fine })
}

fn known(slug: &str) -> Result<(), Failure> {
    if wayfarer_rules::find(slug).is_some() {
        return Ok(());
    }
    let failure = Failure::new(format!("there is no rule `{slug}`"));
    Err(match closest(slug, wayfarer_rules::all().iter().map(|it| it.code)) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`wayfarer explain` lists all rules"),
    })
}

fn render(options: &Check, project: &Project, found: &Diagnostics) -> String {
    if options.statistics {
        return statistics(options.format, found);
    }
    match options.format {
        CheckFormat::Json => format!("{:#}\n", render::json(found, project.sources())),
        CheckFormat::Concise => render::concise(found, project.sources()),
        CheckFormat::Github => render::github(found, project.sources()),
        CheckFormat::Human => human(options, project, found),
    }
}

/// How many findings of one rule a person is shown: whoever mends a hundred doesn't miss the rest.
const SHOWN_OF_A_RULE: usize = 100;

/// For people, what is only worth knowing is counted and not shown, unless they ask; and so is what comes too often.
fn human(options: &Check, project: &Project, found: &Diagnostics) -> String {
    let mut shown = found.clone();
    shown.retain(|it| options.verbose || it.severity != Severity::Info);
    let hidden = found.len() - shown.len();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    if !options.verbose {
        shown.retain(|it| {
            let nth = seen.entry(it.code).or_default();
            *nth += 1;
            *nth <= SHOWN_OF_A_RULE
        });
    }
    let number = |severity| found.iter().filter(|it| it.severity == severity).count();
    let files = project.looked_at();
    let mut text = render::human(&shown, project.sources(), output::style());
    let verdict = match (number(Severity::Error), number(Severity::Warning)) {
        (0, 0) if project.files().is_empty() && !options.schema_only => styled(output::WARNING, "no policy"),
        (0, 0) => styled(output::ADDED, "no problems"),
        (errors, 0) => styled(output::ERROR, count(errors, "error")),
        (0, warnings) => styled(output::WARNING, count(warnings, "warning")),
        (errors, warnings) => {
            format!(
                "{}, {}",
                styled(output::ERROR, count(errors, "error")),
                styled(output::WARNING, count(warnings, "warning"))
            )
        }
    };
    text.push_str(&format!("{verdict} in {}\n", count(files, "file")));
    for (code, number) in seen.iter().filter(|(_, it)| **it > SHOWN_OF_A_RULE) {
        let more = number - SHOWN_OF_A_RULE;
        let note = format!("{more} more of `{code}`; --verbose shows them here, --format concise in a line each");
        text.push_str(&styled(output::QUIET, note));
        text.push('\n');
    }
    if hidden > 0 {
        let note = format!("{} at level info; --verbose shows them", count(hidden, "finding"));
        text.push_str(&styled(output::QUIET, note));
        text.push('\n');
    }
    if !shown.is_empty() {
        text.push_str(&styled(output::QUIET, "`wayfarer explain RULE` tells why, and how to fix it"));
        text.push('\n');
    }
    text
}

fn statistics(format: CheckFormat, found: &Diagnostics) -> String {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    found.iter().for_each(|it| *counts.entry((it.severity, it.code)).or_default() += 1);
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((severity, code), number)| (std::cmp::Reverse(*severity), std::cmp::Reverse(*number), *code));
    if format == CheckFormat::Json {
        let rows = rows.iter().map(|((severity, code), number)| {
            serde_json::json!({ "code": code, "severity": severity.as_str(), "count": number })
        });
        return format!("{:#}\n", serde_json::Value::Array(rows.collect()));
    }
    rows.iter().map(|((severity, code), number)| format!("{number:>6}  {:7}  {code}\n", severity.as_str())).collect()
}
