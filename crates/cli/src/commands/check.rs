use crate::args::{Check, CheckFormat, Place};
use crate::output::{self, Failure, count, styled};
use crate::project::Configured;
use crate::{Ended, Exit, baseline, fix, progress, tenant};
use std::collections::BTreeMap;
use wayfarer_compiler::{Config, Files, Project, Scope};
use wayfarer_diagnostics::render::RulePage;
use wayfarer_diagnostics::{Applicability, Diagnostic, Diagnostics, Severity, closest, render};
use wayfarer_rules::Phase;
use wayfarer_runtime::Disk;

pub(crate) fn run(options: &Check) -> Ended {
    options.select.iter().chain(&options.ignore).try_for_each(|it| known(it))?;
    if options.unsafe_fixes && !options.fix && !options.diff {
        return Err(Failure::new("`--unsafe-fixes` says which fixes, and neither `--fix` nor `--diff` asks for any")
            .help("add `--diff` to look at them, or `--fix` to apply them"));
    }
    let set = Configured::new(&options.set)?;
    if let Some(named) = &options.write_baseline {
        let (project, found) = judged(options, &set, &Disk)?;
        let path = baseline::place(named.as_ref(), set.config());
        output::result(&baseline::write(&path, &project, &found, set.config())?);
        return Ok(Exit::Fine);
    }
    let check = |files: &dyn Files| wanted(options, &set, files).map(|(project, found, _)| (project, found));
    let risk = if options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    if options.diff {
        return fix::show(risk, check);
    }
    if options.fix {
        fix::apply(risk, check)?;
    }
    let (project, found, remarks) = wanted(options, &set, &Disk)?;
    let denies_warnings = options.deny.is_some() || set.config().is_some_and(Config::denies_warnings);
    let fails =
        |it: &Diagnostic| it.severity == Severity::Error || (it.severity == Severity::Warning && denies_warnings);
    output::result(&render(options, &project, &found, &remarks, &fails));
    if options.format != CheckFormat::Human {
        remarks.iter().for_each(output::remark);
    }
    Ok(if found.iter().any(fails) { Exit::Findings } else { Exit::Fine })
}

/// The set, and what is wrong with it at the levels of its `wayfarer.toml`.
fn judged(options: &Check, set: &Configured, files: &dyn Files) -> Result<(Project, Diagnostics), Failure> {
    let scope = if options.schema_only { Scope::SchemaOnly } else { Scope::All };
    let mut project = set.load_from(files, scope, set.settings()?.as_ref())?;
    let agreed = set.config().and_then(Config::tenant);
    let place = match (options.tenant.place()?, &agreed) {
        (Place::BuiltIn, Some(folder)) => Place::Folder(folder),
        (place, _) => place,
    };
    if place != Place::BuiltIn {
        project = project.with_tenant(tenant::baseline(place)?);
    }
    let mut found = progress::watched(project.looked_at(), |judged| project.check_suppressed(scope, judged));
    if let Some(config) = set.config() {
        config.apply_levels(&Disk, &mut found, project.sources(), |code| is_selected(options, code));
    }
    Ok((project, found))
}

/// Of that, what the options ask for and the baseline doesn't hide, with remarks on the baseline.
fn wanted(
    options: &Check,
    set: &Configured,
    files: &dyn Files,
) -> Result<(Project, Diagnostics, Vec<String>), Failure> {
    let (project, mut found) = judged(options, set, files)?;
    let path = options.baseline.clone().or_else(|| set.config().and_then(Config::baseline));
    let remarks = match &path {
        Some(path) => {
            let mut hidden = baseline::hide(path, &project, &mut found)?;
            if options.schema_only {
                // What the schema alone doesn't find may still be there.
                hidden.stale = 0;
            }
            baseline::remarks(hidden, path)
        }
        None => Vec::new(),
    };
    if !options.select.is_empty() {
        found.retain(|it| is_selected(options, it.code));
    }
    found.retain(|it| !options.ignore.iter().any(|code| code == it.code));
    Ok((project, found, remarks))
}

fn is_selected(options: &Check, code: &str) -> bool {
    options.select.iter().any(|it| it == code)
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

fn render(
    options: &Check,
    project: &Project,
    found: &Diagnostics,
    remarks: &[String],
    fails: &dyn Fn(&Diagnostic) -> bool,
) -> String {
    if options.statistics {
        return statistics(options.format, found);
    }
    match options.format {
        CheckFormat::Json => format!("{:#}\n", render::json(found, project.sources())),
        CheckFormat::Concise => render::concise(found, project.sources()),
        CheckFormat::Github => render::github(found, project.sources()),
        CheckFormat::Sarif => {
            let version = env!("CARGO_PKG_VERSION");
            format!("{:#}\n", render::sarif(found, project.sources(), version, rule_page))
        }
        CheckFormat::Junit => render::junit(found, project.sources(), project.judged(), fails),
        CheckFormat::Human => human(options, project, found, remarks),
    }
}

fn rule_page(code: &str) -> Option<RulePage<'static>> {
    let rule = wayfarer_rules::find(code)?;
    let about = match rule.phase {
        Phase::Syntax => "schema",
        Phase::Set => "policy-set",
        Phase::Policy(_) => "policy",
        Phase::Flow(_) => "claim-flow",
    };
    Some(RulePage {
        code: rule.code,
        level: rule.level,
        summary: rule.summary(),
        description: rule.description(),
        page: rule.docs,
        tags: vec!["azure-ad-b2c", about],
    })
}

/// How many findings of one rule a person is shown: whoever mends a hundred doesn't miss the rest.
const SHOWN_OF_A_RULE: usize = 100;

/// For people, what is only worth knowing is counted and not shown, unless they ask; and so is what comes too often.
fn human(options: &Check, project: &Project, found: &Diagnostics, remarks: &[String]) -> String {
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
        (0, 0) if !project.files().iter().any(|it| it.reported) && !options.schema_only => {
            styled(output::WARNING, "no policy")
        }
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
    for remark in remarks {
        text.push_str(&styled(output::QUIET, remark));
        text.push('\n');
    }
    if let Some(note) = fix::offer(found) {
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
