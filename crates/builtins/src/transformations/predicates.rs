//! Predicates and predicate validations (reference "claims", sections 8 and 9): as a policy declares them, and
//! compiled.

use super::regex::{Regex, RegexErrorCause};
use super::utf16;
use crate::{DataType, Value};
use jiff::civil::Date;
use std::fmt;

/// A `PredicateValidation`: valid is what satisfies every group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateValidation {
    /// Its `PredicateGroups`.
    pub groups: Vec<PredicateGroup>,
}

/// A `PredicateGroup`: satisfied when each of its `PredicateReferences` is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateGroup {
    /// Its `PredicateReferences` elements.
    pub references: Vec<PredicateReferences>,
}

/// A `PredicateReferences`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateReferences {
    /// `MatchAtLeast`; without it all predicates must hold.
    pub match_at_least: Option<u32>,
    /// The predicates that are referred to.
    pub predicates: Vec<Predicate>,
}

/// A `Predicate` as the policy declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Predicate {
    /// Its `Id`.
    pub id: String,
    /// Its `Method`.
    pub method: String,
    /// Its parameters: `Id` and text.
    pub parameters: Vec<(String, String)>,
}

/// A predicate or a group that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("predicate `{predicate}`: {reason}")]
pub struct PredicateError {
    /// The predicate's id; empty when it is about `MatchAtLeast`.
    pub predicate: String,
    /// The parameter that is wrong, where it is one.
    pub parameter: Option<&'static str>,
    /// What is wrong.
    pub reason: String,
    /// Who refuses it.
    pub cause: RegexErrorCause,
}

/// The methods of predicates, each with its parameters, all of them required (reference "claims", section 8).
pub const METHODS: &[(&str, &[&str])] = &[
    ("IsLengthRange", &["Minimum", "Maximum"]),
    ("MatchesRegex", &["RegularExpression"]),
    ("IncludesCharacters", &["CharacterSet"]),
    ("IsDateRange", &["Minimum", "Maximum"]),
];

/// A predicate with its parameters parsed.
#[derive(Debug)]
pub struct CompiledPredicate(Test);

/// A predicate validation with all its parameters parsed: per `PredicateReferences`, how many must hold, and which.
#[derive(Debug)]
pub struct CompiledValidation(Vec<(usize, Vec<CompiledPredicate>)>);

enum Test {
    LengthRange { minimum: usize, maximum: usize },
    Regex(Box<Regex>),
    Characters(Vec<(u16, u16)>),
    DateRange { minimum: Day, maximum: Day },
}

#[derive(Clone, Copy)]
enum Day {
    Today,
    Date(Date),
}

impl Day {
    fn date(self, today: Date) -> Date {
        match self {
            Self::Today => today,
            Self::Date(it) => it,
        }
    }
}

impl PredicateValidation {
    /// Parses all parameters.
    ///
    /// # Errors
    /// A predicate is malformed, or `MatchAtLeast` is 0 or more than there are predicates.
    pub fn compile(&self) -> Result<CompiledValidation, PredicateError> {
        let references = self.groups.iter().flat_map(|it| &it.references);
        references.map(PredicateReferences::compile).collect::<Result<Vec<_>, _>>().map(CompiledValidation)
    }
}

impl CompiledValidation {
    /// Whether a text satisfies every group; `today` is what the word `Today` means.
    pub fn is_valid(&self, text: &str, today: Date) -> bool {
        let satisfied = |(needed, predicates): &(usize, Vec<CompiledPredicate>)| {
            predicates.iter().filter(|it| it.holds(text, today)).count() >= *needed
        };
        self.0.iter().all(satisfied)
    }
}

impl PredicateReferences {
    fn compile(&self) -> Result<(usize, Vec<CompiledPredicate>), PredicateError> {
        let predicates = self.predicates.iter().map(Predicate::compile).collect::<Result<Vec<_>, _>>()?;
        let all = predicates.len();
        let needed = self.match_at_least.map_or(all, |it| usize::try_from(it).unwrap_or(usize::MAX));
        if self.match_at_least.is_some() && !(1..=all).contains(&needed) {
            let reason = format!("`MatchAtLeast` is {needed}, and there are {all} predicates");
            let cause = RegexErrorCause::Invalid;
            return Err(PredicateError { predicate: String::new(), parameter: None, reason, cause });
        }
        Ok((needed, predicates))
    }
}

