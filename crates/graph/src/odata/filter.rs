//! `$filter`: comparisons by `eq` and `startswith`, of members or of the items of lists, joined by `and` and `or`. What else
//! OData has is refused by name. Texts are compared without regard to case, as directory objects are.

use serde_json::Value;

use super::Entity;
use crate::error::GraphError;

const LONGEST: usize = 4096;

/// Alternatives, each of which is a list of terms that must all hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter {
    alternatives: Vec<Vec<Term>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Term {
    member: String,
    test: Test,
}

#[derive(Debug, PartialEq, Eq)]
enum Test {
    Equals(Value),
    StartsWith(String),
    AnyEquals(Value),
}

impl Filter {
    /// The first member that it asks for and that is not among `allowed`.
    pub(super) fn beyond(&self, allowed: &[&str]) -> Option<&str> {
        let members = self.alternatives.iter().flatten().map(|term| term.member.as_str());
        members.into_iter().find(|it| !allowed.contains(it))
    }

    pub(super) fn takes(&self, entity: &Entity) -> bool {
        self.alternatives.iter().any(|terms| terms.iter().all(|term| term.holds(entity)))
    }
}

impl Term {
    fn holds(&self, entity: &Entity) -> bool {
        let value = entity.get(&self.member).unwrap_or(&Value::Null);
        match &self.test {
            Test::Equals(wanted) => same(value, wanted),
            Test::AnyEquals(wanted) => value.as_array().into_iter().flatten().any(|item| same(item, wanted)),
            Test::StartsWith(start) => value.as_str().is_some_and(|it| it.to_lowercase().starts_with(start)),
        }
    }
}

fn same(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => value.to_lowercase() == wanted.to_lowercase(),
        _ => value == wanted,
    }
}

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, GraphError> {
    let tokens = if text.len() > LONGEST { None } else { tokens(text) };
    let filter = tokens.and_then(|tokens| alternatives(&tokens));
    filter.ok_or_else(|| {
        GraphError::unsupported_query(
            "this `$filter` is not served: write `appId eq '…'`, `startswith(displayName,'…')` or \
             `identifierUris/any(x:x eq '…')`, joined by `and` or `or`",
        )
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut rest, mut tokens) = (text.trim_start(), Vec::new());
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => quoted(rest)?,
            '(' | ')' | ',' | ':' | '/' => (Token::Sign(first), rest.get(1..)?),
            c if c.is_ascii_alphanumeric() => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at_checked(end)?;
                (Token::Word(word.to_owned()), after)
            }
            _ => return None,
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

/// A text in single quotes, where two stand for one.
fn quoted(text: &str) -> Option<(Token, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut read = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        read.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                read.push('\'');
                rest = more;
            }
            None => return Some((Token::Text(read), after)),
        }
    }
}

fn alternatives(mut tokens: &[Token]) -> Option<Filter> {
    let mut alternatives = vec![vec![]];
    loop {
        let (term, rest) = term(tokens)?;
        alternatives.last_mut()?.push(term);
        match rest {
            [] => return Some(Filter { alternatives }),
            [Token::Word(joint), rest @ ..] if joint.eq_ignore_ascii_case("and") => tokens = rest,
            [Token::Word(joint), rest @ ..] if joint.eq_ignore_ascii_case("or") => {
                alternatives.push(vec![]);
                tokens = rest;
            }
            _ => return None,
        }
    }
}

fn term(tokens: &[Token]) -> Option<(Term, &[Token])> {
    use Token::{Sign, Text, Word};
    match tokens {
        [Word(f), Sign('('), Word(member), Sign(','), Text(start), Sign(')'), rest @ ..]
            if f.eq_ignore_ascii_case("startswith") =>
        {
            Some((Term { member: member.clone(), test: Test::StartsWith(start.to_lowercase()) }, rest))
        }
        [
            Word(member),
            Sign('/'),
            Word(any),
            Sign('('),
            Word(of),
            Sign(':'),
            Word(item),
            Word(eq),
            value,
            Sign(')'),
            rest @ ..,
        ] if any.eq_ignore_ascii_case("any") && of == item && is_eq(eq) => {
            Some((Term { member: member.clone(), test: Test::AnyEquals(literal(value)?) }, rest))
        }
        [Word(member), Word(eq), value, rest @ ..] if is_eq(eq) => {
            Some((Term { member: member.clone(), test: Test::Equals(literal(value)?) }, rest))
        }
        _ => None,
    }
}

fn is_eq(word: &str) -> bool {
    word.eq_ignore_ascii_case("eq")
}

fn literal(token: &Token) -> Option<Value> {
    match token {
        Token::Text(text) => Some(text.clone().into()),
        Token::Word(word) if word == "true" || word == "false" => Some((word == "true").into()),
        Token::Word(word) if word == "null" => Some(Value::Null),
        // A GUID without quotes, which members of that type take.
        Token::Word(word) if word.len() == 36 => Some(word.clone().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_filter_takes() {
        let entity =
            json!({ "name": "It's Me", "id": "11112222-bbbb-3333-cccc-4444dddd5555", "on": true, "uris": ["a:b"] });
        let entity = entity.as_object().unwrap();
        let takes = |text: &str| parse(text).ok().map(|it| it.takes(entity));
        for yes in [
            "name eq 'it''s me'",
            "  name   EQ 'IT''S ME' ",
            "on eq true",
            "gone eq null",
            "id eq 11112222-BBBB-3333-cccc-4444dddd5555",
            "startswith(name,'it')",
            "uris/any(x:x eq 'a:b')",
            "name eq 'x' or on eq true and startsWith(name, 'It')",
        ] {
            assert_eq!(takes(yes), Some(true), "{yes}");
        }
        for no in ["name eq 'its me'", "on eq false", "uris/any(x:x eq 'a')", "on eq true and name eq 'x'"] {
            assert_eq!(takes(no), Some(false), "{no}");
        }
        for unknown in [
            "",
            "name",
            "name eq",
            "name eq 'x",
            "name ne 'x'",
            "not(name eq 'x')",
            "(name eq 'x')",
            "name eq 'x' and",
            "name eq x",
            "uris/any(x:y eq 'a')",
            "contains(name,'x')",
            "name eq \"x\"",
            &format!("name eq '{}'", "x".repeat(5000)),
        ] {
            assert_eq!(takes(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn members_beyond_what_is_allowed_are_found() {
        let filter = parse("appId eq 'a' or secret eq 'b'").unwrap();
        assert_eq!(filter.beyond(&["appId"]), Some("secret"));
        assert_eq!(filter.beyond(&["appId", "secret"]), None);
    }
}
