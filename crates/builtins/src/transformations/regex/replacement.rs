//! Replacement patterns of .NET: `$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$+` and `$_`. Any other `$` is itself.

use super::Regex;
use fancy_regex::Captures;

/// A replacement pattern, parsed for one expression: which numbers and names are groups depends on it.
#[derive(Debug)]
pub struct Replacement(Vec<Part>);

#[derive(Debug, PartialEq)]
enum Part {
    Literal(String),
    /// By the engine's index.
    Group(usize),
    Before,
    After,
    Whole,
}

impl Replacement {
    /// Parses a pattern; what is no substitution stands for itself, so nothing can be wrong with one.
    pub fn new(pattern: &str, regex: &Regex) -> Self {
        let groups = regex.groups();
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((before, from)) = rest.split_once('$') {
            push(&mut parts, before);
            rest = match substitution(from, &groups, regex) {
                Some((part, after)) => {
                    match part {
                        Part::Literal(text) => push(&mut parts, &text),
                        part => parts.push(part),
                    }
                    after
                }
                None => {
                    push(&mut parts, "$");
                    from
                }
            };
        }
        push(&mut parts, rest);
        Self(parts)
    }

    /// Adds what one match becomes, or as much of it as `limit` bytes in all leave room for.
    pub(super) fn expand(&self, text: &str, captures: &Captures<'_, str>, out: &mut String, limit: usize) {
        let (start, end) = captures.get(0).map_or((0, 0), |it| (it.start(), it.end()));
        for part in &self.0 {
            if out.len() > limit {
                return;
            }
            out.push_str(match part {
                Part::Literal(literal) => literal,
                Part::Group(at) => captures.get(*at).map_or("", |it| it.as_str()),
                Part::Before => text.get(..start).unwrap_or_default(),
                Part::After => text.get(end..).unwrap_or_default(),
                Part::Whole => text,
            });
        }
    }
}

fn push(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Literal(literal)) => literal.push_str(text),
        _ => parts.push(Part::Literal(text.to_owned())),
    }
}

/// What follows a `$`, and the text after it; `None` when the `$` is itself.
fn substitution<'a>(text: &'a str, groups: &[usize], regex: &Regex) -> Option<(Part, &'a str)> {
    let one = |part| Some((part, text.get(1..)?));
    match text.as_bytes().first()? {
        b'$' => one(Part::Literal("$".to_owned())),
        b'&' => one(Part::Group(0)),
        b'`' => one(Part::Before),
        b'\'' => one(Part::After),
        b'_' => one(Part::Whole),
        b'+' => one(Part::Group(*groups.last()?)),
        b'{' => {
            let (name, after) = text.get(1..)?.split_once('}')?;
            Some((Part::Group(group(name, groups, regex)?), after))
        }
        b'0'..=b'9' => {
            let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
            let (number, after) = text.split_at(digits);
            Some((Part::Group(*groups.get(number.parse::<usize>().ok()?)?), after))
        }
        _ => None,
    }
}

fn group(name: &str, groups: &[usize], regex: &Regex) -> Option<usize> {
    if let Ok(number) = name.parse::<usize>() {
        return groups.get(number).copied();
    }
    let own = regex.names().find(|it| *it == name)?;
    regex.0.engine.capture_names().position(|it| it == Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `Regex.Replace` of .NET gives, by its documentation page "Substitutions in regular expressions".
    #[test]
    fn substitutions() {
        let cases = [
            (r"\p{Sc}*(\s?\d+[.,]?\d*)\p{Sc}*", "$1", "$16.32", "16.32"),
            (r"\p{Sc}*(?<amount>\s?\d+[.,]?\d*)\p{Sc}*", "${amount}", "$16.32", "16.32"),
            (r"\b(\d+)(,(\d{3}))*\.(\d+)\b", "$$$&", "16,017.32", "$16,017.32"),
            (r"\d+", "$`", "aa1bb2cc", "aaaabbaa1bbcc"),
            (r"\d+", "$'", "aa1bb2cc", "aabb2ccbbcccc"),
            (r"\b(\w+)\s\1\b", "$+", "The the dog jumped over the fence fence.", "The the dog jumped over the fence."),
            (r"\d+", "$_", "ABC123DEF456", "ABCABC123DEF456DEFABC123DEF456"),
            // Named groups are numbered behind the others.
            ("(?<n>a)(b)", "$2$1", "ab", "ab"),
            ("(a)(b)?", "[$2]", "a", "[]"),
            // No such group: the text stays.
            ("a", "$1 ${x} ${ $", "a", "$1 ${x} ${ $"),
            ("(a)", "$10", "a", "$10"),
            ("(a)", "${1}0", "a", "a0"),
            ("x*", "-", "abc", "-a-b-c-"),
        ];
        for (pattern, replacement, text, expected) in cases {
            let regex = Regex::new(pattern).unwrap();
            let replacement = Replacement::new(replacement, &regex);
            assert_eq!(regex.replace(text, &replacement).unwrap(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn results_are_bounded() {
        let regex = Regex::new("a").unwrap();
        let text = "a".repeat(10_000);
        assert!(regex.replace(&text, &Replacement::new(&"$_".repeat(5_000), &regex)).is_err());
        assert_eq!(regex.replace(&text, &Replacement::new("b", &regex)).unwrap(), "b".repeat(10_000));
    }
}
