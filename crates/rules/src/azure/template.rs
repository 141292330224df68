//! A message as the service writes it.

use super::Template;

impl Template {
    /// The part by which a text is recognised.
    pub(super) fn recognised(&self) -> &'static str {
        let part = self.pattern.split_once('«').and_then(|(_, rest)| rest.split_once('»'));
        part.map_or(self.pattern, |(part, _)| part)
    }

    /// The whole message, with `value` of each place in it. A part in brackets is left out where one of its places has none.
    pub fn write<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> String {
        let mut text = String::new();
        for (part, is_optional) in parts(self.pattern) {
            let filled = fill(part, &value);
            text.push_str(match (&filled, is_optional) {
                (Filled { is_whole: false, .. }, true) => "",
                (Filled { text, .. }, _) => text,
            });
        }
        text
    }

    /// Whether a place stands in brackets only: several values may stand there, separated by commas.
    pub fn is_list(&self, place: &str) -> bool {
        let place = format!("{{{place}}}");
        let mut holders = parts(self.pattern).filter(|(part, _)| part.contains(&place)).peekable();
        holders.peek().is_some() && holders.all(|(_, is_optional)| is_optional)
    }
}

/// The text outside and inside brackets, each with whether it is inside.
fn parts(pattern: &'static str) -> impl Iterator<Item = (&'static str, bool)> {
    let pieces = pattern.split('[').enumerate();
    pieces.flat_map(|(nth, piece)| match (nth, piece.split_once(']')) {
        (0, _) | (_, None) => [(piece, false), ("", false)],
        (_, Some((inside, outside))) => [(inside, true), (outside, false)],
    })
}

struct Filled {
    text: String,
    /// Whether every place had a value.
    is_whole: bool,
}

fn fill<'v>(part: &str, value: impl Fn(&str) -> Option<&'v str>) -> Filled {
    let mut filled = Filled { text: String::new(), is_whole: true };
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let value = value(place);
        filled.is_whole &= value.is_some();
        filled.text.push_str(before);
        filled.text.push_str(value.unwrap_or_default());
        rest = after;
    }
    filled.text.push_str(rest);
    filled.text.retain(|it| !matches!(it, '«' | '»'));
    filled
}
