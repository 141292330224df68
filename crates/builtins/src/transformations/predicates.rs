//! Predicates and predicate validations (reference "claims", sections 8 and 9): as a policy declares them, and
//! compiled.

use super::regex::{Regex, RegexErrorCause};
use super::utf16;
use crate::{DataType, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

/// The methods of predicates, and the ids of their parameters, all of which are required.
pub const METHODS: &[(&str, &[&str])] = &[
    ("IncludesCharacters", &["CharacterSet"]),
    ("IsDateRange", &["Minimum", "Maximum"]),
    ("IsLengthRange", &["Minimum", "Maximum"]),
    ("MatchesRegex", &["RegularExpression"]),
];

/// A `PredicateValidation`, or an `InputValidation` (whose `PredicateReferences` are a group each): valid is what
/// satisfies every group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateValidation {
    /// Its `Id`.
    pub id: String,
    /// Its groups.
    pub groups: Vec<PredicateGroup>,
}

/// A `PredicateGroup`: satisfied when each of its `PredicateReferences` is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateGroup {
    /// Its `Id`.
    pub id: String,
    /// Its `UserHelpText`: the heading of its messages.
    pub user_help_text: Option<String>,
    /// Its `PredicateReferences` elements.
    pub references: Vec<PredicateReferences>,
}

/// A `PredicateReferences`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredicateReferences {
    /// `MatchAtLeast`; without it all predicates must hold.
    pub match_at_least: Option<i64>,
    /// `Reject`, which the schema has and no page describes: it is refused.
    pub reject: bool,
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
    /// What is told to who enters a text for which it doesn't hold: `HelpText`, else `UserHelpText`.
    pub help_text: Option<String>,
    /// Its parameters: `Id` and text.
    pub parameters: Vec<(String, String)>,
}

/// A predicate or a group that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("predicate `{predicate}`: {reason}")]
pub struct PredicateError {
    /// The predicate's id; of a group the first.
    pub predicate: String,
    /// The parameter that is wrong, where it is one.
    pub parameter: Option<&'static str>,
    /// What is wrong.
    pub reason: String,
    /// Who refuses it.
    pub cause: RegexErrorCause,
}

/// A predicate with its parameters parsed.
#[derive(Debug)]
pub struct CompiledPredicate {
    id: String,
    help_text: Option<String>,
    test: Test,
}

/// A predicate validation with all its parameters parsed.
#[derive(Debug)]
pub struct CompiledValidation {
    /// Its `Id`.
    pub id: String,
    groups: Vec<CompiledGroup>,
}

/// A group: per `PredicateReferences`, how many predicates must hold, and which there are.
#[derive(Debug)]
struct CompiledGroup {
    id: String,
    user_help_text: Option<String>,
    references: Vec<(usize, Vec<CompiledPredicate>)>,
}

/// A group that a text does not satisfy.
#[derive(Debug)]
pub struct FailedGroup<'a> {
    /// Its `Id`.
    pub id: &'a str,
    /// Its `UserHelpText`.
    pub user_help_text: Option<&'a str>,
    /// The predicates that don't hold, of the references that are not satisfied: with `MatchAtLeast`, what is still open.
    pub predicates: Vec<&'a CompiledPredicate>,
}

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
    /// One group of these predicates.
    pub fn of(match_at_least: Option<i64>, predicates: Vec<Predicate>) -> Self {
        let references = PredicateReferences { match_at_least, predicates, ..PredicateReferences::default() };
        let group = PredicateGroup { references: vec![references], ..PredicateGroup::default() };
        Self { groups: vec![group], ..Self::default() }
    }

    /// Parses all parameters.
    ///
    /// # Errors
    /// A predicate is malformed, or `MatchAtLeast` is 0 or more than there are predicates.
    pub fn compile(&self) -> Result<CompiledValidation, PredicateError> {
        let groups = self.groups.iter().map(PredicateGroup::compile).collect::<Result<_, _>>()?;
        Ok(CompiledValidation { id: self.id.clone(), groups })
    }
}

