use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// One file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The position of the file in its [`Sources`], counted from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A byte range in the text of one file. For a UTF-16 file the text is what it decodes to; for a file in which tokens
/// were replaced before it was judged it is what was built, and [`Sources`] finds the place as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; never before `start`.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`. Offsets past 4 GiB can't occur: files are refused long before that size.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The beginning of a file: for what is wrong with the file as a whole.
    pub fn file_start(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }
}

/// A place as a person reads it: both count from 1, columns in UTF-16 code units (as editors and .NET count).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1; a byte-order mark does not count.
    pub column: u32,
}

/// A stretch of a file as written, and what stands in its place in the text that is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Where the inserted text is in the text that is judged.
    pub built: Range<u32>,
    /// Where the replaced text is in the file.
    pub written: Range<u32>,
}

/// How far apart the counted places are, in bytes.
const STRIDE: usize = 1024;

/// The UTF-16 units that a character of UTF-8 adds with its first byte: two for one of four bytes, none for what follows.
fn units_of(byte: u8) -> u32 {
    match byte {
        0x80..=0xBF => 0,
        0xF0..=0xFF => 2,
        _ => 1,
    }
}

/// How many UTF-16 units stand before every [`STRIDE`]th byte of a text.
fn units_by_stride(text: &str) -> Vec<u32> {
    let mut counted = vec![0];
    let mut sum = 0u32;
    for stride in text.as_bytes().chunks(STRIDE) {
        sum = stride.iter().fold(sum, |sum, byte| sum.saturating_add(units_of(*byte)));
        counted.push(sum);
    }
    counted
}

/// One file: the name that the user gave it and its text.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
    /// How many UTF-16 units stand before every [`STRIDE`]th byte: a column far into a long line is not counted from its
    /// beginning, or ten thousand findings in a file of one line would take minutes. `None` where every byte is a unit.
    units: OnceLock<Option<Vec<u32>>>,
    /// In order of place, none within another.
    replaced: Vec<Replaced>,
}

impl SourceFile {
    /// The path as given on the command line.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text as written, without a byte-order mark. Empty when the file couldn't be read.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| Span::new(FileId(0), at + 1, at + 1).start)).collect()
        })
    }

    /// How many UTF-16 units stand before a byte offset on a character boundary.
    fn units_before(&self, offset: usize) -> usize {
        let Some(units) = self.units.get_or_init(|| (!self.text.is_ascii()).then(|| units_by_stride(&self.text)))
        else {
            return offset;
        };
        let stride = offset / STRIDE;
        let before = units.get(stride).copied().unwrap_or_default();
        let rest = self.text.as_bytes().get(stride * STRIDE..offset).unwrap_or_default();
        before as usize + rest.iter().map(|it| units_of(*it) as usize).sum::<usize>()
    }

    /// Where in the text as written a span begins that begins at an offset of the text that is judged. What begins in an
    /// inserted text begins where the replaced text does.
    fn written_start(&self, offset: u32) -> u32 {
        let at = self.replaced.partition_point(|it| it.built.start < offset);
        if let Some(here) = self.replaced.get(at).filter(|it| it.built.start == offset) {
            return here.written.start;
        }
        match at.checked_sub(1).and_then(|it| self.replaced.get(it)) {
            Some(before) if offset < before.built.end => before.written.start,
            Some(before) => before.written.end.saturating_add(offset - before.built.end),
            None => offset,
        }
    }

    /// As [`Self::written_start`], for the end of a span.
    fn written_end(&self, offset: u32) -> u32 {
        let at = self.replaced.partition_point(|it| it.built.end <= offset);
        if let Some(here) = self.replaced.get(at).filter(|it| it.built.start < offset) {
            return here.written.end;
        }
        match at.checked_sub(1).and_then(|it| self.replaced.get(it)) {
            Some(before) => before.written.end.saturating_add(offset - before.built.end),
            None => offset,
        }
    }

    /// Line and column of a byte offset in the text as written; an offset inside a character counts as that character's start.
    pub fn location(&self, offset: u32) -> Location {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = lines.get(line).copied().unwrap_or(0) as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.units_before(end).saturating_sub(self.units_before(start));
        let from_one = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
        Location { line: from_one(line), column: from_one(column) }
    }
}

impl SourceFile {
    /// The whole lines that a byte range of the text as written touches, and `around` more on each side: where they are in
    /// the text, and the number of the first, from 0.
    pub(crate) fn lines_around(&self, range: Range<usize>, around: usize) -> (Range<usize>, usize) {
        let lines = self.lines();
        let line_of = |offset: usize| lines.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let first = line_of(range.start).saturating_sub(around);
        let after = line_of(range.end).saturating_add(around + 1);
        let start_of = |line: usize| lines.get(line).map_or(self.text.len(), |it| *it as usize);
        (start_of(first)..start_of(after), first)
    }
}

