use super::Report;
use crate::output::{ADDED, ERROR, HEADING, QUIET, REMOVED, WARNING, styled};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use wayfarer_diagnostics::Span;
use wayfarer_engine::{Change, StepTrace};
use wayfarer_runtime::Issued;

/// Longer texts are cut in the trace; the token below has them whole.
const SHOWN: usize = 120;

/// Chain, steps, response and token, for people.
pub(crate) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = head(&mut text, report);
    for step in &report.record.trace.steps {
        let _ = steps(&mut text, report, step);
    }
    let _ = match &report.issued {
        Ok(issued) => token(&mut text, report, issued),
        Err(error) => {
            let _ = writeln!(text, "{} {error}", styled(ERROR, "failed"));
            let _ = writeln!(text, "       {} {}", styled(QUIET, "error"), error.error());
            error.detail().map_or(Ok(()), |it| writeln!(text, "       {} {it}", styled(QUIET, "why  ")))
        }
    };
    text
}

fn head(text: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let setting = &report.setting;
    writeln!(text, "{}", styled(HEADING, "Chain"))?;
    for (depth, (id, file)) in setting.chain.iter().enumerate() {
        let indent = "  ".repeat(depth);
        writeln!(text, "  {indent}{id}  {}", styled(QUIET, setting.sources.name(*file)))?;
    }
    if setting.chain.is_empty() {
        writeln!(text, "  {}  {}", setting.plan.policy, styled(QUIET, "a user flow"))?;
    }
    let row = |name: &str, value: String| format!("{} {value}", styled(HEADING, format_args!("{name:8}")));
    writeln!(text, "{}", row("Journey", setting.plan.journey.clone()))?;
    writeln!(text, "{}", row("Tenant", setting.tenant.name().to_owned()))?;
    writeln!(text, "{}", row("Client", format!("{} ({})", setting.client.name, setting.client.app_id)))?;
    writeln!(text, "{}\n", row("Scope", setting.scope.to_owned()))
}

fn place(report: &Report<'_>, span: Span) -> String {
    report.setting.sources.place(span)
}

fn steps(text: &mut String, report: &Report<'_>, step: &StepTrace) -> std::fmt::Result {
    let who = step.technical_profile.as_deref().unwrap_or_default();
    let what = step.provider.map(|it| format!(" ({it})")).unwrap_or_default();
    let title = styled(HEADING, format_args!("Step {}  {}", step.order, step.step_type));
    let origin = if report.setting.chain.is_empty() { String::new() } else { place(report, step.span) };
    writeln!(text, "{title}  {who}{what}  {}", styled(QUIET, origin))?;
    if let Some(reason) = &step.skipped {
        writeln!(text, "  {} {reason}", styled(WARNING, "skipped:"))?;
    }
    for note in &step.notes {
        writeln!(text, "  {note}")?;
    }
    for change in &step.changes {
        changed(text, report, change)?;
    }
    if step.changes.is_empty() && step.skipped.is_none() && step.step_type != "SendClaims" {
        writeln!(text, "  {}", styled(QUIET, "no claim changed"))?;
    }
    writeln!(text)
}

fn changed(text: &mut String, report: &Report<'_>, change: &Change) -> std::fmt::Result {
    let claim = &change.claim;
    match (&change.before, &change.after) {
        (None, Some(after)) => writeln!(text, "  {} {claim} = {}", styled(ADDED, "+"), shown(&after.to_json()))?,
        (Some(before), Some(after)) => {
            let (before, after) = (shown(&before.to_json()), shown(&after.to_json()));
            writeln!(
                text,
                "  {} {claim} = {after}  {}",
                styled(WARNING, "~"),
                styled(QUIET, format_args!("was {before}"))
            )?;
        }
        (Some(before), None) => writeln!(text, "  {} {claim}, was {}", styled(REMOVED, "-"), shown(&before.to_json()))?,
        (None, None) => {}
    }
    writeln!(text, "      {}", styled(QUIET, format_args!("{}  {}", change.by, place(report, change.span))))
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn token(text: &mut String, report: &Report<'_>, issued: &Issued) -> std::fmt::Result {
    writeln!(text, "{}", styled(HEADING, "Token response"))?;
    writeln!(text, "{:#}\n", Value::Object(issued.response.members()))?;
    writeln!(text, "{}  {}", styled(HEADING, "Token header"), Value::Object(issued.header()))?;
    writeln!(text, "{}", styled(HEADING, "Token payload"))?;
    payload(text, report, &issued.claims)?;
    for row in report.record.rows.iter().filter(|it| !it.sent) {
        let reason = format!("{} is not in the token: {}  {}", row.name, row.by, place(report, row.span));
        writeln!(text, "  {}", styled(QUIET, reason))?;
    }
    for name in &issued.dropped {
        writeln!(text, "  {} `{name}` belongs to the protocol: the policy's value was dropped", styled(WARNING, "!"))?;
    }
    writeln!(text, "\n{}", styled(HEADING, "The same over HTTP"))?;
    writeln!(text, "{}", curl(report))
}

/// Each claim with where it comes from; what the policy does not set is the protocol's.
fn payload(text: &mut String, report: &Report<'_>, claims: &Map<String, Value>) -> std::fmt::Result {
    for (name, value) in claims {
        let row = report.record.rows.iter().rev().find(|it| it.sent && it.name == *name);
        let from = match row {
            Some(row) => format!("{}  {}", row.by, place(report, row.span)),
            None => "system claim".to_owned(),
        };
        writeln!(text, "  {name}: {value}  {}", styled(QUIET, from))?;
    }
    Ok(())
}

/// The two commands that get the same token from `wayfarer serve`.
fn curl(report: &Report<'_>) -> String {
    let setting = &report.setting;
    let quoted = |it: String| if it.contains([' ', '\'', '"', '$']) { format!("\"{it}\"") } else { it };
    let paths: Vec<String> = setting.options.set.paths.iter().map(|it| quoted(it.display().to_string())).collect();
    let rest: String = setting
        .options
        .rest
        .iter()
        .map(|(profile, url)| format!(" --rest {}", quoted(format!("{profile}={url}"))))
        .collect();
    let place = setting.options.tenant.argument(quoted);
    let secrets = setting.client.password_credentials.iter();
    let secret = secrets.filter_map(|it| it.digest.as_ref()?.development_secret()).next().unwrap_or("<client secret>");
    let (tenant, policy) = (setting.tenant.name(), &setting.plan.policy);
    format!(
        "  wayfarer serve {}{place}{rest}\n  curl -d grant_type=client_credentials -d client_id={} --data-urlencode \"client_secret={secret}\" \
         --data-urlencode \"scope={}\" http://127.0.0.1:8464/{tenant}/{policy}/oauth2/v2.0/token",
        paths.join(" "),
        setting.client.app_id,
        setting.scope,
    )
}
