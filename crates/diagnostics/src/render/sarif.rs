use super::uri::uri;
use crate::{Diagnostic, Diagnostics, Edit, FileId, Fix, Label, Severity, Sources, Span, fingerprints};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What SARIF tells of a rule; who knows the rules hands it in.
pub struct RulePage<'a> {
    /// The slug.
    pub code: &'a str,
    /// How bad its findings are, unless said otherwise.
    pub level: Severity,
    /// One sentence.
    pub summary: String,
    /// What it looks for.
    pub description: String,
    /// Its page, as Markdown.
    pub page: &'a str,
    /// What kind of rule it is, for whoever filters.
    pub tags: Vec<&'a str>,
}

/// What relative paths are relative to: the folder that the command was run in, in CI the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// A log of the Static Analysis Results Interchange Format 2.1.0, as GitHub and Azure DevOps read it; it holds the pages of
/// the rules that have findings. `version` is ours.
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>
pub fn sarif<'a>(
    diagnostics: &Diagnostics,
    sources: &Sources,
    version: &str,
    rule: impl Fn(&'a str) -> Option<RulePage<'a>>,
) -> Value {
    let codes: BTreeSet<&'static str> = diagnostics.iter().map(|it| it.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let rules = codes.iter().map(|code| rule(code).map_or_else(|| json!({ "id": code }), |it| descriptor(&it)));
    let known = fingerprints(diagnostics, sources, |it| uri(sources.name(it)));
    let results = diagnostics.iter().zip(known).map(|(it, fingerprint)| {
        let mut result = json!({
            "ruleId": it.code,
            "ruleIndex": codes.binary_search(&it.code).ok(),
            "level": level(it.severity),
            "message": { "text": text(it) },
            "locations": [location(&it.primary, sources)],
            "partialFingerprints": { "wayfarer/v1": fingerprint },
        });
        if !it.related.is_empty() {
            let related = it.related.iter().enumerate().map(|(at, label)| {
                let mut place = location(label, sources);
                place["id"] = json!(at + 1);
                place
            });
            result["relatedLocations"] = related.collect();
        }
        if let Some(it) = &it.fix {
            result["fixes"] = json!([fix(it, sources)]);
        }
        if let Some(policy) = &it.policy {
            result["properties"] = json!({ "policy": policy });
        }
        result
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Wayfarer",
                "semanticVersion": version,
                "rules": rules.collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {
                (ROOT): { "description": { "text": "the folder that wayfarer was run in" } },
            },
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

/// One change a file, with all its replacements (3.55).
fn fix(fix: &Fix, sources: &Sources) -> Value {
    let mut files: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    fix.edits.iter().for_each(|it| files.entry(it.span.file).or_default().push(it));
    let changes = files.into_iter().map(|(file, edits)| {
        let replacement = |it: &&Edit| {
            json!({ "deletedRegion": region(it.span, sources), "insertedContent": { "text": it.content } })
        };
        json!({
            "artifactLocation": artifact(sources.name(file)),
            "replacements": edits.iter().map(replacement).collect::<Vec<_>>(),
        })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": changes.collect::<Vec<_>>(),
        "properties": { "applicability": fix.applicability.as_str() },
    })
}

/// A note is what SARIF calls an info.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &RulePage<'_>) -> Value {
    // Beside `level`, GitHub sorts by this property.
    let problem = match rule.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    };
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.description },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": { "tags": rule.tags, "problem.severity": problem },
    })
}

fn text(it: &Diagnostic) -> String {
    match &it.help {
        Some(help) => format!("{}\n{help}", it.message),
        None => it.message.clone(),
    }
}

fn location(label: &Label, sources: &Sources) -> Value {
    let mut place = json!({
        "physicalLocation": {
            "artifactLocation": artifact(sources.name(label.span.file)),
            "region": region(label.span, sources),
        },
    });
    if !label.message.is_empty() {
        place["message"] = json!({ "text": label.message });
    }
    place
}

fn artifact(path: &str) -> Value {
    let uri = uri(path);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
}

fn region(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.start(span), sources.end(span));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}
