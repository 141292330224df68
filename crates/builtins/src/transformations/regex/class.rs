//! Character classes and the escapes that stand in and outside them.

use super::RegexError;
use super::translate::{DEPTH_LIMIT, Input, push_literal};

/// .NET's `\w`; the one of the `regex` crate holds more.
const WORD: &str = r"\p{L}\p{Mn}\p{Nd}\p{Pc}";
const NOT_WORD: &str = r"^\p{L}\p{Mn}\p{Nd}\p{Pc}";

/// The Unicode blocks that `\p{Is…}` may name here.
const BLOCKS: &[(&str, &str)] = &[
    ("IsBasicLatin", r"\x{0}-\x{7F}"),
    ("IsLatin-1Supplement", r"\x{80}-\x{FF}"),
    ("IsLatinExtended-A", r"\x{100}-\x{17F}"),
    ("IsLatinExtended-B", r"\x{180}-\x{24F}"),
    ("IsCombiningDiacriticalMarks", r"\x{300}-\x{36F}"),
    ("IsGreek", r"\x{370}-\x{3FF}"),
    ("IsGreekandCoptic", r"\x{370}-\x{3FF}"),
    ("IsCyrillic", r"\x{400}-\x{4FF}"),
    ("IsArmenian", r"\x{530}-\x{58F}"),
    ("IsHebrew", r"\x{590}-\x{5FF}"),
    ("IsArabic", r"\x{600}-\x{6FF}"),
    ("IsDevanagari", r"\x{900}-\x{97F}"),
    ("IsThai", r"\x{E00}-\x{E7F}"),
    ("IsGeneralPunctuation", r"\x{2000}-\x{206F}"),
    ("IsCurrencySymbols", r"\x{20A0}-\x{20CF}"),
    ("IsHiragana", r"\x{3040}-\x{309F}"),
    ("IsKatakana", r"\x{30A0}-\x{30FF}"),
    ("IsCJKUnifiedIdeographs", r"\x{4E00}-\x{9FFF}"),
    ("IsHangulSyllables", r"\x{AC00}-\x{D7AF}"),
];

/// What an escape means.
pub(super) enum Escape {
    Character(char),
    /// The inside of a class, perhaps with `^` in front.
    Set(String),
}

/// Reads what follows `[`, up to its `]`.
pub(super) fn parse(input: &mut Input<'_>, depth: usize) -> Result<String, RegexError> {
    if depth > DEPTH_LIMIT {
        return Err(RegexError::unsupported("its classes nest too deep"));
    }
    let not_closed = || RegexError::new("a class is not closed");
    let negated = if input.take("^") { "^" } else { "" };
    let mut set = String::new();
    let mut first = true;
    loop {
        let item = match input.next().ok_or_else(not_closed)? {
            ']' if !first => return Ok(format!("[{negated}{set}]")),
            '\\' => escape(input)?,
            '-' if !first && input.peek(0) == Some('[') => return subtraction(input, depth, negated, &set),
            other => Escape::Character(other),
        };
        first = false;
        match item {
            Escape::Set(it) if it.starts_with('^') => set.push_str(&format!("[{it}]")),
            Escape::Set(it) => set.push_str(&it),
            Escape::Character(low) if input.peek(0) == Some('-') && input.peek(1).is_some_and(|it| it != ']') => {
                input.next();
                if input.peek(0) == Some('[') {
                    push_literal(&mut set, low);
                    return subtraction(input, depth, negated, &set);
                }
                range(input, low, &mut set)?;
            }
            Escape::Character(it) => push_literal(&mut set, it),
        }
    }
}

fn range(input: &mut Input<'_>, low: char, set: &mut String) -> Result<(), RegexError> {
    let high = match input.next() {
        Some('\\') => escape(input)?,
        Some(other) => Escape::Character(other),
        None => return Err(RegexError::new("a class is not closed")),
    };
    match high {
        Escape::Character(high) if low <= high => {
            push_literal(set, low);
            set.push('-');
            push_literal(set, high);
            Ok(())
        }
        Escape::Character(_) => Err(RegexError::new("a range ends below its start")),
        Escape::Set(_) => Err(RegexError::new("a range ends with a set of characters")),
    }
}

