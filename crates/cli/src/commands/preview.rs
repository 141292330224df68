use crate::args::{Flow, Preview as Options, PreviewFormat};
use crate::output::Failure;
use crate::preview::{Preview, html, human, json};
use crate::{Ended, Exit, output, project};
use wayfarer_compiler::Scope;
use wayfarer_diagnostics::{Severity, render};
use wayfarer_flow::ClaimFlow;

pub(crate) fn run(options: &Options) -> Ended {
    let project = project::load(&options.set, Scope::All)?;
    let file = project::choose(&project, options.policy.as_deref())?;
    let mut found = project.check_chain(file);
    found.retain(|it| matches!(it.code, "base-missing" | "base-cycle" | "chain-too-deep" | "xml-malformed"));
    if found.iter().any(|it| it.severity == Severity::Error) {
        output::remark(render::human(&found, project.sources(), output::style()).trim_end());
        output::remark(format_args!("{}: the chain is not sound", output::styled(output::ERROR, "error")));
        return Ok(Exit::Findings);
    }
    let policy = project.effective(file);
    let mut flows = Vec::new();
    if options.flow != Some(Flow::Default) {
        flows.extend(ClaimFlow::client_credentials(&policy));
    }
    if options.flow != Some(Flow::ClientCredentials) {
        flows.extend(ClaimFlow::default_journey(&policy));
    }
    if flows.is_empty() {
        return Err(nothing(options.flow, file.policy_id().unwrap_or_default()));
    }
    let preview = Preview::new(file.policy_id().unwrap_or_default(), &flows, project.sources());
    output::result(&match options.format {
        PreviewFormat::Human => human(&preview),
        PreviewFormat::Json => format!("{:#}\n", json(&preview)),
        PreviewFormat::Html => html(&preview),
    });
    Ok(Exit::Fine)
}

fn nothing(flow: Option<Flow>, policy: &str) -> Failure {
    let what = match flow {
        Some(Flow::ClientCredentials) => "names no client credentials journey that exists",
        Some(Flow::Default) => "names no default user journey that exists",
        None => "names no journey that exists",
    };
    Failure::new(format!("policy `{policy}` {what}")).help("`wayfarer check` tells what is wrong with the policy")
}
