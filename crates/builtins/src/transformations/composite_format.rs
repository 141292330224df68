//! .NET composite formatting with text arguments: `{0}`, `{1,-8}`, `{{` (reference, R12), and the few expressions
//! that stand in some parameters (R10).

use super::env::Env;
use super::failure::Failure;
use super::utf16;

/// The longest format and the longest result, in UTF-16 units.
pub(crate) const MAX_LENGTH: usize = 4000;
/// .NET refuses an index or a width from here on.
const NUMBER_LIMIT: usize = 1_000_000;

/// What the expressions mean is known at each call: the profile that runs and its tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    TechnicalProfileId,
    RelyingPartyTenantId,
    TrustFrameworkTenantId,
    AuthenticatorIssuer,
}

/// The expressions of `stringFormat`.
pub(crate) const IN_FORMATS: &[Expression] =
    &[Expression::TechnicalProfileId, Expression::RelyingPartyTenantId, Expression::TrustFrameworkTenantId];
/// The expressions of CreateStringClaim's `value`.
pub(crate) const IN_VALUES: &[Expression] = &[
    Expression::TechnicalProfileId,
    Expression::RelyingPartyTenantId,
    Expression::TrustFrameworkTenantId,
    Expression::AuthenticatorIssuer,
];
/// The expressions of BuildUri's parameters.
pub(crate) const IN_URIS: &[Expression] = &[Expression::AuthenticatorIssuer];

impl Expression {
    fn as_str(self) -> &'static str {
        match self {
            Self::TechnicalProfileId => "{TechnicalProfileId}",
            Self::RelyingPartyTenantId => "{RelyingPartyTenantId}",
            Self::TrustFrameworkTenantId => "{TrustFrameworkTenantId}",
            Self::AuthenticatorIssuer => "{AuthenticatorIssuer}",
        }
    }

    fn value<'a>(self, env: &Env<'a>) -> &'a str {
        match self {
            Self::TechnicalProfileId => env.technical_profile,
            Self::RelyingPartyTenantId => env.relying_party_tenant,
            Self::TrustFrameworkTenantId => env.trust_framework_tenant,
            Self::AuthenticatorIssuer => env.authenticator_issuer,
        }
    }
}

/// A parameter's text with its expressions found. Their values are never looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Expression(Expression),
}

impl Template {
    pub(crate) fn parse(mut text: &str, expressions: &[Expression]) -> Self {
        let mut pieces = Vec::new();
        let first = |text: &str| {
            let found = expressions.iter().filter_map(|it| text.find(it.as_str()).map(|at| (at, *it)));
            found.min_by_key(|(at, _)| *at)
        };
        while let Some((at, expression)) = first(text) {
            if let Some(before) = text.get(..at).filter(|it| !it.is_empty()) {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Expression(expression));
            text = text.get(at + expression.as_str().len()..).unwrap_or_default();
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        Self(pieces)
    }

    pub(crate) fn expand(&self, env: &Env<'_>) -> String {
        let mut result = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Expression(it) => result.push_str(it.value(env)),
            }
        }
        result
    }
}

/// A parsed format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Format(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Expression(Expression),
    Argument { index: usize, width: usize, side: Side },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// What is wrong with a format. The texts end a sentence that begins with the parameter's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("has a brace that belongs to no `{{0}}`; a brace that is meant as text is written twice")]
    LoneBrace,
    #[error("has `{{…}}` without a number, and no expression of that name is known")]
    NotANumber,
    #[error("refers to `{{{index}}}`, but there are {arguments} arguments, counted from 0")]
    IndexTooLarge { index: usize, arguments: usize },
    #[error("has an index or a width of a million or more")]
    NumberTooLarge,
    #[error("is longer than 4000 characters")]
    TooLong,
}

/// A character of the format, or an expression, which no brace rule sees into.
#[derive(Clone, Copy)]
enum Token {
    Char(char),
    Expression(Expression),
}

