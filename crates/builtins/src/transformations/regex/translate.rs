//! Rewrites the .NET notation. Everything is written out in the most explicit form that `fancy-regex` has, so that no
//! character means something by accident.

use super::RegexError;
use super::class;
use std::collections::HashSet;
use std::fmt::Write as _;

/// How deep groups and classes may nest.
pub(super) const DEPTH_LIMIT: usize = 50;
/// The largest repetition.
const REPETITION_LIMIT: u32 = 1_000;

/// What `$` is outside the mode `m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dollar {
    /// The end of the text.
    End,
    /// The end of the text, or before a line feed there.
    EndOrLineFeed,
}

#[derive(Debug)]
pub(super) struct Translated {
    pub pattern: String,
    pub has_dollar: bool,
    /// Whether something in it can't be matched in linear time.
    pub backtracks: bool,
    /// How many atoms there are when every counted repetition is written out.
    pub weight: usize,
    pub names: Vec<String>,
}

pub(super) fn translate(pattern: &str, dollar: Dollar) -> Result<Translated, RegexError> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut translator = Translator {
        input: Input { characters: &characters },
        out: String::with_capacity(pattern.len() * 2),
        dollar,
        modes: vec![Modes::default()],
        groups: 0,
        references: Vec::new(),
        repeatable: Repeatable::No,
        weights: vec![0],
        last_weight: 0,
        result: Translated {
            pattern: String::new(),
            has_dollar: false,
            backtracks: false,
            weight: 0,
            names: Vec::new(),
        },
    };
    translator.all()?;
    translator.finish()
}

/// What is left of the expression.
pub(super) struct Input<'a> {
    pub characters: &'a [char],
}

impl Input<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(ahead).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let (first, rest) = self.characters.split_first()?;
        self.characters = rest;
        Some(*first)
    }

    pub(super) fn take(&mut self, expected: &str) -> bool {
        let found = expected.chars().enumerate().all(|(index, it)| self.peek(index) == Some(it));
        if found {
            self.skip(expected.chars().count());
        }
        found
    }

    fn skip(&mut self, count: usize) {
        self.characters = self.characters.get(count..).unwrap_or_default();
    }

    fn until(&mut self, end: char) -> Option<String> {
        let length = self.characters.iter().position(|it| *it == end)?;
        let text = self.characters.get(..length)?.iter().collect();
        self.skip(length + 1);
        Some(text)
    }
}

/// The options that are in force: .NET's letters.
#[derive(Clone, Copy, Default)]
struct Modes {
    multiline: bool,
    explicit_capture: bool,
    free_spacing: bool,
}

/// Whether a quantifier may come now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeatable {
    No,
    Yes,
    /// There was one already.
    Quantified,
}

struct Translator<'a> {
    input: Input<'a>,
    out: String,
    dollar: Dollar,
    /// The modes of each open group; the first is the whole expression's.
    modes: Vec<Modes>,
    /// Unnamed groups so far.
    groups: usize,
    /// Groups that are referred to by number or by name.
    references: Vec<Result<usize, String>>,
    repeatable: Repeatable,
    /// The weight of each open group, and that of the atom before the place.
    weights: Vec<usize>,
    last_weight: usize,
    result: Translated,
}

