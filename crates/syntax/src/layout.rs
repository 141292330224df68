//! Where an element stands among comments, lines and indentation: what is moved or removed with it.

use std::ops::Range;

use wayfarer_diagnostics::{FileId, Fix, Span};

use crate::document::{Document, Element};

/// On which side of its sibling the element belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

/// Moves an element beside a sibling. Comments above it and behind it go with it; an element on lines of its own takes
/// its lines along, so that indentation and line ends stay.
pub(crate) fn moved(child: Element<'_>, sibling: Element<'_>, side: Side) -> Fix {
    let (from, to) = (Extent::of(child), Extent::of(sibling));
    let document = child.document();
    let text: &str = document.text();
    let moved = text.get(from.range.clone()).unwrap_or_default();
    let side_word = if side == Side::Before { "before" } else { "behind" };
    let fix = Fix::safe(format!("move `{}` {side_word} `{}`", child.name(), sibling.name()));
    let file = document.file();
    let taken = fix.delete(span(file, from.lines.clone().unwrap_or_else(|| from.with_blanks(text))));
    let (at, content) = match (&from.lines, &to.lines, side) {
        (Some(own), Some(lines), Side::Before) => (lines.start, text.get(own.clone()).unwrap_or_default().to_owned()),
        (Some(own), Some(lines), Side::After) => (lines.end, text.get(own.clone()).unwrap_or_default().to_owned()),
        (None, Some(lines), Side::Before) => (to.range.start, format!("{moved}{}", line_break(text, lines, &to.range))),
        (None, Some(lines), Side::After) => (to.range.end, format!("{}{moved}", line_break(text, lines, &to.range))),
        (_, None, Side::Before) => (to.range.start, moved.to_owned()),
        (_, None, Side::After) => (to.range.end, moved.to_owned()),
    };
    taken.replace(span(file, at..at), content)
}

/// What is to be deleted so that an element is gone and no empty line is left. Comments stay.
pub fn removal(element: Element<'_>) -> Span {
    let own = element.span();
    let lines = lines(element.document().text(), &(own.start as usize..own.end as usize));
    lines.map_or(own, |it| span(own.file, it))
}

/// An element with the comments that belong to it.
struct Extent {
    range: Range<usize>,
    /// Its lines, the last line end included, where nothing else stands on them.
    lines: Option<Range<usize>>,
}

impl Extent {
    fn of(element: Element<'_>) -> Self {
        let document = element.document();
        let text: &str = document.text();
        let (start, end) = (element.span().start as usize, element.span().end as usize);
        let range = first_comment(element, start)..last_comment(document, end);
        let lines = lines(text, &range);
        Self { range, lines }
    }

    /// Of an element at the end of a line also the blanks before it.
    fn with_blanks(&self, text: &str) -> Range<usize> {
        let before = text.get(..self.range.start).unwrap_or_default();
        let ends_line =
            text.get(self.range.end..).is_some_and(|it| it.trim_start_matches([' ', '\t']).starts_with(['\r', '\n']));
        let start = if ends_line { before.trim_end_matches([' ', '\t']).len() } else { self.range.start };
        start..self.range.end
    }
}

/// Where the comments right above an element begin: none that ends the line of what stands before, none behind which
/// there is an empty line.
fn first_comment(element: Element<'_>, mut start: usize) -> usize {
    let document = element.document();
    let text: &str = document.text();
    let before = element.parent().into_iter().flat_map(|it| it.children()).take_while(|it| *it != element).last();
    let bound = match (before, element.parent()) {
        (Some(sibling), _) => sibling.span().end as usize,
        (None, Some(parent)) => parent.start_tag().end as usize,
        (None, None) => return start,
    };
    let above: Vec<Span> =
        document.comments().map(|it| it.span()).filter(|it| (bound..start).contains(&(it.start as usize))).collect();
    for comment in above.into_iter().rev() {
        let gap = text.get(comment.end as usize..start).unwrap_or_default();
        let own_line = text.get(bound..comment.start as usize).is_some_and(|it| it.contains('\n'));
        let breaks = gap.matches('\n').count();
        if !gap.trim_ascii().is_empty() || breaks > 1 || (breaks == 1 && !own_line) {
            break;
        }
        start = comment.start as usize;
    }
    start
}

/// Where the comments end that follow an element on its line, when nothing else does.
fn last_comment(document: &Document, end: usize) -> usize {
    let text: &str = document.text();
    let line_end = text.get(end..).and_then(|it| it.find('\n')).map_or(text.len(), |it| end + it);
    let mut last = end;
    for comment in document.comments().map(|it| it.span()).filter(|it| (end..line_end).contains(&(it.start as usize))) {
        if !text.get(last..comment.start as usize).is_some_and(|it| it.trim_ascii().is_empty()) {
            return end;
        }
        last = comment.end as usize;
    }
    let rest = text.get(last..).unwrap_or_default();
    let closes_line = rest.split('\n').next().is_some_and(|it| it.trim_ascii().is_empty());
    if closes_line { last } else { end }
}

fn lines(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..range.start)?;
    let start = before.rfind('\n')? + 1;
    let end = range.end + text.get(range.end..)?.find('\n')? + 1;
    let blank = |range: Range<usize>| text.get(range).is_some_and(|it| it.trim_ascii().is_empty());
    (blank(start..range.start) && blank(range.end..end)).then_some(start..end)
}

/// The line end and the indentation of what stands on lines of its own.
fn line_break(text: &str, lines: &Range<usize>, range: &Range<usize>) -> String {
    let end = if text.get(..lines.end).is_some_and(|it| it.ends_with("\r\n")) { "\r\n" } else { "\n" };
    format!("{end}{}", text.get(lines.start..range.start).unwrap_or_default())
}

fn span(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, range.start, range.end)
}