/// `-[…]` at the end of a class takes characters away; the hyphen has been read.
fn subtraction(input: &mut Input<'_>, depth: usize, negated: &str, set: &str) -> Result<String, RegexError> {
    input.next();
    let taken = parse(input, depth + 1)?;
    if !input.take("]") {
        return Err(RegexError::new("a subtraction is not the last part of its class"));
    }
    Ok(format!("[[{negated}{set}]--{taken}]"))
}

/// Reads what follows `\`.
pub(super) fn escape(input: &mut Input<'_>) -> Result<Escape, RegexError> {
    if input.peek(0).is_some_and(|it| it.is_digit(8)) {
        let character = octal(input).ok_or_else(|| RegexError::new("an octal escape is too large"))?;
        return Ok(Escape::Character(character));
    }
    let Some(character) = input.next() else { return Err(RegexError::new("it ends with `\\`")) };
    let set = |it: &str| Ok(Escape::Set(it.to_owned()));
    match character {
        'd' => set(r"\p{Nd}"),
        'D' => set(r"^\p{Nd}"),
        'w' => set(WORD),
        'W' => set(NOT_WORD),
        's' => set(r"\s"),
        'S' => set(r"^\s"),
        'p' => property(input, ""),
        'P' => property(input, "^"),
        'a' => Ok(Escape::Character('\u{7}')),
        'b' => Ok(Escape::Character('\u{8}')),
        't' => Ok(Escape::Character('\t')),
        'r' => Ok(Escape::Character('\r')),
        'v' => Ok(Escape::Character('\u{B}')),
        'f' => Ok(Escape::Character('\u{C}')),
        'n' => Ok(Escape::Character('\n')),
        'e' => Ok(Escape::Character('\u{1B}')),
        'x' => hexadecimal(input, 2),
        'u' => hexadecimal(input, 4),
        'c' => control(input),
        other if other == '_' || other.is_alphanumeric() => {
            Err(RegexError::new(format!("`\\{other}` is no escape that is known")))
        }
        other => Ok(Escape::Character(other)),
    }
}

/// Up to three octal digits.
pub(super) fn octal(input: &mut Input<'_>) -> Option<char> {
    let mut value = 0;
    for _ in 0..3 {
        let Some(digit) = input.peek(0).and_then(|it| it.to_digit(8)) else { break };
        value = value * 8 + digit;
        input.next();
    }
    char::from_u32(value & 0xFF)
}

fn hexadecimal(input: &mut Input<'_>, digits: usize) -> Result<Escape, RegexError> {
    let mut value = 0;
    for _ in 0..digits {
        let digit = input.next().and_then(|it| it.to_digit(16));
        value = value * 16 + digit.ok_or_else(|| RegexError::new("a hexadecimal escape lacks digits"))?;
    }
    let character =
        char::from_u32(value).ok_or_else(|| RegexError::unsupported("surrogates can't be written as escapes"));
    character.map(Escape::Character)
}

fn control(input: &mut Input<'_>) -> Result<Escape, RegexError> {
    let letter = input.next().map(|it| it.to_ascii_uppercase()).filter(|it| ('@'..='_').contains(it));
    let code = letter.and_then(|it| char::from_u32(u32::from(it) - 64));
    code.map(Escape::Character).ok_or_else(|| RegexError::new("`\\c` is followed by no letter"))
}

fn property(input: &mut Input<'_>, negated: &str) -> Result<Escape, RegexError> {
    let mut name = String::new();
    if input.next() == Some('{') {
        while let Some(character) = input.next().filter(|it| *it != '}' && name.len() < 40) {
            name.push(character);
        }
    }
    if let Some((_, block)) = BLOCKS.iter().find(|(it, _)| *it == name) {
        return Ok(Escape::Set(format!("{negated}{block}")));
    }
    if CATEGORIES.contains(&name.as_str()) {
        return Ok(Escape::Set(format!(r"{negated}\p{{{name}}}")));
    }
    Err(RegexError::unsupported(format!("`\\p{{{name}}}` is no category or block that is supported")))
}

/// Unicode's general categories.
const CATEGORIES: &[&str] = &[
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
];