impl Format {
    /// Parses a format for `arguments` texts.
    pub(crate) fn parse(text: &str, arguments: usize, expressions: &[Expression]) -> Result<Self, FormatError> {
        if utf16::length_exceeds(text, MAX_LENGTH) {
            return Err(FormatError::TooLong);
        }
        let tokens: Vec<Token> = Template::parse(text, expressions)
            .0
            .into_iter()
            .flat_map(|piece| match piece {
                Piece::Text(text) => text.chars().map(Token::Char).collect::<Vec<_>>(),
                Piece::Expression(it) => vec![Token::Expression(it)],
            })
            .collect();
        let mut parser = Parser { tokens: &tokens, parts: Vec::new(), text: String::new() };
        parser.parse(arguments)?;
        Ok(Self(parser.parts))
    }

    /// The result, or an error when it is longer than [`MAX_LENGTH`].
    pub(crate) fn render(&self, arguments: &[&str], env: &Env<'_>) -> Result<String, Failure> {
        let mut result = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => result.push_str(text),
                Part::Expression(it) => result.push_str(it.value(env)),
                Part::Argument { index, width, side } => {
                    let argument = arguments.get(*index).copied().unwrap_or_default();
                    pad(&mut result, argument, *width, *side)?;
                }
            }
            // A unit is at most three bytes, so this stops the growth without counting units at each part.
            if result.len() > 3 * MAX_LENGTH {
                return Err(too_long());
            }
        }
        if utf16::length_exceeds(&result, MAX_LENGTH) { Err(too_long()) } else { Ok(result) }
    }
}

fn too_long() -> Failure {
    Failure::new("the formatted text is longer than 4000 characters")
}

fn pad(result: &mut String, argument: &str, width: usize, side: Side) -> Result<(), Failure> {
    if width == 0 {
        result.push_str(argument);
        return Ok(());
    }
    if width > MAX_LENGTH {
        return Err(too_long());
    }
    let blanks = width.saturating_sub(utf16::length(argument));
    if side == Side::Left {
        result.push_str(argument);
    }
    result.extend(std::iter::repeat_n(' ', blanks));
    if side == Side::Right {
        result.push_str(argument);
    }
    Ok(())
}

struct Parser<'a> {
    tokens: &'a [Token],
    parts: Vec<Part>,
    text: String,
}

