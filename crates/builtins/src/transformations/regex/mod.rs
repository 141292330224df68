//! .NET regular expressions (reference "claims", section 11; "claims transformations", R13).
//!
//! Policies are written for .NET: with look-around, back-references and named groups, which leaves out engines that
//! are linear by design. `fancy-regex` does the matching: it gives what needs no backtracking to the linear engine of
//! the `regex` crate and counts the steps of the rest, so that a catastrophic expression ends. (`regress`, the other
//! candidate, follows ECMAScript, has neither class subtraction nor a limit of steps.) This module rewrites the .NET
//! notation into that of `fancy-regex`, and refuses what it can't rewrite rather than change its meaning.
//!
//! Known differences: `.` and classes see characters, not UTF-16 units, so `^.$` matches an emoji here. Refused:
//! conditionals, balancing groups, numbered names, two groups of one name, and Unicode blocks not in `BLOCKS`.

mod class;
mod replacement;
mod translate;

pub use replacement::Replacement;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Steps of backtracking in one search.
const STEP_LIMIT: usize = 100_000;
/// What bounds the time of one search. Without backtracking it is at most the length of the text times the number of
/// atoms; with it the automaton may run over the text from each place of it.
struct Limits {
    /// The longest text, in bytes.
    text: usize,
    /// The most atoms, repetitions written out.
    weight: usize,
    /// The largest automaton, in bytes.
    size: usize,
}

const LINEAR: Limits = Limits { text: 16 * 1024, weight: 20_000, size: 10 * 1024 * 1024 };
const BACKTRACKING: Limits = Limits { text: 4 * 1024, weight: 500, size: 4 * 1024 * 1024 };

/// The longest text that replacing gives, in bytes: `$_` multiplies the text.
const RESULT_LIMIT: usize = 256 * 1024;

/// The longest expression, in bytes.
const PATTERN_LIMIT: usize = 16 * 1024;

/// A compiled .NET expression without options, searched for anywhere in a text. Cloning is cheap.
#[derive(Clone)]
pub struct Regex(Arc<Compiled>);

struct Compiled {
    engine: fancy_regex::Regex,
    pattern: String,
    /// Where `$` also sees a final line feed; made when the first such text comes.
    before_line_feed: OnceLock<Option<fancy_regex::Regex>>,
    has_dollar: bool,
    limits: &'static Limits,
    /// Its atoms, repetitions written out.
    weight: usize,
    names: Vec<String>,
}

/// An expression that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a usable regular expression: {reason}")]
pub struct RegexError {
    /// What is wrong with it.
    pub reason: String,
    /// Whose limit it is.
    pub cause: RegexErrorCause,
}

/// Who refuses an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexErrorCause {
    /// .NET does.
    Invalid,
    /// Wayfarer does: .NET may take it.
    Unsupported,
}

/// The search was given up: it took too many steps, or the text is too long. It counts as no match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search in this text takes too many steps")]
pub struct StepLimit;

impl RegexError {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: RegexErrorCause::Invalid }
    }

    fn unsupported(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: RegexErrorCause::Unsupported }
    }
}

/// The expressions that were compiled lately: a starter pack's password pattern stands in every policy of a tenant, and
/// compiling it takes longer than all else that is checked of the claim type.
static LATELY: Mutex<BTreeMap<String, Result<Regex, RegexError>>> = Mutex::new(BTreeMap::new());

/// How many are kept; then all are forgotten.
const KEPT: usize = 64;

/// Larger ones are not kept: what 64 of them take stays far below what a policy set does.
const KEPT_WEIGHT: usize = 1_000;

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// .NET would refuse it, or it uses something that can't be rewritten.
    pub fn new(pattern: &str) -> Result<Self, RegexError> {
        let lately = || LATELY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lately().get(pattern) {
            return known.clone();
        }
        let compiled = Compiled::new(pattern).map(|it| Self(Arc::new(it)));
        if pattern.len() > KEPT_WEIGHT || compiled.as_ref().is_ok_and(|it| it.0.weight > KEPT_WEIGHT) {
            return compiled;
        }
        let mut kept = lately();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), compiled.clone());
        compiled
    }
}

