//! How .NET compares texts without a culture (reference, R11): code unit by code unit, or after mapping each unit to
//! upper case on its own.

use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use crate::DataType;

/// A .NET `StringComparison`, as far as policies can name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Ordinal,
    OrdinalIgnoreCase,
}

/// The words of `stringComparison`.
pub(crate) const COMPARISONS: &[(&str, Comparison)] =
    &[("Ordinal", Comparison::Ordinal), ("OrdinalIgnoreCase", Comparison::OrdinalIgnoreCase)];

impl Comparison {
    pub(crate) fn equal(self, left: &str, right: &str) -> bool {
        match self {
            Self::Ordinal => left == right,
            Self::OrdinalIgnoreCase if left.is_ascii() && right.is_ascii() => left.eq_ignore_ascii_case(right),
            Self::OrdinalIgnoreCase => left == right || left.chars().map(upper).eq(right.chars().map(upper)),
        }
    }
}

/// The parameter `ignoreCase`, which the service reads as text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum IgnoreCase {
    Compare(Comparison),
    /// Declared with `DataType="boolean"`: accepted at upload, and then every call fails (R4).
    CastError,
}

impl IgnoreCase {
    pub(crate) fn read(preparation: &Preparation<'_>) -> Result<Self, ParameterFailure> {
        if preparation.parameter("ignoreCase").is_some_and(|it| it.data_type == DataType::Boolean) {
            return Ok(Self::CastError);
        }
        let ignore = preparation.boolean("ignoreCase")?;
        Ok(Self::Compare(if ignore { Comparison::OrdinalIgnoreCase } else { Comparison::Ordinal }))
    }

    pub(crate) fn comparison(self) -> Result<Comparison, Failure> {
        match self {
            Self::Compare(it) => Ok(it),
            Self::CastError => Err(Failure::new(
                "parameter `ignoreCase` is declared as boolean and can't be cast to string; use DataType=\"string\"",
            )),
        }
    }
}

/// The upper case of each character on its own, without a culture.
pub(crate) fn upper_text(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(upper).collect() }
}

/// The lower case of each character on its own, without a culture.
pub(crate) fn lower_text(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(lower).collect() }
}

/// The simple upper-case mapping of one UTF-16 unit. Characters of two units have none here, and neither have `ı` and
/// `ſ`, whose mapping would turn them into ASCII letters: .NET leaves all of these alone.
fn upper(character: char) -> char {
    match character {
        'ı' | 'ſ' | '\u{10000}'.. => character,
        // Their full mapping is two characters; their simple one is the form with iota adscript.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(character, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(character, 9),
        _ => single(character.to_uppercase(), character),
    }
}

fn lower(character: char) -> char {
    match character {
        'İ' | '\u{10000}'.. => character,
        _ => single(character.to_lowercase(), character),
    }
}

fn shifted(character: char, by: u32) -> char {
    char::from_u32(u32::from(character) + by).unwrap_or(character)
}

/// A mapping to exactly one character, else the character itself (`ß` has no single upper case).
fn single(mut mapped: impl Iterator<Item = char>, character: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(it), None) => it,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_simple_upper_case() {
        let equal = |left, right| Comparison::OrdinalIgnoreCase.equal(left, right);
        assert!(equal("abc", "ABC"));
        assert!(equal("éàñ", "ÉÀÑ"));
        assert!(equal("σς", "ΣΣ"), "both sigmas have one upper case");
        assert!(!equal("ß", "SS"));
        assert!(!equal("İ", "i"));
        assert!(!equal("ı", "I"));
        assert!(!equal("ſ", "s"));
        assert!(!equal("é", "e\u{301}"), "nothing is normalized");
        assert!(equal("ᾳ", "ᾼ"));
        assert!(equal("ᾀ", "ᾈ"));
        assert!(!equal("\u{10428}", "\u{10400}"), "a surrogate has no case");
        assert!(!Comparison::Ordinal.equal("a", "A"));
    }

    #[test]
    fn cases_are_mapped_character_by_character() {
        assert_eq!(upper_text("straße ŉ ﬁ"), "STRAßE ŉ ﬁ");
        assert_eq!(lower_text("ΑΣ İI K"), "ασ İi k");
    }

    proptest::proptest! {
        #[test]
        fn equality_is_that_of_the_upper_case(left in "[aAéÉßİıſσςΣ]{0,3}", right in "[aAéÉßİıſσςΣ]{0,3}") {
            let equal = Comparison::OrdinalIgnoreCase.equal(&left, &right);
            proptest::prop_assert_eq!(equal, upper_text(&left) == upper_text(&right));
        }

        #[test]
        fn mapping_twice_changes_nothing(text in ".{0,16}") {
            let upper = upper_text(&text);
            proptest::prop_assert_eq!(upper_text(&upper), upper);
            let lower = lower_text(&text);
            proptest::prop_assert_eq!(lower_text(&lower), lower);
        }
    }
}
