use crate::{Diagnostic, Diagnostics, FileId, Label, Severity, Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, SourceSpan};
use std::fmt;

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
        let report = Report::new(diagnostic, sources);
        // Rendering into a String fails only if a span lies outside its file; then the message alone is better than nothing.
        if handler.render_report(&mut out, &report).is_err() {
            out.push_str(&format!("{}: {}\n", sources.place(diagnostic.primary.span), diagnostic.message));
        }
        out.push('\n');
    }
    out
}

/// A [`Diagnostic`] as miette wants it: labels of the primary file, and one nested report for each other file.
#[derive(Debug)]
struct Report<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    source: Option<Excerpt<'a>>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let file = diagnostic.primary.span.file;
        let (here, others): (Vec<_>, Vec<_>) = diagnostic.related.iter().partition(|it| it.span.file == file);
        let mut labels = vec![label_of(&diagnostic.primary, sources, Rank::Primary)];
        labels.extend(here.into_iter().map(|it| label_of(it, sources, Rank::Secondary)));
        let elsewhere = others.into_iter().map(|label| Report {
            code: "",
            severity: Severity::Info,
            message: &label.message,
            help: None,
            source: Excerpt::of(sources, label.span.file),
            labels: vec![label_of(&Label { span: label.span, message: String::new() }, sources, Rank::Primary)],
            elsewhere: Vec::new(),
        });
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            source: Excerpt::of(sources, file),
            labels,
            elsewhere: elsewhere.collect(),
        }
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

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        (!self.elsewhere.is_empty())
            .then(|| Box::new(self.elsewhere.iter().map(|it| it as &dyn miette::Diagnostic)) as Box<_>)
    }
}

/// The text of one file under its name.
#[derive(Debug)]
struct Excerpt<'a> {
    name: &'a str,
    text: &'a str,
}

impl<'a> Excerpt<'a> {
    fn of(sources: &'a Sources, file: FileId) -> Option<Self> {
        let file = sources.file(file)?;
        Some(Self { name: file.name(), text: file.text() })
    }
}

/// A longer line (a file without line breaks) would fill the screen: only what is around the place is shown.
const LONGEST_LINE: usize = 240;

/// How many bytes are shown before and after the place in a long line.
const AROUND: usize = 80;

impl Excerpt<'_> {
    fn window<'b>(&'b self, span: &SourceSpan) -> Result<Box<dyn miette::SpanContents<'b> + 'b>, miette::MietteError> {
        let exact = self.text.read_span(span, 0, 0)?;
        let boundary =
            |at: usize| (0..=at.min(self.text.len())).rev().find(|it| self.text.is_char_boundary(*it)).unwrap_or(0);
        let line_start = self.text.get(..span.offset()).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let start = boundary(span.offset().saturating_sub(AROUND)).max(line_start);
        let rest = self.text.get(span.offset()..).unwrap_or_default();
        let line_end = span.offset() + rest.find(['\r', '\n']).unwrap_or(rest.len());
        let end = boundary(span.offset() + span.len().min(AROUND) + AROUND).min(line_end).max(start);
        let data = self.text.as_bytes().get(start..end).unwrap_or_default();
        let column = exact.column().saturating_sub(span.offset() - start);
        let shown = SourceSpan::from(start..end);
        Ok(Box::new(miette::MietteSpanContents::new_named(self.name.to_owned(), data, shown, exact.line(), column, 1)))
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'b> + 'b>, miette::MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        if inner.data().split(|it| *it == b'\n').any(|line| line.len() > LONGEST_LINE) {
            return self.window(span);
        }
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.to_owned(),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}
