use super::uri::slashed;
use crate::{Diagnostics, Severity, Sources};
use std::fmt::Write as _;

/// Workflow commands that GitHub Actions shows as annotations on the changed lines.
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
pub fn github(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for it in diagnostics.iter() {
        let level = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let (start, end) = (sources.start(it.primary.span), sources.end(it.primary.span));
        let file = property(&slashed(sources.name(it.primary.span.file)));
        let help = it.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
        let _ = writeln!(
            out,
            "::{level} file={file},line={},col={},endLine={},endColumn={},title={}::{}",
            start.line,
            start.column,
            end.line,
            end.column,
            property(it.code),
            data(&format!("{}{help}", it.message)),
        );
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
