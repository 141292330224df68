//! What a program can do about a finding: edits as plain data, and [`apply`], which puts them into the texts.

use crate::{Diagnostics, FileId, Sources, Span, one_line};
use std::collections::BTreeMap;
use std::ops::Range;

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// There is one thing that the author can have meant, and this is it.
    Safe,
    /// Probably what is meant; a person should look at it.
    Unsafe,
}

impl Applicability {
    /// `safe` or `unsafe`, as every format prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// What an edit stands on, in a file whose text was built from settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// What is written is what is judged.
    Text,
    /// A token of a settings file: it is edited itself, not the value that stands for it.
    Token,
}

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes away; empty where something is inserted.
    pub span: Span,
    /// What comes, as it is written into the file.
    pub content: String,
    /// What the edit stands on.
    pub ground: Ground,
}

/// What a program can do about a finding. It is applied as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "write `true`".
    pub title: String,
    /// Whether it may be applied without asking.
    pub applicability: Applicability,
    /// The edits, which don't overlap, possibly in several files.
    pub edits: Vec<Edit>,
    /// Places that the edits repeat. Where such a place holds the value of a setting, the fix would write that value into
    /// the file, so there is none.
    pub repeats: Vec<Span>,
}

impl Fix {
    /// A fix that may be applied without asking.
    pub fn safe(title: impl Into<String>) -> Self {
        Self::new(title, Applicability::Safe)
    }

    /// A fix that a person should look at.
    pub fn risky(title: impl Into<String>) -> Self {
        Self::new(title, Applicability::Unsafe)
    }

    /// A fix without edits yet.
    pub fn new(title: impl Into<String>, applicability: Applicability) -> Self {
        Self { title: one_line(title.into()), applicability, edits: Vec::new(), repeats: Vec::new() }
    }

    /// Puts a text in the place of another.
    pub fn replace(mut self, span: Span, content: impl Into<String>) -> Self {
        self.edits.push(Edit { span, content: content.into(), ground: Ground::Text });
        self
    }

    /// Puts a text in the place of a settings token; `span` is what stands for it.
    pub fn replace_token(mut self, span: Span, content: impl Into<String>) -> Self {
        self.edits.push(Edit { span, content: content.into(), ground: Ground::Token });
        self
    }

    /// Takes a text away.
    pub fn delete(self, span: Span) -> Self {
        self.replace(span, "")
    }

    /// Says that an edit repeats what stands there.
    pub fn repeating(mut self, span: Span) -> Self {
        self.repeats.push(span);
        self
    }

    /// Whether it can be written into the files: no edit changes, and none repeats, what stands for a setting.
    pub fn is_writable(&self, sources: &Sources) -> bool {
        let stands = |it: &Edit| match it.ground {
            Ground::Text => sources.is_as_written(it.span),
            Ground::Token => sources.is_as_written(it.span) || sources.is_replaced(it.span),
        };
        !self.edits.is_empty()
            && self.edits.iter().all(stands)
            && self.repeats.iter().all(|it| sources.is_as_written(*it))
    }
}

/// What [`apply`] made.
#[derive(Debug, Default)]
pub struct Applied {
    /// The new texts of the files that changed.
    pub texts: BTreeMap<FileId, String>,
    /// Of each fix that was applied: the rule's slug, and what it did.
    pub fixes: Vec<(&'static str, String)>,
}

/// Applies the fixes of findings that are at most as risky as `applicability`, in the order of the findings. Where two
/// touch one place the first one wins; the other may still be needed, so whoever wants all checks the new texts again.
/// Texts are those of the files as written: without byte-order mark, line ends as they are.
pub fn apply(found: &Diagnostics, sources: &Sources, applicability: Applicability) -> Applied {
    let mut edits: BTreeMap<FileId, BTreeMap<usize, (usize, &str)>> = BTreeMap::new();
    let mut applied = Applied::default();
    let mut done: Vec<&Fix> = Vec::new();
    for it in found.iter() {
        let Some(fix) = it.fix.as_ref().filter(|it| it.applicability <= applicability && it.is_writable(sources))
        else {
            continue;
        };
        // Findings may share a fix that mends them all.
        if done.contains(&fix) {
            continue;
        }
        let placed: Vec<_> = fix.edits.iter().map(|it| (it, written(it, sources))).collect();
        let is_free = |(edit, range): &(&Edit, Range<usize>)| {
            edits.get(&edit.span.file).is_none_or(|taken| is_free(taken, range))
        };
        if !placed.iter().all(is_free) {
            continue;
        }
        for (edit, range) in placed {
            edits.entry(edit.span.file).or_default().insert(range.start, (range.end, &edit.content));
        }
        applied.fixes.push((it.code, fix.title.clone()));
        done.push(fix);
    }
    for (file, edits) in edits {
        let text = sources.file(file).map(|it| it.text().as_ref()).unwrap_or_default();
        applied.texts.insert(file, edited(text, &edits));
    }
    applied
}

fn written(edit: &Edit, sources: &Sources) -> Range<usize> {
    let span = sources.written(edit.span);
    span.start as usize..span.end as usize
}

/// Whether a range neither overlaps nor touches what is taken: two insertions in one place have no order.
fn is_free(taken: &BTreeMap<usize, (usize, &str)>, range: &Range<usize>) -> bool {
    let before = taken.range(..=range.end).next_back();
    before.is_none_or(|(_, (end, _))| *end < range.start)
}

fn edited(text: &str, edits: &BTreeMap<usize, (usize, &str)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, (end, content)) in edits {
        out.push_str(text.get(copied..*start).unwrap_or_default());
        out.push_str(content);
        copied = *end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Replaced, Severity};

