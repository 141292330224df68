//! The list of findings of one file, with a cap: a file that is no XML at all would give a finding a byte.

use std::ops::Range;

use wayfarer_diagnostics::{Diagnostic, Diagnostics, FileId, Severity, Span};

/// How many findings of one phase are told for one file.
const MOST: usize = 200;

/// Collects findings of one phase about one file; those past the cap are counted only.
pub(crate) struct Report {
    file: FileId,
    list: Diagnostics,
    left_out: usize,
    /// What callers fill in when the list is full.
    spare: Diagnostic,
}

impl Report {
    pub(crate) fn new(file: FileId) -> Self {
        let spare = Diagnostic::new("", Severity::Error, Span::file_start(file), "");
        Self { file, list: Diagnostics::default(), left_out: 0, spare }
    }

    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// Adds an error and hands it back for its label, help and related places.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        if self.list.len() < MOST {
            return self.list.report(code, Severity::Error, span, message);
        }
        self.left_out += 1;
        self.spare = Diagnostic::new(code, Severity::Error, span, "");
        &mut self.spare
    }

    /// All findings by place, then how many more there were; `end` is the end of the file, `code` that of the last line.
    pub(crate) fn finish(mut self, code: &'static str, end: usize) -> Diagnostics {
        self.list.sort_and_dedup();
        if self.left_out > 0 {
            let span = Span::new(self.file, end, end);
            let message = format!("{} more findings in this file are left out", self.left_out);
            self.list.report(code, Severity::Error, span, message).help("mend those above and check again");
        }
        self.list
    }

    /// Whether the list is full: the finding at hand is then counted, and need not be worded.
    pub(crate) fn overflows(&mut self) -> bool {
        let full = self.list.len() >= MOST;
        self.left_out += usize::from(full);
        full
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// A name or value in a message: one line, and not a megabyte.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    short = short.replace("\\\"", "\"").replace("\\'", "'");
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
