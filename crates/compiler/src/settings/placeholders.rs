//! What samples leave to be replaced by hand, looked for in the built text.

use super::build::{PLACEHOLDER, without_case};
use super::judge::Comments;
use std::collections::BTreeMap;
use std::ops::Range;
use wayfarer_diagnostics::{Diagnostics, Severity, Span};
use wayfarer_syntax::Document;

/// Which placeholders count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholders {
    /// `{{…}}`: here `yourtenant.onmicrosoft.com` is the tenant that runs.
    Braces,
    /// Those of tenants too: the text is uploaded.
    All,
}

/// One finding for each placeholder of a file.
pub(crate) fn placeholders(document: &Document, which: Placeholders, found: &mut Diagnostics) {
    let text: &str = document.text();
    let mut places: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    let tenants = [PLACEHOLDER, "your-tenant"].into_iter().filter(|_| which == Placeholders::All);
    for (name, at) in tenants.flat_map(|name| without_case(text, name).map(move |at| (name, at))) {
        places.entry(name).or_default().push(at);
    }
    for at in braces(text) {
        places.entry(text.get(at.clone()).unwrap_or_default()).or_default().push(at);
    }
    let comments = Comments::of(document);
    let severity = if which == Placeholders::All { Severity::Error } else { Severity::Warning };
    for (name, mut places) in places {
        places.retain(|it| !comments.hold(it.start));
        let Some(first) = places.first() else { continue };
        let span = |it: &Range<usize>| Span::new(document.file(), it.start, it.end);
        let help = match name.starts_with('{') {
            true => "write the value, or a token that a settings file has",
            false => "write {Settings:Tenant} and name the tenant in the settings file",
        };
        let message = format!("the placeholder `{name}` is left in the policy");
        let diagnostic = found.report("tenant-placeholder-left", severity, span(first), message);
        diagnostic.help(help).label(match places.len() {
            1 => "stands for something else".to_owned(),
            more => format!("the first of {more} in this file"),
        });
        for other in places.iter().skip(1).take(4) {
            diagnostic.related(span(other), "also here");
        }
    }
}

/// `{{name}}`, also with blanks inside. Escaped braces of format strings (`{{0}}`, `{{{0}:x}}`) are something else.
fn braces(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    memchr::memmem::find_iter(text.as_bytes(), b"{{").filter_map(move |start| {
        let rest = text.get(start + 2..)?;
        let length = rest.bytes().take(100).position(|it| matches!(it, b'{' | b'}' | b'<' | b'"' | b'\n'))?;
        let name = rest.get(..length)?.trim();
        let closed = rest.get(length..)?.starts_with("}}");
        let is_name = name.starts_with(|it: char| it.is_alphabetic())
            && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ':' | ' '));
        let alone = start == 0 || text.as_bytes().get(start - 1) != Some(&b'{');
        (closed && is_name && alone).then_some(start..start + 2 + length + 2)
    })
}
