//! End tags, and what a wrong one most likely was meant to close.

use std::collections::HashMap;

use wayfarer_diagnostics::closest;

use super::Parser;
use crate::chars;

impl<'t> Parser<'t> {
    /// `</Name>`. Hands back where the tag ends.
    pub(super) fn end_tag(&mut self, start: usize) -> usize {
        self.flush_text();
        // Nearly always it is the open element's, and closed at once: there is no need to look at each character.
        if let Some(open) = self.open.last() {
            let end = start + 2 + open.name.len();
            if self.byte(end) == b'>' && self.text.get(start + 2..end) == Some(open.name) {
                self.close(end + 1);
                return end + 1;
            }
        }
        let name_end = chars::name_end(self.text, start + 2);
        let name = self.slice(start + 2, name_end);
        let mut end = self.skip_space(name_end);
        if self.byte(end) == b'>' && !name.is_empty() {
            end += 1;
        } else {
            let message =
                if name.is_empty() { "the end tag has no name" } else { "`>` belongs after the name of an end tag" };
            end = self.find_any(b'>', b'<', end);
            end += usize::from(self.byte(end) == b'>');
            let help = self.open.last().map_or_else(|| "remove it".to_owned(), |it| format!("write `</{}>`", it.name));
            self.error(start, end, message).label("this end tag").help(help);
        }
        match self.open.last().map(|it| (it.name, it.start, it.start_tag_end)) {
            None => {
                self.error(start, end, format!("`</{name}>` closes nothing: no element is open"))
                    .label("nothing to close")
                    .help("remove it");
            }
            Some((open, ..)) if open == name || name.is_empty() => self.close(end),
            Some(open) => self.wrong_end_tag(name, start, end, open),
        }
        end
    }

    /// The end tag is another than the open element's: either end tags are missing before it, or it is misspelled, or it
    /// is one too many.
    fn wrong_end_tag(&mut self, name: &'t str, start: usize, end: usize, open: (&'t str, usize, usize)) {
        let (open, open_start, open_end) = open;
        let opened = self.report.span(open_start..open_end);
        if self.is_open(name) {
            self.error(start, end, format!("`<{open}>` is not closed before `</{name}>`"))
                .label(format!("`</{open}>` is missing before this"))
                .help(format!("add `</{open}>`"))
                .related(opened, "opened here");
            while self.open.last().is_some_and(|it| it.name != name) {
                self.close(start);
            }
            self.close(end);
        } else if closest(name, [open]).is_some() {
            self.error(start, end, format!("`</{name}>` does not match `<{open}>`"))
                .label("another name than in the start tag")
                .help(format!("write `</{open}>`"))
                .related(opened, "opened here");
            self.close(end);
        } else {
            self.error(start, end, format!("`</{name}>` closes no open element"))
                .label(format!("`<{open}>` is open here"))
                .help(format!("remove it, or add the start tag `<{name}>`"))
                .related(opened, "opened here");
        }
    }

    fn is_open(&mut self, name: &str) -> bool {
        let open = &self.open;
        let names = self.open_names.get_or_insert_with(|| {
            let mut names = HashMap::new();
            for it in open {
                *names.entry(it.name).or_default() += 1;
            }
            names
        });
        names.get(name).is_some_and(|it| *it > 0)
    }
}
