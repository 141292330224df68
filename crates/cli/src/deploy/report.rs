//! What is told of an upload.

use super::exchange::is_relying_party;
use super::{Deploy, Reason, State, Stop, Upload};
use crate::azure::{Cause, Judged};
use crate::output::{ADDED, ERROR, Failure, QUIET, REMOVED, WARNING, count, styled};
use serde_json::{Value, json};
use wayfarer_compiler::{PolicyFile, Project};
use wayfarer_diagnostics::{Diagnostics, one_line, render};
use wayfarer_rules::azure;
use wayfarer_runtime::{GraphError, Stored};

/// How to come by a token.
pub(crate) const NEW_TOKEN: &str = "put a new one there, such as `az account get-access-token --resource https://graph.microsoft.com` prints it; it lives for \
     about an hour";

/// One policy, for people.
pub(crate) fn line(upload: &Upload<'_>) -> String {
    let (mark, what) = match &upload.state {
        State::Unknown | State::Unchanged => (styled(QUIET, "="), "unchanged".to_owned()),
        State::Due(reason) => (mark(reason), format!("would be {}", planned(reason))),
        State::Done(Stored::Created, reason) => (styled(ADDED, "+"), format!("created{}", why(reason))),
        State::Done(Stored::Replaced, reason) => (styled(WARNING, "~"), format!("replaced{}", why(reason))),
        State::Failed => (styled(REMOVED, "✗"), "failed".to_owned()),
    };
    format!("{mark} {:<40} {what}\n", one_line(upload.id.to_owned()))
}

fn mark(reason: &Reason) -> String {
    if *reason == Reason::New { styled(ADDED, "+") } else { styled(WARNING, "~") }
}

fn planned(reason: &Reason) -> String {
    match reason {
        Reason::New => "created".to_owned(),
        Reason::Changed => "replaced".to_owned(),
        Reason::Forced => "uploaded".to_owned(),
        Reason::BaseChanged(_) => format!("uploaded again{}", why(reason)),
    }
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::BaseChanged(id) => format!(": its base policy `{id}` changed"),
        Reason::New | Reason::Changed | Reason::Forced => String::new(),
    }
}