impl Parser<'_> {
    fn parse(&mut self, arguments: usize) -> Result<(), FormatError> {
        while let Some(token) = self.next() {
            match token {
                Token::Expression(it) => {
                    self.end_text();
                    self.parts.push(Part::Expression(it));
                }
                Token::Char(brace @ ('{' | '}')) if self.take(brace) => self.text.push(brace),
                Token::Char('{') => {
                    self.end_text();
                    let part = self.argument(arguments)?;
                    self.parts.push(part);
                }
                Token::Char('}') => return Err(FormatError::LoneBrace),
                Token::Char(other) => self.text.push(other),
            }
        }
        self.end_text();
        Ok(())
    }

    /// `index[,[-]width][:format]}`; the format is for numbers and dates and says nothing about a text.
    fn argument(&mut self, arguments: usize) -> Result<Part, FormatError> {
        let missing = if self.tokens.is_empty() { FormatError::LoneBrace } else { FormatError::NotANumber };
        let index = self.number()?.ok_or(missing)?;
        self.blanks();
        let (mut width, mut side) = (0, Side::Right);
        if self.take(',') {
            self.blanks();
            if self.take('-') {
                side = Side::Left;
            }
            width = self.number()?.ok_or(FormatError::NotANumber)?;
            self.blanks();
        }
        if self.take(':') {
            self.skip_format()?;
        } else if !self.take('}') {
            return Err(FormatError::LoneBrace);
        }
        if index >= arguments {
            return Err(FormatError::IndexTooLarge { index, arguments });
        }
        Ok(Part::Argument { index, width, side })
    }

    fn skip_format(&mut self) -> Result<(), FormatError> {
        loop {
            match self.next() {
                Some(Token::Char('}')) if !self.take('}') => return Ok(()),
                Some(Token::Char('{')) if !self.take('{') => return Err(FormatError::LoneBrace),
                Some(_) => {}
                None => return Err(FormatError::LoneBrace),
            }
        }
    }

    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut number: Option<usize> = None;
        while let Some(Token::Char(digit)) = self.tokens.first()
            && let Some(digit) = digit.to_digit(10)
        {
            let value = number.unwrap_or(0) * 10 + digit as usize;
            if value >= NUMBER_LIMIT {
                return Err(FormatError::NumberTooLarge);
            }
            number = Some(value);
            self.next();
        }
        Ok(number)
    }

    fn blanks(&mut self) {
        while self.take(' ') {}
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn take(&mut self, expected: char) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Char(it)) if *it == expected);
        if found {
            self.next();
        }
        found
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformations::tests::with_env;

    fn format(text: &str, arguments: &[&str]) -> Result<String, String> {
        let format = Format::parse(text, arguments.len(), IN_FORMATS).map_err(|it| it.to_string())?;
        with_env(|env| format.render(arguments, env).map_err(|it| format!("{it:?}")))
    }

    fn formatted(text: &str, arguments: &[&str]) -> String {
        format(text, arguments).unwrap()
    }

    #[test]
    fn places_are_filled_and_doubled_braces_are_text() {
        assert_eq!(formatted("{0} {1}", &["Joe", "Fernando"]), "Joe Fernando");
        assert_eq!(formatted("{1}{0}{1}", &["a", "b"]), "bab");
        assert_eq!(formatted("{{{0}}}", &["x"]), "{x}");
        assert_eq!(formatted("{{0}}", &["x"]), "{0}");
        assert_eq!(formatted("", &[]), "");
    }

    #[test]
    fn widths_pad_and_number_formats_are_ignored() {
        assert_eq!(formatted("[{0,5}]", &["ab"]), "[   ab]");
        assert_eq!(formatted("[{0,-5}]", &["ab"]), "[ab   ]");
        assert_eq!(formatted("[{0 , 2 :D6}]", &["abc"]), "[abc]");
        assert_eq!(formatted("{0:D6}", &["7"]), "7");
        assert_eq!(formatted("[{0,3}]", &["😀"]), "[ 😀]", "a width counts UTF-16 units");
    }

    #[test]
    fn malformed_formats_are_refused() {
        for text in ["{", "}", "{0", "{0}}", "{x}", "{}", "{-1}", "{0,}", "{0,x}", "{0:", "{ 0}", "{1}", "{Unknown}"] {
            assert!(format(text, &["a"]).is_err(), "{text}");
        }
        assert!(format("{0,2147483648}", &["a"]).is_err());
        assert!(format("{99999999999999999999}", &["a"]).is_err());
        assert!(format(&"x".repeat(4001), &[]).is_err());
        assert!(format("{0,5000}", &["a"]).is_err(), "the result would be too long");
        assert!(format("{0}", &[&"x".repeat(4001)]).is_err());
    }

    #[test]
    fn expressions_are_replaced_before_formatting_and_values_are_not_scanned() {
        assert_eq!(formatted("cpim_{0}@{RelyingPartyTenantId}", &["1"]), "cpim_1@contoso.onmicrosoft.com");
        assert_eq!(formatted("{0}", &["{RelyingPartyTenantId}"]), "{RelyingPartyTenantId}");
        assert!(format("{{RelyingPartyTenantId}}", &[]).is_err(), "the braces around the name are left alone");
        assert!(format("{relyingpartytenantid}", &[]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_format_panics(text in "[{}0-9,:a -]{0,24}", argument in ".{0,8}") {
            let _ = format(&text, &[&argument]);
        }

        #[test]
        fn a_text_with_doubled_braces_is_itself(text in ".{0,32}") {
            let doubled = text.replace('{', "{{").replace('}', "}}");
            proptest::prop_assert_eq!(format(&doubled, &[]), Ok(text));
        }
    }
}
