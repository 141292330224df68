use crate::{Diagnostics, Sources};
use std::fmt::Write as _;

/// One line a finding: `path:line:column: severity[code] message`.
pub fn concise(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for it in diagnostics.iter() {
        let place = sources.place(it.primary.span);
        // Writing to a String can't fail.
        let _ = writeln!(out, "{place}: {}[{}] {}", it.severity.as_str(), it.code, it.message);
    }
    out
}
