//! Replacing tokens: from a text as written to the text that is judged and uploaded, with the way back for every place.

use super::{Dialect, Lookup, Reason, SETTINGS, Settings, extension_name, own_name};
use std::ops::Range;
use wayfarer_diagnostics::Replaced;

/// Built texts end here: a settings file could otherwise make gigabytes of a policy.
const LIMIT: usize = 16 * 1024 * 1024;

/// The longest token that is looked at.
const LONGEST: usize = 1024;

/// What became of one text.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The text; `None` where it stays as it was.
    pub(crate) text: Option<String>,
    /// What was replaced, in order.
    pub(crate) replaced: Vec<Replaced>,
    /// Every token, in order.
    pub(crate) uses: Vec<Use>,
    /// The built text would be too long, so nothing was replaced.
    pub(crate) too_long: bool,
}

/// A token in a file.
#[derive(Debug)]
pub(crate) struct Use {
    /// Where it is, or what stands for it, in the built text.
    pub(crate) at: Range<usize>,
    /// What is between its braces.
    pub(crate) content: String,
    /// The setting that it names, by its index in the chosen environment.
    pub(crate) setting: Option<usize>,
    /// How the name is spelt where it is declared, when the token spells it otherwise.
    pub(crate) declared: Option<String>,
    /// Why it has no value.
    pub(crate) unresolved: Option<Reason>,
}

/// Replaces the tokens of a text. `None` when it has none: then it was read once and not copied.
pub(crate) fn build(text: &str, file: &str, settings: Option<&Settings>) -> Option<Built> {
    let mut work = Work { text, file, settings, out: String::new(), copied: 0, built: Built::default() };
    for edit in edits(text, settings) {
        match edit {
            Edit::Token(token) => work.token(token),
            Edit::Plain(at, with) => work.replace(at, with),
        }
        if work.out.len() > LIMIT {
            return Some(Built { too_long: true, ..Built::default() });
        }
    }
    work.finish()
}

/// Whether a text holds a token of the extension, closed or not.
pub(crate) fn holds_token(text: &str) -> bool {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|it| memchr::memchr(b'{', it.as_bytes())) {
        at += found + 1;
        if extension_name(text.get(at..).unwrap_or_default()).is_some() {
            return true;
        }
    }
    false
}

impl Settings {
    /// Whether a value holds what would be a token in a policy.
    fn holds_token(&self, value: &str) -> bool {
        let is_token = |it: Token<'_>| !it.closed || !matches!(self.look_up(it.content, ""), Lookup::NoToken);
        tokens(value, self.wanted()).any(is_token)
    }

    fn wanted(&self) -> Wanted {
        if self.is_app_settings() { Wanted::Extension } else { Wanted::All }
    }
}

/// A token as written.
struct Token<'t> {
    at: Range<usize>,
    content: &'t str,
    closed: bool,
}

enum Edit<'t> {
    Token(Token<'t>),
    /// Text that is replaced as such.
    Plain(Range<usize>, &'t str),
}

/// All that may be replaced, in order, none within another.
fn edits<'t>(text: &'t str, settings: Option<&'t Settings>) -> Vec<Edit<'t>> {
    let conf = settings.and_then(|it| match &it.dialect {
        Dialect::Conf { tenant, prefix } => Some((tenant.as_deref(), prefix.as_deref())),
        Dialect::AppSettings => None,
    });
    let tokens = tokens(text, settings.map_or(Wanted::Extension, Settings::wanted)).map(Edit::Token);
    let Some((tenant, prefix)) = conf else { return tokens.collect() };
    let mut edits: Vec<Edit<'t>> = tokens.collect();
    if let Some(tenant) = tenant {
        edits.extend(without_case(text, PLACEHOLDER).map(|it| Edit::Plain(it, tenant)));
    }
    if let Some(prefix) = prefix {
        for before in ["PolicyId=\"", "/", "<PolicyId>"] {
            let found =
                text.match_indices(&*format!("{before}{ID_PREFIX}")).map(|(at, it)| at + it.len()).collect::<Vec<_>>();
            edits.extend(found.into_iter().map(|at| Edit::Plain(at..at, prefix)));
        }
    }
    edits.sort_by_key(|it| it.at().start);
    let mut end = 0;
    edits.retain(|it| {
        let free = it.at().start >= end;
        if free {
            end = it.at().end;
        }
        free
    });
    edits
}

impl Edit<'_> {
    fn at(&self) -> &Range<usize> {
        match self {
            Self::Token(token) => &token.at,
            Self::Plain(at, _) => at,
        }
    }
}

/// What the starter pack has for the tenant's name.
pub(super) const PLACEHOLDER: &str = "yourtenant";

const ID_PREFIX: &str = "B2C_1A_";