    /// Applies one fix after the other to `text`; gives the new text and how many were applied.
    fn fixed(text: &str, replaced: &[(Range<u32>, Range<u32>)], fixes: impl Fn(FileId) -> Vec<Fix>) -> (String, usize) {
        let mut sources = Sources::default();
        let file = sources.add("a.xml", text);
        let replaced = replaced.iter().cloned().map(|(built, written)| Replaced { built, written });
        sources.set_replaced(file, replaced.collect());
        let mut found = Diagnostics::default();
        for (at, fix) in fixes(file).into_iter().enumerate() {
            found.report("code", Severity::Error, Span::new(file, at, at), "wrong").fix(fix);
        }
        let applied = apply(&found, &sources, Applicability::Safe);
        (applied.texts.get(&file).cloned().unwrap_or_else(|| text.to_owned()), applied.fixes.len())
    }

    #[test]
    fn edits_change_their_places_and_nothing_else() {
        let fixes = |file| {
            vec![
                Fix::safe("write `X`").replace(Span::new(file, 2, 3), "XX"),
                Fix::safe("move `d`").delete(Span::new(file, 5, 6)).replace(Span::new(file, 0, 0), "d"),
                Fix::risky("write `Y`").replace(Span::new(file, 8, 9), "Y"),
            ]
        };
        assert_eq!(fixed("a\nb\r\ndef g", &[], fixes), ("da\nXX\r\nef g".to_owned(), 2));
    }

    #[test]
    fn of_two_fixes_in_one_place_the_first_wins_and_the_other_is_not_applied_in_part() {
        let fixes = |file| {
            vec![
                Fix::safe("1").replace(Span::new(file, 1, 3), "X"),
                Fix::safe("2").replace(Span::new(file, 2, 4), "Y").replace(Span::new(file, 5, 6), "Z"),
                Fix::safe("1").replace(Span::new(file, 1, 3), "X"),
                Fix::safe("3").replace(Span::new(file, 3, 3), "behind the first"),
            ]
        };
        assert_eq!(fixed("abcdef", &[], fixes), ("aXdef".to_owned(), 1));
    }

    #[test]
    fn what_stands_for_a_setting_is_neither_edited_nor_repeated() {
        // ab{x}cd with x = 12345: ab12345cd.
        let replaced = [(2..7, 2..5)];
        let one = |fix: &dyn Fn(FileId) -> Fix| fixed("ab{x}cd", &replaced, |file| vec![fix(file)]);
        assert_eq!(one(&|it| Fix::safe("").replace(Span::new(it, 7, 8), "C")), ("ab{x}Cd".to_owned(), 1));
        assert_eq!(one(&|it| Fix::safe("").replace(Span::new(it, 7, 7), "-")), ("ab{x}-cd".to_owned(), 1));
        assert_eq!(one(&|it| Fix::safe("").replace(Span::new(it, 2, 2), "-")), ("ab-{x}cd".to_owned(), 1));
        assert_eq!(one(&|it| Fix::safe("").replace_token(Span::new(it, 2, 7), "{X}")), ("ab{X}cd".to_owned(), 1));
        for (start, end) in [(1, 3), (2, 7), (3, 4), (6, 8), (1, 9), (4, 4)] {
            let fix = |it| Fix::safe("").replace(Span::new(it, start, end), "?");
            assert_eq!(one(&fix), ("ab{x}cd".to_owned(), 0), "{start}..{end}");
        }
        let repeats = |it| Fix::safe("").replace(Span::new(it, 0, 1), "12").repeating(Span::new(it, 2, 4));
        assert_eq!(one(&repeats), ("ab{x}cd".to_owned(), 0));
    }
}