impl Compiled {
    fn new(pattern: &str) -> Result<Self, RegexError> {
        if pattern.len() > PATTERN_LIMIT {
            return Err(RegexError::unsupported("it is longer than 16 KiB"));
        }
        let translated = translate::translate(pattern, translate::Dollar::End)?;
        let limits = if translated.backtracks { &BACKTRACKING } else { &LINEAR };
        if translated.weight > limits.weight {
            return Err(RegexError::unsupported("its repetitions make it too large"));
        }
        Ok(Self {
            engine: build(&translated.pattern, limits)?,
            pattern: pattern.to_owned(),
            before_line_feed: OnceLock::new(),
            has_dollar: translated.has_dollar,
            limits,
            weight: translated.weight,
            names: translated.names,
        })
    }
}

impl Regex {
    /// Whether it matches anywhere in the text.
    ///
    /// # Errors
    /// The limit was reached.
    pub fn is_match(&self, text: &str) -> Result<bool, StepLimit> {
        self.0.engine_for(text)?.is_match(text).map_err(|_| StepLimit)
    }

    /// The named groups of the first match that took part in it, with their texts; `None` without a match.
    ///
    /// # Errors
    /// The limit was reached.
    pub fn named_groups<'t>(&self, text: &'t str) -> Result<Option<Vec<(&str, &'t str)>>, StepLimit> {
        let Some(captures) = self.0.engine_for(text)?.captures(text).map_err(|_| StepLimit)? else { return Ok(None) };
        let group = |name: &'_ String| captures.name(name).map(|it| it.as_str());
        Ok(Some(self.0.names.iter().filter_map(|it| group(it).map(|text| (it.as_str(), text))).collect()))
    }

    /// The names of its named groups, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names.iter().map(String::as_str)
    }

    /// The text with every match replaced, as `Regex.Replace` of .NET does it.
    ///
    /// # Errors
    /// The limit was reached, or the result is too long.
    pub fn replace(&self, text: &str, replacement: &Replacement) -> Result<String, StepLimit> {
        let mut replaced = String::with_capacity(text.len());
        let mut end = 0;
        for captures in self.0.engine_for(text)?.captures_iter(text) {
            let captures = captures.map_err(|_| StepLimit)?;
            let Some(found) = captures.get(0) else { continue };
            replaced.push_str(text.get(end..found.start()).unwrap_or_default());
            replacement.expand(text, &captures, &mut replaced, RESULT_LIMIT);
            if replaced.len() > RESULT_LIMIT {
                return Err(StepLimit);
            }
            end = found.end();
        }
        replaced.push_str(text.get(end..).unwrap_or_default());
        Ok(replaced)
    }

    /// The engine's index of each group, by .NET's numbers: those without a name are counted first.
    fn groups(&self) -> Vec<usize> {
        let named: Vec<bool> = self
            .0
            .engine
            .capture_names()
            .map(|it| it.is_some_and(|name| self.names().any(|own| own == name)))
            .collect();
        let of = |wanted: bool| named.iter().enumerate().filter(move |it| *it.1 == wanted).map(|it| it.0);
        of(false).chain(of(true)).collect()
    }
}

impl Compiled {
    fn engine_for(&self, text: &str) -> Result<&fancy_regex::Regex, StepLimit> {
        if text.len() > self.limits.text {
            return Err(StepLimit);
        }
        // `$` as the end of the text is faster, and the same unless the text ends with a line feed.
        if !self.has_dollar || !text.ends_with('\n') {
            return Ok(&self.engine);
        }
        let other = self.before_line_feed.get_or_init(|| {
            let translated = translate::translate(&self.pattern, translate::Dollar::EndOrLineFeed).ok()?;
            build(&translated.pattern, self.limits).ok()
        });
        other.as_ref().ok_or(StepLimit)
    }
}

fn build(pattern: &str, limits: &Limits) -> Result<fancy_regex::Regex, RegexError> {
    fancy_regex::RegexBuilder::new(pattern)
        .backtrack_limit(STEP_LIMIT)
        .delegate_size_limit(limits.size)
        .build()
        .map_err(|_| RegexError::unsupported("the engine can't compile it; is it too large?"))
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex({})", self.0.pattern)
    }
}

#[cfg(test)]
mod tests;
