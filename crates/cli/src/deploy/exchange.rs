//! The calls: what the tenant has, then what it is to have.

use super::{Deploy, Doing, Reason, State, Stop, Upload, report};
use crate::args::Format;
use crate::output;
use crate::progress::Line;
use std::time::Duration;
use wayfarer_compiler::{PolicyFile, Project, upload};
use wayfarer_runtime::{Graph, GraphError};

/// A busy service is asked again so often.
const ATTEMPTS: usize = 5;
/// Who asks for more is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Where a service is busy and doesn't say for how long.
const USUAL_WAIT: Duration = Duration::from_secs(10);

/// Looks at each policy of the tenant, then uploads in order what is due; the first that fails ends it. What became of each is
/// told as it happens.
pub(crate) async fn run(
    options: &Deploy,
    graph: &Graph,
    project: &Project,
    uploads: &mut [Upload<'_>],
) -> Result<(), Stop> {
    let line = Line::new();
    if options.force {
        uploads.iter_mut().for_each(|it| it.state = State::Due(Reason::Forced));
    } else {
        compare(graph, uploads, &line).await?;
        judge_again(project, uploads);
    }
    for at in 0..uploads.len() {
        let total = uploads.len();
        let Some(upload) = uploads.get_mut(at) else { continue };
        let ended = if options.dry_run { Ok(()) } else { put(graph, upload, &line, (at + 1, total)).await };
        line.clear();
        if options.format == Format::Human {
            output::result(&report::line(upload));
        }
        ended?;
    }
    Ok(())
}

async fn compare(graph: &Graph, uploads: &mut [Upload<'_>], line: &Line) -> Result<(), Stop> {
    let total = uploads.len();
    for (upload, number) in uploads.iter_mut().zip(1..) {
        line.say(&format!("looking at {} ({number} of {total})", upload.id));
        let stored = patiently(line, || graph.policy(upload.id)).await;
        let stored = stored.map_err(|error| Stop { id: upload.id.to_owned(), doing: Doing::Asking, error })?;
        let document = &upload.built.policy.document;
        upload.state = match stored {
            None => State::Due(Reason::New),
            Some(xml) if upload::differs(document, &xml) => State::Due(Reason::Changed),
            Some(_) => State::Unchanged,
        };
    }
    line.clear();
    Ok(())
}

/// The service judges a policy with its chain when it is uploaded, and not when a base of it is: relying parties of what
/// changed come again, so that what the change breaks is told now, and not to users (reference "graph", 2.1).
fn judge_again(project: &Project, uploads: &mut [Upload<'_>]) {
    let due: Vec<_> = uploads.iter().filter(|it| it.is_due()).map(|it| it.built.policy.file).collect();
    for upload in uploads.iter_mut().filter(|it| it.state == State::Unchanged) {
        let policy = upload.built.policy;
        if !is_relying_party(policy) {
            continue;
        }
        let changed = project.chain(policy).into_iter().skip(1).find(|it| due.contains(&it.file));
        if let Some(id) = changed.and_then(PolicyFile::policy_id) {
            upload.state = State::Due(Reason::BaseChanged(id.to_owned()));
        }
    }
}

/// Whether a policy has a relying party of its own.
pub(crate) fn is_relying_party(file: &PolicyFile) -> bool {
    file.document.root().is_some_and(|it| it.child("RelyingParty").is_some())
}

async fn put(graph: &Graph, upload: &mut Upload<'_>, line: &Line, (number, total): (usize, usize)) -> Result<(), Stop> {
    let State::Due(reason) = upload.state.clone() else { return Ok(()) };
    line.say(&format!("uploading {} ({number} of {total})", upload.id));
    let xml = std::mem::take(&mut upload.built.bytes);
    match patiently(line, || graph.put(upload.id, xml.clone())).await {
        Ok(stored) => {
            upload.state = State::Done(stored, reason);
            Ok(())
        }
        Err(error) => {
            upload.state = State::Failed;
            Err(Stop { id: upload.id.to_owned(), doing: Doing::Uploading, error })
        }
    }
}

/// Calls again where the service asks for it, as long as it asks for little.
async fn patiently<T, F: Future<Output = Result<T, GraphError>>>(
    line: &Line,
    call: impl Fn() -> F,
) -> Result<T, GraphError> {
    for _ in 1..ATTEMPTS {
        let error = match call().await {
            Err(error @ GraphError::Busy { .. }) => error,
            ended => return ended,
        };
        let Some(wait) = wait(&error) else { return Err(error) };
        line.clear();
        output::remark(format_args!("{error}: waiting {} s", wait.as_secs()));
        tokio::time::sleep(wait).await;
    }
    call().await
}

/// How long to wait before the next attempt. Who is overloaded says for how long; else nobody knows that it will pass.
fn wait(error: &GraphError) -> Option<Duration> {
    let GraphError::Busy { after, answer } = error else { return None };
    let wait = after.or_else(|| (answer.status == 429).then_some(USUAL_WAIT))?;
    (wait <= LONGEST_WAIT).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayfarer_runtime::GraphAnswer;

    #[test]
    fn how_long_is_waited() {
        let busy = |status, after: Option<u64>| {
            let answer = GraphAnswer { status, code: String::new(), message: String::new(), request_id: None };
            wait(&GraphError::Busy { after: after.map(Duration::from_secs), answer }).map(|it| it.as_secs())
        };
        assert_eq!(busy(429, Some(30)), Some(30));
        assert_eq!(busy(429, None), Some(10));
        assert_eq!(busy(503, Some(0)), Some(0));
        assert_eq!(busy(503, None), None, "it may be down for good");
        assert_eq!(busy(429, Some(121)), None, "nobody waits for that");
    }
}
