//! `wayfarer deploy`: the set as it is built, uploaded to a tenant.

use crate::args::Format;
use crate::deploy::{Deploy, Stop, Upload, exchange, report, select};
use crate::output::{self, Failure, count, styled};
use crate::project::Configured;
use crate::{Ended, Exit};
use std::collections::HashSet;
use std::path::Path;
use wayfarer_compiler::{PolicyFile, Project, Scope};
use wayfarer_diagnostics::{Diagnostics, FileId, Severity, render};
use wayfarer_runtime::{Graph, GraphError};

/// Where the token comes from: an argument would be in everybody's list of processes.
const TOKEN: &str = "WAYFARER_GRAPH_TOKEN";

pub(crate) fn run(options: &Deploy) -> Ended {
    let graph = graph(options)?;
    let set = Configured::new(&options.set)?;
    let settings = set.settings()?;
    let project = set.load(Scope::All, settings.as_ref())?;
    let files = select::files(&project, &options.policy)?;
    let found = relevant(&project, &files);
    let stops = found.has_errors() || found.iter().any(|it| it.code == "setting-unresolved");
    let built = project.built().filter(|_| !stops);
    let Some(built) = built else { return Ok(not_sound(options, &project, &found)) };
    let mut uploads = select::uploads(files, built);
    let ended = asynchronous(exchange::run(options, &graph, &project, &mut uploads))?;
    tell(options, &project, &uploads, &found, ended.err().as_ref())
}

/// The environment is read here alone.
fn graph(options: &Deploy) -> Result<Graph, Failure> {
    let token = std::env::var(TOKEN).unwrap_or_default();
    let token = token.trim();
    if token.is_empty() {
        return Err(Failure::new(format_args!("there is no token: {TOKEN} is not set")).help(report::NEW_TOKEN));
    }
    let authorities = options.ca.as_deref().map(read).transpose()?;
    Graph::new(&options.graph, token, authorities.as_deref()).map_err(|error| match (&error, &options.ca) {
        (GraphError::InvalidAuthority, Some(path)) => {
            Failure::new(format_args!("`{}`: {error}", path.display())).help("give a PEM file to `--ca`")
        }
        _ => report::failure(&error.to_string(), &error),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::new(format_args!("`{}` can't be read: {error}", path.display())).help("give a PEM file to `--ca`")
    })
}

/// What is wrong with these policies and their chains, and with the settings.
fn relevant(project: &Project, files: &[&PolicyFile]) -> Diagnostics {
    let uploaded: HashSet<FileId> = files.iter().flat_map(|it| project.chain(it)).map(|it| it.file).collect();
    let others: HashSet<FileId> =
        project.files().iter().map(|it| it.file).filter(|it| !uploaded.contains(it)).collect();
    let mut found = project.check_built();
    found.retain(|it| !others.contains(&it.primary.span.file));
    found
}

fn not_sound(options: &Deploy, project: &Project, found: &Diagnostics) -> Exit {
    let why = match found.has_errors() {
        true => "nothing was uploaded: Azure would not take these policies, or no run of them could succeed",
        false => "nothing was uploaded: a token of a settings file has no value; choose with `--environment NAME`",
    };
    match options.format {
        Format::Human => {
            let mut shown = found.clone();
            shown.retain(|it| it.severity == Severity::Error || it.code == "setting-unresolved");
            output::remark(render::human(&shown, project.sources(), output::style()).trim_end());
            output::remark("");
            output::remark(format_args!("{}: {why}", styled(output::ERROR, "error")));
        }
        Format::Json => output::result(&report::json(options, project, &[], found, None)),
    }
    Exit::Findings
}

fn asynchronous<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format_args!("the network can't be used: {error}")))?;
    Ok(runtime.block_on(work))
}

fn tell(
    options: &Deploy,
    project: &Project,
    uploads: &[Upload<'_>],
    found: &Diagnostics,
    stop: Option<&Stop>,
) -> Ended {
    match options.format {
        Format::Json => output::result(&report::json(options, project, uploads, found, stop)),
        Format::Human => {
            output::result(&report::summary(options, uploads));
            let warnings = found.iter().filter(|it| it.severity == Severity::Warning).count();
            if warnings > 0 {
                output::remark(format_args!("{}; `wayfarer check` shows what", count(warnings, "warning")));
            }
            report::not_judged_again(project, uploads).iter().for_each(output::remark);
        }
    }
    let Some(stop) = stop else { return Ok(Exit::Fine) };
    match stop.refusal() {
        Some(_) => {
            if options.format == Format::Human {
                output::remark(report::refused(project, uploads, stop, found));
            }
            Ok(Exit::Findings)
        }
        None => Err(report::failure(&stop.to_string(), &stop.error)),
    }
}