/// Where an ASCII text stands, without regard to case.
pub(super) fn without_case<'t>(text: &'t str, needle: &'static str) -> impl Iterator<Item = Range<usize>> + 't {
    let (lower, upper) = match needle.as_bytes() {
        [first, ..] => (first.to_ascii_lowercase(), first.to_ascii_uppercase()),
        [] => (0, 0),
    };
    let mut free = 0;
    memchr::memchr2_iter(lower, upper, text.as_bytes()).filter_map(move |at| {
        let end = at + needle.len();
        let is = at >= free && text.get(at..end).is_some_and(|it| it.eq_ignore_ascii_case(needle));
        if is {
            free = end;
        }
        is.then_some(at..end)
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    /// `{Settings:…}` alone.
    Extension,
    /// Whatever stands in braces.
    All,
}

fn tokens(text: &str, wanted: Wanted) -> impl Iterator<Item = Token<'_>> {
    memchr::memchr_iter(b'{', text.as_bytes()).filter_map(move |start| {
        let rest = text.get(start + 1..)?;
        let of_extension = rest.get(..SETTINGS.len()).is_some_and(|it| it.eq_ignore_ascii_case(SETTINGS));
        if !of_extension && wanted == Wanted::Extension {
            return None;
        }
        let ends = |byte: u8| matches!(byte, b'{' | b'}' | b'<' | b'>' | b'"' | b'\n' | b'\r');
        let length = rest.bytes().take(LONGEST).position(ends).unwrap_or_else(|| rest.len().min(LONGEST));
        let closed = rest.as_bytes().get(length) == Some(&b'}');
        if !closed && !of_extension {
            return None;
        }
        let length = (0..=length).rev().find(|it| rest.is_char_boundary(*it)).unwrap_or(0);
        let content = rest.get(..length)?;
        // What is not closed is pointed at up to the first blank.
        let content = if closed { content } else { content.split(' ').next().unwrap_or_default() };
        let end = start + 1 + content.len() + usize::from(closed);
        Some(Token { at: start..end, content, closed })
    })
}

struct Work<'t> {
    text: &'t str,
    file: &'t str,
    settings: Option<&'t Settings>,
    out: String,
    /// How much of the text is in `out`.
    copied: usize,
    built: Built,
}

impl Work<'_> {
    fn token(&mut self, token: Token<'_>) {
        let Token { at, content, closed } = token;
        if !closed {
            return self.keep(at, content, Reason::Unclosed);
        }
        let Some(settings) = self.settings else {
            // No environment changes what depends on the file's name alone, and names of policies are made of it.
            if let Some(Lookup::BuiltIn(_, text)) = extension_name(content).and_then(|it| own_name(it, self.file)) {
                let at = self.insert(at, &text);
                return self.note(at, content, None, None, Some(Reason::NoEnvironment));
            }
            return self.keep(at, content, Reason::NoEnvironment);
        };
        match settings.look_up(content, self.file) {
            Lookup::NoToken => {}
            Lookup::Unresolved(reason) => self.keep(at, content, reason),
            Lookup::BuiltIn(name, text) => {
                let declared = format!("Settings:{name}");
                let unresolved = settings.holds_token(&text).then_some(Reason::HoldsToken);
                let at = self.insert(at, &text);
                self.note(at, content, None, (declared != content).then_some(declared), unresolved);
            }
            Lookup::Setting(index, text) => {
                let declared = settings.own().get(index).map(|it| settings.token_of(&it.key));
                let declared = declared.filter(|it| *it != content);
                // A value is not looked at again, so that a token in it stays.
                let unresolved = settings.holds_token(text).then_some(Reason::HoldsToken);
                let at = self.insert(at, text);
                self.note(at, content, Some(index), declared, unresolved);
            }
        }
    }

    /// The token stays.
    fn keep(&mut self, at: Range<usize>, content: &str, reason: Reason) {
        let shift = self.out.len();
        let at = shift + at.start - self.copied..shift + at.end - self.copied;
        let setting = match reason {
            Reason::Unusable(it) | Reason::OtherCase(it) => Some(it),
            _ => None,
        };
        self.note(at, content, setting, None, Some(reason));
    }

    fn note(
        &mut self,
        at: Range<usize>,
        content: &str,
        setting: Option<usize>,
        declared: Option<String>,
        unresolved: Option<Reason>,
    ) {
        self.built.uses.push(Use { at, content: content.to_owned(), setting, declared, unresolved });
    }

    fn replace(&mut self, at: Range<usize>, with: &str) {
        self.insert(at, with);
    }

    fn insert(&mut self, at: Range<usize>, with: &str) -> Range<usize> {
        self.out.push_str(self.text.get(self.copied..at.start).unwrap_or_default());
        let start = self.out.len();
        self.out.push_str(with);
        let built = start..self.out.len();
        self.copied = at.end;
        let (inserted, written) = (range(&built), range(&at));
        self.built.replaced.push(Replaced { built: inserted, written });
        built
    }

    fn finish(mut self) -> Option<Built> {
        if self.built.replaced.is_empty() {
            return (!self.built.uses.is_empty()).then_some(self.built);
        }
        self.out.push_str(self.text.get(self.copied..).unwrap_or_default());
        self.built.text = Some(self.out);
        Some(self.built)
    }
}

/// Offsets fit: a text and what is built of it are 16 MB at most.
fn range(range: &Range<usize>) -> Range<u32> {
    let fits = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    fits(range.start)..fits(range.end)
}
