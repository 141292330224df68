use crate::args::{Build, Format};
use crate::output::{self, Failure, count, styled};
use crate::project::Configured;
use crate::{Ended, Exit};
use serde_json::json;
use std::path::PathBuf;
use wayfarer_compiler::{BuiltFile, Project, Scope, Settings};
use wayfarer_diagnostics::{Diagnostics, Severity, render};
use wayfarer_runtime::OutputFolder;

pub(crate) fn run(options: &Build) -> Ended {
    let set = Configured::new(&options.set)?;
    let Some(settings) = set.settings()? else {
        return Err(Failure::new("a build is for one environment, and none is named")
            .help("name it with `--environment NAME`, or the file with `--settings FILE`"));
    };
    let folder =
        OutputFolder::new(&options.out, &set.paths()).map_err(|error| Failure::new(&error).help(error.help()))?;
    let project = set.load(Scope::All, Some(&settings))?;
    let found = project.check_built();
    let built = project.built();
    let written = match &built {
        Some(files) => write(&folder, files)?,
        None => Vec::new(),
    };
    match options.format {
        Format::Human => human(&project, &settings, &found, &written, built.is_some()),
        Format::Json => {
            let files = written.iter().map(|(source, path)| json!({ "source": source, "path": path }));
            let object = json!({
                "environment": settings.environment(),
                "settings": settings.file(),
                "out": options.out,
                "written": files.collect::<Vec<_>>(),
                "diagnostics": render::json(&found, project.sources()),
            });
            output::result(&format!("{object:#}\n"));
        }
    }
    Ok(if found.has_errors() || built.is_none() { Exit::Findings } else { Exit::Fine })
}

/// What was written: the policy's file and the built one.
type Written<'a> = Vec<(&'a str, PathBuf)>;

fn write<'a>(folder: &OutputFolder, files: &[BuiltFile<'a>]) -> Result<Written<'a>, Failure> {
    let contents: Vec<_> = files.iter().map(|it| (it.relative, it.bytes.as_slice())).collect();
    let paths = folder.write(&contents).map_err(|error| Failure::new(&error).help(error.help()))?;
    Ok(files.iter().map(|it| it.source).zip(paths).collect())
}

fn human(project: &Project, settings: &Settings, found: &Diagnostics, written: &[(&str, PathBuf)], built: bool) {
    let mut shown = found.clone();
    shown.retain(|it| it.severity != Severity::Info);
    if !shown.is_empty() {
        output::remark(render::human(&shown, project.sources(), output::style()).trim_end());
        output::remark("");
    }
    if !built {
        let why = "nothing was written: a token has no value, or a file can't be built";
        return output::remark(format_args!("{}: {why}", styled(output::ERROR, "error")));
    }
    let mut text: String = written.iter().map(|(_, path)| format!("{}\n", path.display())).collect();
    let environment = match settings.environment() {
        "" => String::new(),
        name => format!(" for {name}"),
    };
    text.push_str(&format!("{} written{environment}\n", count(written.len(), "policy file")));
    output::result(&text);
}