/// Every file of one run, also those that could not be read (their text is empty), so that each has a place to report.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Registers a file under the name that messages show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
            units: OnceLock::new(),
            replaced: Vec::new(),
        });
        id
    }

    /// Gives a file that was registered by name its text, once it has been decoded.
    pub fn set_text(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        if let Some(entry) = self.files.get_mut(file.index()) {
            entry.text = text.into();
            entry.lines = OnceLock::new();
            entry.units = OnceLock::new();
        }
    }

    /// Tells what of a file was replaced before it was judged: its spans are then those of the built text.
    pub fn set_replaced(&mut self, file: FileId, replaced: Vec<Replaced>) {
        if let Some(entry) = self.files.get_mut(file.index()) {
            entry.replaced = replaced;
        }
    }

    /// Where a span lies in the file as written. Every method below that takes a span does this by itself.
    pub fn written(&self, span: Span) -> Span {
        match self.file(span.file) {
            Some(file) if !file.replaced.is_empty() => {
                let (start, end) = (file.written_start(span.start), file.written_end(span.end));
                Span { file: span.file, start, end: end.max(start) }
            }
            _ => span,
        }
    }

    /// Whether a span of the judged text is in the file exactly as it is judged: nothing in it stands for something else.
    pub fn is_as_written(&self, span: Span) -> bool {
        let Some(file) = self.file(span.file) else { return false };
        let touches = |it: &Replaced| match it.built.is_empty() {
            true => span.start <= it.built.start && it.built.end <= span.end,
            false => it.built.start < span.end && span.start < it.built.end,
        };
        !file.replaced.iter().any(touches)
    }

    /// Whether a span of the judged text is exactly one replaced stretch.
    pub fn is_replaced(&self, span: Span) -> bool {
        let exactly = |it: &Replaced| it.built == (span.start..span.end);
        self.file(span.file).is_some_and(|it| it.replaced.iter().any(exactly))
    }

    /// The file behind an id of this `Sources`; `None` only for an id of another one.
    pub fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.index())
    }

    /// The name of a file as the user gave it.
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", SourceFile::name)
    }

    /// Where a span begins.
    pub fn start(&self, span: Span) -> Location {
        self.file(span.file).map_or(Location { line: 1, column: 1 }, |file| file.location(self.written(span).start))
    }

    /// Where a span ends (one past its last character).
    pub fn end(&self, span: Span) -> Location {
        self.file(span.file).map_or(Location { line: 1, column: 1 }, |file| file.location(self.written(span).end))
    }

    /// `path:line:column` of a span's start.
    pub fn place(&self, span: Span) -> String {
        let Location { line, column } = self.start(span);
        format!("{}:{line}:{column}", self.name(span.file))
    }

    /// How many files are registered.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether no file is registered.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units_from_one_and_lines_end_at_line_feeds() {
        let mut sources = Sources::default();
        let file = sources.add("a.xml", "ab\r\n😀x\n");
        let at = |offset| sources.start(Span::new(file, offset, offset));
        assert_eq!(at(0), Location { line: 1, column: 1 });
        assert_eq!(at(4), Location { line: 2, column: 1 });
        assert_eq!(at(8), Location { line: 2, column: 3 }, "an emoji is two UTF-16 units");
        assert_eq!(at(6), Location { line: 2, column: 1 }, "inside a character counts as its start");
        assert_eq!(at(99), Location { line: 3, column: 1 }, "past the end is the end");
    }

    #[test]
    fn columns_far_into_a_long_line_are_those_counted_from_its_beginning() {
        let text = "ab\n".to_owned() + &"xé€😀".repeat(2_000);
        let mut sources = Sources::default();
        let file = sources.add("a.xml", text.as_str());
        let whole = sources.add("whole.xml", "x".repeat(2 * STRIDE));
        let end = sources.start(Span::new(whole, 2 * STRIDE, 2 * STRIDE));
        assert_eq!(end, Location { line: 1, column: 2_049 }, "the end of a text of whole strides");
        for (offset, _) in text.char_indices().filter(|(at, _)| *at > 2).step_by(97) {
            let column = text[3..offset].encode_utf16().count() + 1;
            let place = sources.start(Span::new(file, offset, offset));
            assert_eq!(place, Location { line: 2, column: u32::try_from(column).unwrap() }, "{offset}");
        }
    }

    #[test]
    fn a_span_of_a_built_text_is_placed_in_the_text_as_written() {
        let mut sources = Sources::default();
        // ab{X}cd{Y}{Z}ef, built with X = 12345, Y = "" and Z = 6: ab12345cd6ef
        let file = sources.add("a.xml", "ab{X}cd{Y}{Z}ef");
        let replaced = [(2..7, 2..5), (9..9, 7..10), (9..10, 10..13)];
        sources.set_replaced(file, replaced.map(|(built, written)| Replaced { built, written }).to_vec());
        let written = |start, end| {
            let span = sources.written(Span::new(file, start, end));
            (span.start, span.end)
        };
        assert_eq!(written(0, 2), (0, 2), "before");
        assert_eq!(written(2, 7), (2, 5), "a whole value is its token");
        assert_eq!(written(3, 4), (2, 5), "and so is a part of it");
        assert_eq!(written(1, 3), (1, 5), "from before into a value");
        assert_eq!(written(6, 8), (2, 6), "from a value to behind it");
        assert_eq!(written(7, 8), (5, 6), "between two values");
        assert_eq!(written(9, 9), (7, 10), "an empty value is its token");
        assert_eq!(written(10, 12), (13, 15), "behind");
        assert_eq!(sources.start(Span::new(file, 10, 12)).column, 14);
    }
}