/// The last line.
pub(crate) fn summary(options: &Deploy, uploads: &[Upload<'_>]) -> String {
    let number = |is: fn(&State) -> bool| uploads.iter().filter(|it| is(&it.state)).count();
    let unchanged = number(|it| *it == State::Unchanged);
    let (due, open) = (number(|it| matches!(it, State::Due(_))), number(|it| *it == State::Unknown));
    if options.dry_run && open == 0 {
        return format!("{} would be uploaded, {unchanged} unchanged: {}\n", count(due, "policy file"), options.graph);
    }
    let done = number(|it| matches!(it, State::Done(..)));
    let mut parts = vec![format!("{} uploaded", count(done, "policy file")), format!("{unchanged} unchanged")];
    let failed = number(|it| *it == State::Failed);
    parts.extend((failed > 0).then(|| format!("{failed} failed")));
    parts.extend((due + open > 0).then(|| format!("{} not reached", due + open)));
    format!("{}: {}\n", parts.join(", "), options.graph)
}

/// What changed under relying parties that are not uploaded: nobody hears of what that breaks before a user does.
pub(crate) fn not_judged_again(project: &Project, uploads: &[Upload<'_>]) -> Vec<String> {
    let changed = |it: &&Upload<'_>| match &it.state {
        State::Due(reason) => *reason != Reason::New,
        State::Done(stored, _) => *stored == Stored::Replaced,
        State::Unknown | State::Unchanged | State::Failed => false,
    };
    let is_uploaded = |file: &PolicyFile| {
        let upload = uploads.iter().find(|it| it.built.policy.file == file.file);
        upload.is_some_and(|it| matches!(it.state, State::Due(_) | State::Done(..)))
    };
    let mut told = Vec::new();
    for base in uploads.iter().filter(changed).filter(|it| !is_relying_party(it.built.policy)) {
        let derives =
            |it: &&PolicyFile| project.chain(it).iter().skip(1).any(|link| link.file == base.built.policy.file);
        let parties: Vec<&PolicyFile> = project.relying_parties().filter(derives).collect();
        let left: Vec<&str> = parties.iter().filter(|it| !is_uploaded(it)).filter_map(|it| it.policy_id()).collect();
        let which = match (&parties[..], &left[..]) {
            ([], _) => "those of the tenant that derive from it are".to_owned(),
            (_, []) => continue,
            (_, left) => format!("{} are", left.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")),
        };
        let warning = styled(WARNING, "warning");
        told.push(format!(
            "{warning}: `{}` changed, and relying parties are judged only when they are uploaded: {which} not",
            base.id
        ));
    }
    told
}

/// Why the command could not go on, and what to do.
pub(crate) fn failure(message: &str, error: &GraphError) -> Failure {
    let help = match error {
        GraphError::Unauthorized(_) => NEW_TOKEN,
        GraphError::Forbidden(_) => {
            "it is `Policy.ReadWrite.TrustFramework`: as an application permission with admin consent, or as a delegated one of a \
             user with the role B2C IEF Policy Administrator"
        }
        GraphError::Busy { .. } => "try again later: what was uploaded is not uploaded again",
        GraphError::Timeout { .. } => {
            "what became of the policy is not known: run the command again, it uploads what differs"
        }
        GraphError::Connection { .. } => "check `--graph`; `--ca FILE` trusts a CA that the system doesn't know",
        GraphError::Redirected { .. } => "if that is the right place, give its address to `--graph`",
        GraphError::ClearText { .. } => "write `https://`",
        GraphError::InvalidAddress { .. } => {
            "write it as https://graph.microsoft.com/beta, or http://127.0.0.1:8464/graph/beta"
        }
        GraphError::InvalidToken => "WAYFARER_GRAPH_TOKEN must hold the token and nothing else",
        GraphError::InvalidAuthority | GraphError::Client(_) => "check `--ca`",
        GraphError::TooLarge { .. } | GraphError::Refused(_) | GraphError::Unexpected(_) => {
            "check `--graph`: custom policies are below https://graph.microsoft.com/beta"
        }
    };
    Failure::new(one_line(message.to_owned())).help(help)
}

/// What the service says of the policy that it doesn't take, message by message, and what each leads to.
pub(crate) fn refused(project: &Project, uploads: &[Upload<'_>], stop: &Stop, found: &Diagnostics) -> String {
    let Some(answer) = stop.refusal() else { return String::new() };
    let place = uploads.iter().find(|it| it.id == stop.id).map_or("", |it| it.built.source);
    let error = styled(ERROR, "error");
    let mut text = format!("{error}: `{}` ({place}) was refused: {} {}\n", stop.id, answer.status, answer.code);
    for message in azure::messages(&answer.message) {
        text.push_str(&format!("  {}\n", one_line(message.to_owned())));
    }
    if let Some(id) = &answer.request_id {
        text.push_str(&format!("  {}\n", styled(QUIET, one_line(format!("request {id}")))));
    }
    let judged = Judged { project, found: found.clone() };
    for message in azure::recognise(&answer.message) {
        text.push_str(&format!("\n{}", Cause::of(&message, Some(&judged)).human()));
    }
    let done: Vec<String> =
        uploads.iter().filter(|it| matches!(it.state, State::Done(..))).map(|it| format!("`{}`", it.id)).collect();
    text.push_str(&match &done[..] {
        [] => "\nnothing was uploaded before it".to_owned(),
        _ => format!("\nuploaded before it, and kept: {}", done.join(", ")),
    });
    text
}

/// All of it, for programs.
pub(crate) fn json(
    options: &Deploy,
    project: &Project,
    uploads: &[Upload<'_>],
    found: &Diagnostics,
    stop: Option<&Stop>,
) -> String {
    let judged = Judged { project, found: found.clone() };
    let refusal = stop.and_then(|it| Some((it, it.refusal()?))).map(|(stop, answer)| {
        let causes = azure::recognise(&answer.message);
        let causes: Vec<Value> = causes.iter().map(|it| Cause::of(it, Some(&judged)).json()).collect();
        json!({
            "policy": stop.id,
            "status": answer.status,
            "code": answer.code,
            "message": answer.message,
            "messages": azure::messages(&answer.message),
            "request_id": answer.request_id,
            "causes": causes,
        })
    });
    let error = stop.filter(|it| it.refusal().is_none()).map(ToString::to_string);
    let object = json!({
        "graph": options.graph,
        "dry_run": options.dry_run,
        "policies": uploads.iter().map(policy).collect::<Vec<_>>(),
        "refusal": refusal,
        "error": error,
        "diagnostics": render::json(found, project.sources()),
    });
    format!("{object:#}\n")
}

fn policy(upload: &Upload<'_>) -> Value {
    let (state, reason) = match &upload.state {
        State::Unknown => ("not-reached", None),
        State::Unchanged => ("unchanged", None),
        State::Due(reason) => ("due", Some(reason)),
        State::Done(Stored::Created, reason) => ("created", Some(reason)),
        State::Done(Stored::Replaced, reason) => ("replaced", Some(reason)),
        State::Failed => ("failed", None),
    };
    let reason = reason.map(|it| match it {
        Reason::New => "new",
        Reason::Changed => "changed",
        Reason::Forced => "forced",
        Reason::BaseChanged(_) => "base-changed",
    });
    json!({ "policy": upload.id, "source": upload.built.source, "state": state, "reason": reason })
}
