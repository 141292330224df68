//! `wayfarer explain --azure`: from what Azure said back to file, line and fix.

use crate::args::{Explain, Format};
use crate::azure::{Cause, Judged};
use crate::output::{self, Failure, QUIET, styled};
use crate::{Ended, Exit, project};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::io::Read;
use wayfarer_compiler::Scope;
use wayfarer_rules::azure;

/// An answer of Azure is a few kilobytes; the longest that was seen had 60.
const TEXT_LIMIT: u64 = 1 << 20;

pub(crate) fn run(options: &Explain, text: &str) -> Ended {
    let text = message(&if text == "-" { stdin()? } else { text.to_owned() });
    let messages = azure::recognise(&text);
    if messages.is_empty() {
        return Err(unknown(&text));
    }
    let set = options.set();
    let project = if set.paths.is_empty() { None } else { Some(project::load(&set, Scope::All)?) };
    let judged = project.as_ref().map(|it| Judged { project: it, found: it.check(Scope::All) });
    let causes: Vec<Cause<'_>> = messages.iter().map(|it| Cause::of(it, judged.as_ref())).collect();
    output::result(&match options.format {
        Format::Json => format!("{:#}\n", Value::Array(causes.iter().map(Cause::json).collect())),
        Format::Human => human(&causes, judged.is_some()),
    });
    Ok(Exit::Fine)
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    match std::io::stdin().lock().take(TEXT_LIMIT).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::new(format_args!("stdin can't be read: {error}")).help("pipe the text in as UTF-8")),
    }
}

fn unknown(text: &str) -> Failure {
    if text.trim().is_empty() {
        return Failure::new("there is no text to explain")
            .help("paste what Azure said, or pipe it in with `--azure -`");
    }
    Failure::new("no message of Azure's that is known here is in this text").help(
        "paste the message whole, from `Validation failed` or `AADB2C…` on; `wayfarer check` finds what it can without it",
    )
}

/// The text of an answer: out of its JSON, or out of the address that it was sent back to.
fn message(text: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(text.trim()) {
        return texts(&json).join("\n");
    }
    if text.contains("error_description=") {
        let decoded = percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        return decoded;
    }
    // A piece of JSON.
    text.replace("\\\"", "\"").replace("\\r\\n", "\n").replace("\\u0027", "'").replace("\\u0022", "\"")
}

fn texts(json: &Value) -> Vec<&str> {
    match json {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn human(causes: &[Cause<'_>], is_judged: bool) -> String {
    let mut text = causes.iter().map(Cause::human).collect::<Vec<_>>().join("\n");
    if !is_judged {
        let hint = "name your policies to see where: `wayfarer explain --azure TEXT policies/`";
        text.push_str(&format!("\n{}\n", styled(QUIET, hint)));
    }
    text
}
