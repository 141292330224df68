//! A text with places that vary.

/// What stands between two places may be no longer: a message has no room for more.
const LONGEST_VALUE: usize = 400;

/// `Claim type "{claim}" is …`
pub(super) struct Pattern {
    /// The texts around the places: one more than there are places.
    literals: Vec<&'static str>,
    names: Vec<&'static str>,
}

/// Where a pattern was found.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) values: Vec<(String, String)>,
}

impl Pattern {
    pub(super) fn of(text: &'static str) -> Self {
        let (mut literals, mut names) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some((before, name, after)) = next_place(rest) {
            literals.push(before);
            names.push(name);
            rest = after;
        }
        literals.push(rest);
        Self { literals, names }
    }

    /// Every place where the pattern fits, without overlap. Each attempt looks at a bounded stretch of the text.
    pub(super) fn find_all(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        let first = self.literals.first().copied().unwrap_or_default();
        while let Some(start) =
            text.get(at..).filter(|_| !first.is_empty()).and_then(|it| it.find(first)).map(|it| at + it)
        {
            match self.fits(text, start + first.len()) {
                Some((end, values)) => {
                    found.push(Found { start, end, values });
                    at = end;
                }
                None => at = start + first.len(),
            }
        }
        found
    }

    fn fits(&self, text: &str, start: usize) -> Option<(usize, Vec<(String, String)>)> {
        let mut at = start;
        let mut values = Vec::new();
        let literals = self.literals.get(1..)?;
        for (name, literal) in self.names.iter().zip(literals) {
            let rest = text.get(at..)?;
            let rest = &rest[..rest.floor_char_boundary(LONGEST_VALUE + literal.len())];
            // A place at the end reaches to the end of its word.
            let length = match literal.is_empty() {
                true => rest.find(' ').unwrap_or(rest.len()),
                false => rest.find(literal)?,
            };
            let value = rest.get(..length)?;
            // What stands in quotes has none of them.
            let quote = literal.chars().next().filter(|it| matches!(it, '"' | '\''));
            if quote.is_some_and(|it| value.contains(it)) {
                return None;
            }
            values.push(((*name).to_owned(), value.trim().to_owned()));
            at += length + literal.len();
        }
        Some((at, values))
    }
}

/// The text before the first `{name}`, the name, and what follows.
fn next_place(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