impl Predicate {
    /// Parses the parameters.
    ///
    /// # Errors
    /// The method is unknown, or a parameter is missing or malformed.
    pub fn compile(&self) -> Result<CompiledPredicate, PredicateError> {
        let test = match self.method.as_str() {
            "IsLengthRange" => self.length_range(),
            "MatchesRegex" => {
                let regex = Regex::new(self.parameter("RegularExpression")?);
                regex.map(|it| Test::Regex(Box::new(it))).map_err(|it| PredicateError {
                    cause: it.cause,
                    ..self.error("RegularExpression", format!("the expression {it}"))
                })
            }
            "IncludesCharacters" => {
                character_set(self.parameter("CharacterSet")?).map_err(|it| self.error("CharacterSet", it))
            }
            "IsDateRange" => self.date_range(),
            _ => Err(self.error(None, "there is no such method")),
        };
        test.map(CompiledPredicate)
    }

    fn length_range(&self) -> Result<Test, PredicateError> {
        let number = |name: &'static str| {
            let text = self.parameter(name)?.trim();
            text.parse::<usize>().map_err(|_| self.error(name, format!("`{name}` is no whole number")))
        };
        let (minimum, maximum) = (number("Minimum")?, number("Maximum")?);
        if minimum > maximum {
            return Err(self.error("Minimum", "`Minimum` is larger than `Maximum`"));
        }
        Ok(Test::LengthRange { minimum, maximum })
    }

    fn date_range(&self) -> Result<Test, PredicateError> {
        let day = |name: &'static str| {
            let text = self.parameter(name)?.trim();
            let word = text.eq_ignore_ascii_case("Today").then_some(Day::Today);
            let day = word.or_else(|| date(text).map(Day::Date));
            day.ok_or_else(|| self.error(name, format!("`{name}` is neither a day as `yyyy-mm-dd` nor `Today`")))
        };
        Ok(Test::DateRange { minimum: day("Minimum")?, maximum: day("Maximum")? })
    }

    fn parameter(&self, name: &str) -> Result<&str, PredicateError> {
        let found = self.parameters.iter().find(|(id, _)| id == name);
        found.map(|(_, text)| text.as_str()).ok_or_else(|| self.error(None, format!("it has no parameter `{name}`")))
    }

    fn error(&self, parameter: impl Into<Option<&'static str>>, reason: impl Into<String>) -> PredicateError {
        PredicateError {
            predicate: self.id.clone(),
            parameter: parameter.into(),
            reason: reason.into(),
            cause: RegexErrorCause::Invalid,
        }
    }
}

impl CompiledPredicate {
    /// Whether it holds for a text; `today` is what the word `Today` means.
    pub fn holds(&self, text: &str, today: Date) -> bool {
        match &self.0 {
            Test::LengthRange { minimum, maximum } => (*minimum..=*maximum).contains(&utf16::length(text)),
            // An expression that reaches its limit does not accept.
            Test::Regex(regex) => regex.is_match(text).unwrap_or(false),
            Test::Characters(ranges) => {
                text.encode_utf16().any(|unit| ranges.iter().any(|(low, high)| (*low..=*high).contains(&unit)))
            }
            Test::DateRange { minimum, maximum } => {
                date(text).is_some_and(|it| (minimum.date(today)..=maximum.date(today)).contains(&it))
            }
        }
    }
}

fn date(text: &str) -> Option<Date> {
    match Value::parse(DataType::Date, text) {
        Ok(Value::Date(it)) => Some(it),
        _ => None,
    }
}