impl CompiledValidation {
    /// Whether a text satisfies every group; `today` is what the word `Today` means.
    pub fn is_valid(&self, text: &str, today: Date) -> bool {
        self.failed_groups(text, today).is_empty()
    }

    /// The groups that a text does not satisfy, in the order of the policy.
    pub fn failed_groups(&self, text: &str, today: Date) -> Vec<FailedGroup<'_>> {
        self.groups.iter().filter_map(|it| it.failed(text, today)).collect()
    }
}

impl PredicateGroup {
    fn compile(&self) -> Result<CompiledGroup, PredicateError> {
        let references = self.references.iter().map(PredicateReferences::compile).collect::<Result<_, _>>()?;
        Ok(CompiledGroup { id: self.id.clone(), user_help_text: self.user_help_text.clone(), references })
    }
}

impl CompiledGroup {
    fn failed(&self, text: &str, today: Date) -> Option<FailedGroup<'_>> {
        let mut failed = None;
        for (needed, all) in &self.references {
            let false_ones: Vec<_> = all.iter().filter(|it| !it.holds(text, today)).collect();
            if all.len() - false_ones.len() < *needed {
                failed.get_or_insert_with(Vec::new).extend(false_ones);
            }
        }
        let user_help_text = self.user_help_text.as_deref();
        failed.map(|predicates| FailedGroup { id: &self.id, user_help_text, predicates })
    }
}

impl PredicateReferences {
    fn compile(&self) -> Result<(usize, Vec<CompiledPredicate>), PredicateError> {
        let predicates = self.predicates.iter().map(Predicate::compile).collect::<Result<Vec<_>, _>>()?;
        let all = predicates.len();
        if self.reject {
            return Err(self.refused("what `Reject` does is documented nowhere".to_owned()));
        }
        let Some(written) = self.match_at_least else { return Ok((all, predicates)) };
        match usize::try_from(written) {
            Ok(needed) if (1..=all).contains(&needed) => Ok((needed, predicates)),
            _ => Err(self.refused(format!("`MatchAtLeast` of its group is {written}; it must be 1 to {all}"))),
        }
    }

    fn refused(&self, reason: String) -> PredicateError {
        let predicate = self.predicates.first().map_or_else(String::new, |it| it.id.clone());
        PredicateError { predicate, parameter: None, reason, cause: RegexErrorCause::Invalid }
    }
}

impl Predicate {
    /// A predicate that is called as its method.
    pub fn new(method: &str, parameters: Vec<(String, String)>) -> Self {
        Self { id: method.to_owned(), method: method.to_owned(), parameters, ..Self::default() }
    }

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
        test.map(|test| CompiledPredicate { id: self.id.clone(), help_text: self.help_text.clone(), test })
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
    /// Its `Id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is told to who enters a text for which it doesn't hold.
    pub fn help_text(&self) -> Option<&str> {
        self.help_text.as_deref()
    }

    /// Whether it holds for a text; `today` is what the word `Today` means.
    pub fn holds(&self, text: &str, today: Date) -> bool {
        match &self.test {
            Test::LengthRange { minimum, maximum } => (*minimum..=*maximum).contains(&utf16::length(text)),
            // An expression that reaches its limit does not accept.
            Test::Regex(regex) => regex.is_match(text).unwrap_or(false),
            Test::Characters(ranges) => {
                text.encode_utf16().any(|unit| ranges.iter().any(|(low, high)| (*low..=*high).contains(&unit)))
            }
            Test::DateRange { minimum, maximum } => {
                day(text).is_some_and(|it| (minimum.date(today)..=maximum.date(today)).contains(&it))
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

/// The day that a text names: of a dateTime the one in UTC (not documented, so chosen).
fn day(text: &str) -> Option<Date> {
    date(text).or_else(|| match Value::parse(DataType::DateTime, text) {
        Ok(Value::DateTime(it)) => Some(TimeZone::UTC.to_datetime(it).date()),
        _ => None,
    })
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