impl Translator<'_> {
    fn all(&mut self) -> Result<(), RegexError> {
        while let Some(character) = self.input.next() {
            let modes = self.modes.last().copied().unwrap_or_default();
            match character {
                ' ' | '\t' | '\r' | '\n' | '\x0B' | '\x0C' if modes.free_spacing => {}
                '#' if modes.free_spacing => {
                    if self.input.until('\n').is_none() {
                        self.input.characters = &[];
                    }
                }
                '\\' => self.escape()?,
                '[' => {
                    let class = class::parse(&mut self.input, 0)?;
                    self.atom(&class);
                }
                '(' => self.open(modes)?,
                ')' => self.close()?,
                '|' => {
                    self.out.push('|');
                    self.repeatable = Repeatable::No;
                }
                '^' => self.atom(if modes.multiline { "(?m:^)" } else { r"\A" }),
                '$' => self.dollar(modes),
                '.' => self.atom("."),
                '*' | '+' | '?' => self.quantifier(&character.to_string(), 1)?,
                '{' => match self.braces()? {
                    Some((quantifier, most)) => self.quantifier(&quantifier, most)?,
                    None => self.atom(r"\{"),
                },
                other => self.literal(other),
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Translated, RegexError> {
        if self.modes.len() != 1 {
            return Err(RegexError::new("a group is not closed"));
        }
        let unnamed = self.groups;
        let names: HashSet<&String> = self.result.names.iter().collect();
        for reference in &self.references {
            let known = match reference {
                Ok(number) => (1..=unnamed).contains(number),
                Err(name) => names.contains(name),
            };
            if !known {
                return Err(RegexError::new("it refers to a group that it doesn't have"));
            }
        }
        self.result.weight = self.weights.first().copied().unwrap_or_default();
        self.result.pattern = self.out;
        Ok(self.result)
    }

    fn atom(&mut self, text: &str) {
        self.out.push_str(text);
        self.add_weight(1);
        self.repeatable = Repeatable::Yes;
    }

    fn add_weight(&mut self, weight: usize) {
        self.last_weight = weight;
        if let Some(it) = self.weights.last_mut() {
            *it = it.saturating_add(weight);
        }
    }

    fn literal(&mut self, character: char) {
        push_literal(&mut self.out, character);
        self.add_weight(1);
        self.repeatable = Repeatable::Yes;
    }

    fn dollar(&mut self, modes: Modes) {
        self.result.has_dollar |= !modes.multiline;
        match (modes.multiline, self.dollar) {
            (true, _) => self.atom("(?m:$)"),
            (false, Dollar::End) => self.atom(r"\z"),
            (false, Dollar::EndOrLineFeed) => self.atom(r"(?=\n?\z)"),
        }
    }

    /// What follows `\` outside a class.
    fn escape(&mut self) -> Result<(), RegexError> {
        let Some(character) = self.input.peek(0) else { return Err(RegexError::new("it ends with `\\`")) };
        let anchor = match character {
            'A' | 'G' => Some(r"\A"),
            'z' => Some(r"\z"),
            'b' => Some(r"\b"),
            'B' => Some(r"\B"),
            _ => None,
        };
        if let Some(anchor) = anchor {
            self.input.next();
            self.atom(anchor);
            return Ok(());
        }
        match character {
            'Z' => {
                self.input.next();
                self.dollar(Modes::default());
            }
            'k' => self.named_reference()?,
            '1'..='9' => self.numbered_reference()?,
            _ => match class::escape(&mut self.input)? {
                class::Escape::Character(it) => self.literal(it),
                class::Escape::Set(set) => self.atom(&format!("[{set}]")),
            },
        }
        Ok(())
    }

    fn named_reference(&mut self) -> Result<(), RegexError> {
        self.input.next();
        let name = match self.input.next() {
            Some('<') => self.input.until('>'),
            Some('\'') => self.input.until('\''),
            _ => None,
        };
        let name = name.ok_or_else(|| RegexError::new("`\\k` is followed by no name"))?;
        match name.parse::<usize>() {
            Ok(number) => self.reference_to(number),
            Err(_) => {
                let text = format!(r"\k<{name}>");
                self.references.push(Err(name));
                self.result.backtracks = true;
                self.atom(&text);
            }
        }
        Ok(())
    }

    /// One digit always refers to a group. Several do when there are that many groups so far; else they are octal.
    fn numbered_reference(&mut self) -> Result<(), RegexError> {
        let digits: String = self.input.characters.iter().take_while(|it| it.is_ascii_digit()).take(9).collect();
        let number = digits.parse::<usize>().unwrap_or_default();
        if digits.len() == 1 || number <= self.groups {
            self.input.skip(digits.len());
            self.reference_to(number);
            return Ok(());
        }
        match class::octal(&mut self.input) {
            Some(it) => self.literal(it),
            None => return Err(RegexError::new("it refers to a group that it doesn't have")),
        }
        Ok(())
    }

    fn reference_to(&mut self, number: usize) {
        self.references.push(Ok(number));
        self.result.backtracks = true;
        self.atom(&format!(r"\k<{}>", unnamed(number)));
    }

    /// What follows `(`.
    fn open(&mut self, modes: Modes) -> Result<(), RegexError> {
        if self.modes.len() > DEPTH_LIMIT {
            return Err(RegexError::unsupported("its groups nest too deep"));
        }
        if self.input.take("?#") {
            let comment = self.input.until(')');
            return comment.map(|_| ()).ok_or_else(|| RegexError::new("a comment is not closed"));
        }
        self.repeatable = Repeatable::No;
        if !self.input.take("?") {
            if modes.explicit_capture {
                self.out.push_str("(?:");
            } else {
                self.groups += 1;
                let _ = write!(self.out, "(?<{}>", unnamed(self.groups));
            }
            self.open_group(modes);
            return Ok(());
        }
        for plain in [":", "=", "!", "<=", "<!", ">"] {
            if self.input.take(plain) {
                self.result.backtracks |= plain != ":";
                self.out.push_str("(?");
                self.out.push_str(plain);
                self.open_group(modes);
                return Ok(());
            }
        }
        match self.input.peek(0) {
            Some('<') => self.named_group('>', modes),
            Some('\'') => self.named_group('\'', modes),
            Some('(') => Err(RegexError::unsupported("conditionals are not supported")),
            Some(_) => self.options(modes),
            None => Err(RegexError::new("a group is not closed")),
        }
    }

    fn open_group(&mut self, modes: Modes) {
        self.modes.push(modes);
        self.weights.push(0);
    }

    fn named_group(&mut self, end: char, modes: Modes) -> Result<(), RegexError> {
        self.input.next();
        let name = self.input.until(end).ok_or_else(|| RegexError::new("a group's name is not closed"))?;
        let word = |it: char| it == '_' || it.is_alphanumeric();
        if name.is_empty() || name.starts_with(|it: char| it.is_ascii_digit()) || !name.chars().all(word) {
            return Err(RegexError::unsupported(format!("`{name}` is no group name that is supported")));
        }
        if name.starts_with(UNNAMED) || self.result.names.contains(&name) {
            return Err(RegexError::unsupported(format!("a second group is called `{name}`")));
        }
        let _ = write!(self.out, "(?<{name}>");
        self.result.names.push(name);
        self.open_group(modes);
        Ok(())
    }

    /// `(?imnsx-imnsx)` or `(?imnsx-imnsx:`; `i` and `s` are left to the engine.
    fn options(&mut self, modes: Modes) -> Result<(), RegexError> {
        let (mut modes, mut on) = (modes, true);
        let (mut set, mut cleared) = (String::new(), String::new());
        loop {
            match self.input.next() {
                Some('m' | 'M') => modes.multiline = on,
                Some('n' | 'N') => modes.explicit_capture = on,
                Some('x' | 'X') => modes.free_spacing = on,
                Some('i' | 'I') => if on { &mut set } else { &mut cleared }.push('i'),
                Some('s' | 'S') => if on { &mut set } else { &mut cleared }.push('s'),
                Some('+') => on = true,
                Some('-') => on = false,
                Some(end @ (')' | ':')) => {
                    let minus = if cleared.is_empty() { "" } else { "-" };
                    if end == ':' || !(set.is_empty() && cleared.is_empty()) {
                        let _ = write!(self.out, "(?{set}{minus}{cleared}{end}");
                    }
                    match (end, self.modes.last_mut()) {
                        (')', Some(current)) => *current = modes,
                        _ => self.open_group(modes),
                    }
                    return Ok(());
                }
                _ => {
                    return Err(RegexError::unsupported(
                        "a group begins with `(?` and something that is not supported",
                    ));
                }
            }
        }
    }

    fn close(&mut self) -> Result<(), RegexError> {
        if self.modes.len() < 2 {
            return Err(RegexError::new("`)` closes nothing"));
        }
        self.modes.pop();
        self.out.push(')');
        let weight = self.weights.pop().unwrap_or_default().max(1);
        self.add_weight(weight);
        self.repeatable = Repeatable::Yes;
        Ok(())
    }

    /// `n}`, `n,}` or `n,m}` after `{`; anything else is text in .NET.
    fn braces(&mut self) -> Result<Option<(String, u32)>, RegexError> {
        let Some(length) = self.input.characters.iter().position(|it| *it == '}') else { return Ok(None) };
        let text: String = self.input.characters.iter().take(length.min(32)).collect();
        let (low, high) = text.split_once(',').map_or((text.as_str(), None), |(low, high)| (low, Some(high)));
        let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
        if length > 32 || low.is_empty() || !digits(low) || !high.is_none_or(digits) {
            return Ok(None);
        }
        let number = |it: &str| it.parse::<u32>().ok().filter(|it| *it <= REPETITION_LIMIT);
        let too_large = || RegexError::unsupported("a repetition is larger than 1000");
        let low = number(low).ok_or_else(too_large)?;
        let high = high.filter(|it| !it.is_empty()).map(|it| number(it).ok_or_else(too_large)).transpose()?;
        if high.is_some_and(|high| high < low) {
            return Err(RegexError::new("a repetition ends below its start"));
        }
        self.input.skip(length + 1);
        Ok(Some(match high {
            Some(high) => (format!("{{{low},{high}}}"), high),
            None if text.contains(',') => (format!("{{{low},}}"), low + 1),
            None => (format!("{{{low}}}"), low),
        }))
    }

    fn quantifier(&mut self, text: &str, most: u32) -> Result<(), RegexError> {
        match self.repeatable {
            Repeatable::Yes => {}
            Repeatable::No => return Err(RegexError::new("a quantifier follows nothing")),
            Repeatable::Quantified => return Err(RegexError::new("a quantifier follows a quantifier")),
        }
        let times = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        self.add_weight(self.last_weight.saturating_mul(times - 1));
        self.out.push_str(text);
        if self.input.take("?") {
            self.out.push('?');
        }
        self.repeatable = Repeatable::Quantified;
        Ok(())
    }
}

/// Unnamed groups get names too: .NET numbers them before the named ones, `fancy-regex` in between.
const UNNAMED: &str = "__unnamed";

fn unnamed(number: usize) -> String {
    format!("{UNNAMED}{number}")
}

/// A character that means itself, in and outside a class.
pub(super) fn push_literal(out: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || !character.is_ascii() {
        out.push(character);
    } else {
        // Writing to a `String` never fails.
        let _ = write!(out, r"\x{:02X}", u32::from(character));
    }
}