/// Ranges `x-y` of UTF-16 units and single characters. Only `\\` and `\-` are escapes, as observed at upload
/// (MicrosoftDocs/azure-docs issue 40785); a hyphen at either end is itself.
fn character_set(text: &str) -> Result<Test, &'static str> {
    let mut units = Vec::new();
    let mut escaped = false;
    for unit in text.encode_utf16() {
        match (escaped, u8::try_from(unit)) {
            (false, Ok(b'\\')) => escaped = true,
            (true, Ok(b'\\' | b'-')) => {
                units.push((unit, true));
                escaped = false;
            }
            (true, _) => return Err("`CharacterSet` has a backslash before something other than `\\` and `-`"),
            (false, _) => units.push((unit, false)),
        }
    }
    if escaped {
        return Err("`CharacterSet` ends with a backslash");
    }
    let hyphen = (u16::from(b'-'), false);
    let mut ranges = Vec::new();
    let mut rest = units.as_slice();
    loop {
        rest = match rest {
            [low, middle, high, after @ ..] if *middle == hyphen => {
                if low.0 > high.0 {
                    return Err("`CharacterSet` has a range that ends below its start");
                }
                ranges.push((low.0, high.0));
                after
            }
            [single, after @ ..] => {
                ranges.push((single.0, single.0));
                after
            }
            [] => return Ok(Test::Characters(ranges)),
        };
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LengthRange { .. } => "IsLengthRange",
            Self::Regex(_) => "MatchesRegex",
            Self::Characters(_) => "IncludesCharacters",
            Self::DateRange { .. } => "IsDateRange",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicate(method: &str, parameters: &[(&str, &str)]) -> Predicate {
        let parameters = parameters.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        Predicate { id: "Test".into(), method: method.into(), parameters }
    }

    fn holds(predicate: &Predicate, text: &str) -> bool {
        predicate.compile().unwrap().holds(text, Date::constant(2024, 6, 1))
    }

    /// The vectors of the reference "claims", section 8.
    #[test]
    fn each_method_has_its_verdicts() {
        let length = predicate("IsLengthRange", &[("Minimum", "5"), ("Maximum", "15")]);
        for (text, expected) in
            [("abc", false), ("abcde", true), ("123456789012345", true), ("1234567890123456", false), ("", false)]
        {
            assert_eq!(holds(&length, text), expected, "{text}");
        }
        let letters = predicate("IncludesCharacters", &[("CharacterSet", "a-z")]);
        for (text, expected) in [("ABC", false), ("ABc", true), ("é", false), ("", false)] {
            assert_eq!(holds(&letters, text), expected, "{text}");
        }
        let symbols = predicate("IncludesCharacters", &[("CharacterSet", r#"@#$%^&*\-_+=[]{}|\\:',?/`~"();!."#)]);
        for (text, expected) in
            [("a!", true), ("a]", true), (r"a\", true), ("a-", true), ("abc", false), ("a b", false)]
        {
            assert_eq!(holds(&symbols, text), expected, "{text}");
        }
        let range = predicate("IsDateRange", &[("Minimum", "2010-01-01"), ("Maximum", "today")]);
        for (text, expected) in
            [("2009-12-31", false), ("2010-01-01", true), ("2024-06-01", true), ("2024-06-02", false), ("x", false)]
        {
            assert_eq!(holds(&range, text), expected, "{text}");
        }
    }

    /// The table of the reference "claims", section 9.
    #[test]
    fn groups_must_all_be_satisfied() {
        let class = |set| predicate("IncludesCharacters", &[("CharacterSet", set)]);
        let length = predicate("IsLengthRange", &[("Minimum", "8"), ("Maximum", "64")]);
        let group = |match_at_least, predicates| PredicateGroup {
            references: vec![PredicateReferences { match_at_least, predicates }],
        };
        let classes = vec![class("a-z"), class("A-Z"), class("0-9"), class("!#")];
        let validation =
            PredicateValidation { groups: vec![group(None, vec![length]), group(Some(3), classes.clone())] };
        let compiled = validation.compile().unwrap();
        for (text, expected) in [
            ("abc", false),
            ("abcdefgh", false),
            ("Abcdefg1", true),
            ("abcdefg1", false),
            ("Passw0rd!", true),
            ("Ab1", false),
        ] {
            assert_eq!(compiled.is_valid(text, Date::constant(2024, 6, 1)), expected, "{text}");
        }
        for wrong in [0, 5] {
            let validation = PredicateValidation { groups: vec![group(Some(wrong), classes.clone())] };
            assert!(validation.compile().is_err());
        }
        assert!(PredicateValidation::default().compile().unwrap().is_valid("", Date::constant(2024, 6, 1)));
    }

    #[test]
    fn malformed_predicates_are_refused() {
        for (method, parameters) in [
            ("IsLengthRange", &[("Minimum", "5")][..]),
            ("IsLengthRange", &[("Minimum", "5"), ("Maximum", "4")]),
            ("IsLengthRange", &[("Minimum", "x"), ("Maximum", "4")]),
            ("MatchesRegex", &[("RegularExpression", "(")]),
            ("IncludesCharacters", &[("CharacterSet", r"\[")]),
            ("IncludesCharacters", &[("CharacterSet", "z-a")]),
            ("IsDateRange", &[("Minimum", "2010-01-01"), ("Maximum", "tomorrow")]),
            ("IsPrime", &[]),
        ] {
            assert!(predicate(method, parameters).compile().is_err(), "{method} {parameters:?}");
        }
    }
}
