use crate::{Diagnostic, Diagnostics, FileId, Label, Severity, SourceFile, Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, SourceSpan};
use std::fmt;
use std::ops::Range;

/// How the human format is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// ANSI colours.
    pub colour: bool,
    /// Unicode lines; ASCII otherwise.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Findings with the source around them, drawn by miette: several labels, over several files where needed.
pub fn human(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let theme = match (style.unicode, style.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, colour) => GraphicalTheme {
            characters: miette::ThemeCharacters::ascii(),
            styles: if colour { miette::ThemeStyles::ansi() } else { miette::ThemeStyles::none() },
        },
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false);
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let (report, elsewhere) = Report::new(diagnostic, sources);
        // Rendering into a String fails only if a span lies outside its file; then the message alone is better than nothing.
        if handler.render_report(&mut out, &report).is_err() {
            out.push_str(&format!("{}: {}\n", sources.place(diagnostic.primary.span), diagnostic.message));
        }
        for report in elsewhere {
            // Not as miette's related reports: it puts a heading of its own above each.
            let _ = handler.render_report(&mut out, &report);
        }
        out.push('\n');
    }
    out
}

/// What miette draws at once: labels of one file that are near each other.
#[derive(Debug)]
struct Report<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    source: Option<Excerpt<'a>>,
    labels: Vec<LabeledSpan>,
}

/// So many lines may be between two labels that are drawn at once. Further ones are drawn after the primary place, which is
/// what a reader looks for; miette would draw them by line.
const NEAR: u32 = 6;

impl<'a> Report<'a> {
    /// The finding at its place, and one for each related place that is elsewhere.
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> (Self, Vec<Self>) {
        let file = diagnostic.primary.span.file;
        let line = |it: &Label| sources.start(it.span).line;
        let own = line(&diagnostic.primary);
        let is_near = |it: &&Label| it.span.file == file && line(it).abs_diff(own) <= NEAR;
        let (near, far): (Vec<_>, Vec<_>) = diagnostic.related.iter().partition(is_near);
        let mut labels = vec![label_of(&diagnostic.primary, sources, Rank::Primary)];
        labels.extend(near.into_iter().map(|it| label_of(it, sources, Rank::Secondary)));
        let elsewhere = far.into_iter().map(|label| Self {
            code: "",
            severity: Severity::Info,
            message: &label.message,
            help: None,
            source: Excerpt::of(sources, label.span.file),
            labels: vec![label_of(&Label { span: label.span, message: String::new() }, sources, Rank::Primary)],
        });
        let report = Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            source: Excerpt::of(sources, file),
            labels,
        };
        (report, elsewhere.collect())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Rank {
    Primary,
    Secondary,
}

fn label_of(label: &Label, sources: &Sources, rank: Rank) -> LabeledSpan {
    let Span { start, end, .. } = sources.written(label.span);
    let span = SourceSpan::from(start as usize..end as usize);
    let text = (!label.message.is_empty()).then(|| label.message.clone());
    match rank {
        Rank::Primary => LabeledSpan::new_primary_with_span(text, span),
        Rank::Secondary => LabeledSpan::new_with_span(text, span),
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        (!self.code.is_empty()).then(|| Box::new(self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|it| it as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref()?;
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The text of one file under its name. miette reads a text from its beginning for every label; here it gets the lines
/// around the label, or a file with many findings would take minutes.
#[derive(Debug)]
struct Excerpt<'a>(&'a SourceFile);

impl<'a> Excerpt<'a> {
    fn of(sources: &'a Sources, file: FileId) -> Option<Self> {
        sources.file(file).map(Self)
    }
}

/// A longer line (a file without line breaks) would fill the screen: only what is around the place is shown.
const LONGEST_LINE: usize = 240;

/// How many bytes are shown before and after the place in a long line.
const AROUND: usize = 80;

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'b> + 'b>, miette::MietteError> {
        let Self(file) = self;
        let (start, end) = (span.offset(), span.offset().saturating_add(span.len()));
        if end > file.text().len() {
            return Err(miette::MietteError::OutOfBounds);
        }
        let (lines, first) = file.lines_around(start..end, before.max(after));
        let text = file.text().get(lines.clone()).unwrap_or_default();
        let place = file.location(u32::try_from(start).unwrap_or(u32::MAX));
        let name = file.name().to_owned();
        if text.split('\n').any(|line| line.len() > LONGEST_LINE) {
            let (line, column) = (place.line as usize - 1, place.column as usize - 1);
            let (shown, before) = part_of_line(file.text(), start, end);
            let data = file.text().as_bytes().get(shown.clone()).unwrap_or_default();
            let shown = SourceSpan::from(shown);
            let column = column.saturating_sub(before);
            return Ok(Box::new(miette::MietteSpanContents::new_named(name, data, shown, line, column, 1)));
        }
        let inner = text.read_span(&SourceSpan::from(start - lines.start..end - lines.start), before, after)?;
        let from = lines.start + inner.span().offset();
        let column = if from == start { place.column as usize - 1 } else { inner.column() };
        let shown = SourceSpan::from(from..from + inner.span().len());
        let (data, line, count) = (inner.data(), first + inner.line(), inner.line_count());
        // The slice of `text` lives as long as the file; what miette made of it doesn't.
        let data = file.text().as_bytes().get(from..from + data.len()).unwrap_or_default();
        Ok(Box::new(miette::MietteSpanContents::new_named(name, data, shown, line, column, count)))
    }
}

/// What is shown of a long line, and how many bytes of it stand before the place.
fn part_of_line(text: &str, start: usize, end: usize) -> (Range<usize>, usize) {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
    let from = boundary(start.saturating_sub(AROUND));
    let from = text.get(from..start).and_then(|it| it.rfind('\n')).map_or(from, |it| from + it + 1);
    let until = boundary(start + (end - start).min(AROUND) + AROUND);
    let until = text.get(start..until).and_then(|it| it.find(['\r', '\n'])).map_or(until, |it| start + it);
    (from..until.max(from), start - from)
}
