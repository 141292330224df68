use crate::args::{Diff, Format, Set};
use crate::output::{ADDED, HEADING, QUIET, REMOVED, WARNING, styled};
use crate::{Ended, Exit, output, project};
use serde_json::{Value, json};
use std::path::Path;
use wayfarer_compiler::{Project, Scope};
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_model::effective::{Change, Difference, diff, effective};

/// One side: a set of files, each with settings of its own.
struct Side {
    project: Project,
    name: String,
}

pub(crate) fn run(options: &Diff) -> Ended {
    let (first, second) = match &options.environment[..] {
        [] => (None, None),
        [both] => (Some(both), Some(both)),
        [first, second] => (Some(first), Some(second)),
        _ => return Err(output::Failure::new("`--environment` is for A and for B: give it at most twice")),
    };
    let (left, right) = (load(options, &options.left, first)?, load(options, &options.right, second)?);
    let found = compare(options, &left, &right)?;
    let text = match options.format {
        Format::Human => human(&found, &left, &right),
        Format::Json => json_text(&found, &left, &right),
    };
    output::result(&text);
    Ok(if found.is_empty() { Exit::Fine } else { Exit::Findings })
}

fn load(options: &Diff, path: &Path, environment: Option<&String>) -> Result<Side, output::Failure> {
    let set = Set {
        paths: vec![path.to_owned()],
        base: options.base.clone(),
        settings: options.settings.clone(),
        environment: environment.cloned(),
        config: options.config.clone(),
    };
    let built_for = environment.map(|it| format!(" ({it})")).unwrap_or_default();
    Ok(Side { project: project::load(&set, Scope::All)?, name: format!("{}{built_for}", path.display()) })
}

/// The differences of the policy that is named, of the only one on each side, or of all policies that both sides have.
fn compare(options: &Diff, left: &Side, right: &Side) -> Result<Vec<Difference>, output::Failure> {
    let pair = |a, b| diff(&effective(&left.project.effective(a)), &effective(&right.project.effective(b)));
    if options.policy.is_some() || options.left.is_file() || options.right.is_file() {
        let id = options.policy.as_deref();
        return Ok(pair(side_policy(left, &options.left, id)?, side_policy(right, &options.right, id)?));
    }
    let mut found = Vec::new();
    for file in left.project.relying_parties() {
        let id = file.policy_id().unwrap_or_default();
        let other = right.project.find(id).next();
        match other {
            Some(other) => found.extend(pair(file, other).into_iter().map(|it| under(id, it))),
            None => found.push(whole(id, Change::Removed)),
        }
    }
    for file in right.project.relying_parties() {
        let id = file.policy_id().unwrap_or_default();
        if left.project.find(id).next().is_none() {
            found.push(whole(id, Change::Added));
        }
    }
    Ok(found)
}

/// A file names its policy; of a folder it is the named one, or the only one.
fn side_policy<'a>(
    side: &'a Side,
    path: &Path,
    id: Option<&str>,
) -> Result<&'a wayfarer_compiler::PolicyFile, output::Failure> {
    if path.is_file() {
        let reported = side.project.files().iter().find(|it| it.reported);
        return reported.ok_or_else(|| output::Failure::new(format!("`{}` is not a policy", path.display())));
    }
    project::choose(&side.project, id)
}

fn under(policy: &str, difference: Difference) -> Difference {
    let path = if difference.path.is_empty() { policy.to_owned() } else { format!("{policy} / {}", difference.path) };
    Difference { path, ..difference }
}

fn whole(policy: &str, change: Change) -> Difference {
    Difference { path: policy.to_owned(), change, left: None, right: None }
}

fn place(sources: &Sources, span: Option<Span>) -> Option<String> {
    span.map(|it| sources.place(it))
}

fn human(found: &[Difference], left: &Side, right: &Side) -> String {
    if found.is_empty() {
        return format!("{}: {} and {} mean the same\n", styled(ADDED, "no differences"), left.name, right.name);
    }
    let mut text = String::new();
    for it in found {
        let path = if it.path.is_empty() { "TrustFrameworkPolicy" } else { &it.path };
        let (mark, what) = match &it.change {
            Change::Added => (styled(ADDED, "+"), String::new()),
            Change::Removed => (styled(REMOVED, "-"), String::new()),
            Change::Value { attribute, before, after } => {
                let name = attribute.as_deref().map(|it| format!(" @{it}")).unwrap_or_default();
                let show =
                    |it: &Option<String>| it.as_ref().map_or_else(|| "(absent)".to_owned(), |it| format!("{it:?}"));
                (styled(WARNING, "~"), format!("{name}: {} → {}", show(before), show(after)))
            }
            Change::Order { before, after } => {
                (styled(WARNING, "~"), format!(" order: {} → {}", before.join(", "), after.join(", ")))
            }
        };
        text.push_str(&format!("{mark} {}{what}\n", styled(HEADING, path)));
        let places = [place(left.project.sources(), it.left), place(right.project.sources(), it.right)];
        let places: Vec<String> = places.into_iter().flatten().collect();
        if !places.is_empty() {
            text.push_str(&format!("    {}\n", styled(QUIET, places.join("  |  "))));
        }
    }
    text.push_str(&format!("{}\n", output::count(found.len(), "difference")));
    text
}

fn json_text(found: &[Difference], left: &Side, right: &Side) -> String {
    let entries = found.iter().map(|it| {
        let (kind, attribute, before, after) = match &it.change {
            Change::Added => ("added", None, Value::Null, Value::Null),
            Change::Removed => ("removed", None, Value::Null, Value::Null),
            Change::Value { attribute, before, after } => ("value", attribute.as_deref(), json!(before), json!(after)),
            Change::Order { before, after } => ("order", None, json!(before), json!(after)),
        };
        json!({
            "change": kind,
            "path": it.path,
            "attribute": attribute,
            "before": before,
            "after": after,
            "left": place(left.project.sources(), it.left),
            "right": place(right.project.sources(), it.right),
        })
    });
    format!("{:#}\n", Value::Array(entries.collect()))
}
