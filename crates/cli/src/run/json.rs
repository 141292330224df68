use super::Report;
use serde_json::{Map, Value, json};
use wayfarer_diagnostics::{Sources, Span};
use wayfarer_engine::{Change, StepTrace};

/// The object of `run --format json`, member by member as the command-line contract has it.
pub(crate) fn render(report: &Report<'_>) -> Value {
    let plan = report.setting.plan;
    let sources = report.setting.sources;
    let issued = report.issued.as_ref().ok();
    let object = |it: Option<&Map<String, Value>>| it.map_or(Value::Null, |it| Value::Object(it.clone()));
    let bag: Map<String, Value> = report.record.bag.iter().map(|(id, value)| (id.clone(), value.to_json())).collect();
    json!({
        "outcome": if issued.is_some() { "completed" } else { "failed" },
        "policy": plan.policy,
        "journey": plan.journey,
        "response": object(issued.map(|it| it.response.members()).as_ref()),
        "header": object(issued.map(|it| it.header()).as_ref()),
        "claims": object(issued.map(|it| &it.claims)),
        "bag": bag,
        "trace": report.record.trace.steps.iter().map(|it| step(it, sources)).collect::<Vec<_>>(),
        "error": error(report),
    })
}

fn error(report: &Report<'_>) -> Value {
    let Err(error) = &report.issued else { return Value::Null };
    let journey = report.record.error.as_ref();
    json!({
        "code": error.public().aadb2c(),
        "error": error.error().as_str(),
        "message": error.public().to_string(),
        "description": error.description(report.correlation_id, report.now),
        "detail": error.detail(),
        "step": journey.and_then(|it| it.step),
        "technical_profile": journey.and_then(|it| it.technical_profile.clone()),
    })
}

fn step(step: &StepTrace, sources: &Sources) -> Value {
    json!({
        "order": step.order,
        "type": step.step_type,
        "skipped": step.skipped,
        "claims_exchange": step.claims_exchange,
        "technical_profile": step.technical_profile,
        "provider": step.provider,
        "notes": step.notes,
        "changes": step.changes.iter().map(|it| change(it, sources)).collect::<Vec<_>>(),
        "origin": place(sources, step.span),
    })
}

fn change(change: &Change, sources: &Sources) -> Value {
    json!({
        "claim": change.claim,
        "before": change.before.as_ref().map(|it| it.to_json()),
        "after": change.after.as_ref().map(|it| it.to_json()),
        "by": change.by,
        "origin": place(sources, change.span),
    })
}

fn place(sources: &Sources, span: Span) -> Value {
    let start = sources.start(span);
    json!({ "filename": sources.name(span.file), "location": { "line": start.line, "column": start.column } })
}
