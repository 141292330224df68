use super::page_of;
use crate::{Diagnostics, Fix, Location, Sources};
use serde_json::{Value, json};

/// The array of `check --format json`, member by member as the command-line contract has it.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> Value {
    let entries = diagnostics.iter().map(|it| {
        let related = it.related.iter().map(|label| {
            json!({
                "message": label.message,
                "filename": sources.name(label.span.file),
                "location": place(sources.start(label.span)),
            })
        });
        json!({
            "code": it.code,
            "severity": it.severity.as_str(),
            "message": it.message,
            "filename": sources.name(it.primary.span.file),
            "location": place(sources.start(it.primary.span)),
            "end_location": place(sources.end(it.primary.span)),
            "policy": it.policy,
            "help": it.help,
            "url": page_of(it.code),
            "related": related.collect::<Vec<_>>(),
            "fix": it.fix.as_ref().map(|it| fix(it, sources)),
        })
    });
    Value::Array(entries.collect())
}

fn place(it: Location) -> Value {
    json!({ "line": it.line, "column": it.column })
}

/// Each edit puts `content` in the place of what stands between its two locations.
fn fix(fix: &Fix, sources: &Sources) -> Value {
    let edits = fix.edits.iter().map(|it| {
        json!({
            "filename": sources.name(it.span.file),
            "location": place(sources.start(it.span)),
            "end_location": place(sources.end(it.span)),
            "content": it.content,
        })
    });
    json!({
        "title": fix.title,
        "applicability": fix.applicability.as_str(),
        "edits": edits.collect::<Vec<_>>(),
    })
}
