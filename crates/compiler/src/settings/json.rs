//! JSON with places: what serde_json reads, and where in the text it stands.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A value that is well-formed JSON, as written.
#[derive(Clone, Copy)]
pub(super) struct Json<'t> {
    text: &'t str,
    raw: &'t RawValue,
}

/// A member of an object.
pub(super) struct Member<'t> {
    pub(super) key: String,
    pub(super) key_at: Range<usize>,
    pub(super) value: Json<'t>,
}

/// What is wrong with a text, and where.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) at: usize,
    pub(super) message: String,
}

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    Number,
    Boolean,
    Null,
}

impl Kind {
    /// With its article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Null => "null",
        }
    }
}

impl<'t> Json<'t> {
    pub(super) fn parse(text: &'t str) -> Result<Self, Malformed> {
        match serde_json::from_str::<&RawValue>(text) {
            Ok(raw) => Ok(Self { text, raw }),
            Err(error) => {
                let whole = error.to_string();
                let message = whole.split(" at line ").next().unwrap_or_default().to_owned();
                Err(Malformed { at: offset(text, error.line(), error.column()), message })
            }
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self.raw.get().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    pub(super) fn at(self) -> Range<usize> {
        place(self.text, self.raw)
    }

    pub(super) fn written(self) -> &'t str {
        self.raw.get()
    }

    /// The text of a [`Kind::Text`]; half a surrogate pair makes none.
    pub(super) fn as_text(self) -> Option<String> {
        serde_json::from_str::<Cow<'_, str>>(self.raw.get()).ok().map(Cow::into_owned)
    }

    /// The members of a [`Kind::Object`], in order, repeated ones too.
    pub(super) fn members(self) -> Vec<Member<'t>> {
        let Members(raw) = serde_json::from_str(self.raw.get()).unwrap_or_default();
        let member = |(key, value): (&'t RawValue, &'t RawValue)| {
            let key_at = place(self.text, key);
            let value = Self { text: self.text, raw: value };
            Some(Member { key: serde_json::from_str(key.get()).ok()?, key_at, value })
        };
        raw.into_iter().filter_map(member).collect()
    }

    /// The member of that name; of several the last one, as JavaScript has it.
    pub(super) fn member(self, name: &str) -> Option<Json<'t>> {
        self.members().into_iter().rev().find(|it| it.key == name).map(|it| it.value)
    }

    /// The items of a [`Kind::List`].
    pub(super) fn items(self) -> Vec<Json<'t>> {
        let Items(raw) = serde_json::from_str(self.raw.get()).unwrap_or_default();
        raw.into_iter().map(|raw| Self { text: self.text, raw }).collect()
    }
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &RawValue) -> Range<usize> {
    let start = (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.get().len()
}

/// The offset of serde_json's line and column, which counts bytes from 1 and points behind what it read last.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text in which comments are blanks: every place stays where it was. PowerShell 7 reads over `//` and `/* */`.
pub(super) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("//") && !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|it| !it.is_empty()) {
        let length = match rest {
            [b'"', ..] => text_length(rest),
            [b'/', b'/', ..] => rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len()),
            [b'/', b'*', inner @ ..] => inner.windows(2).position(|it| it == b"*/").map_or(rest.len(), |it| it + 4),
            _ => 1,
        };
        if matches!(rest, [b'/', b'/' | b'*', ..]) {
            bytes.iter_mut().skip(at).take(length).filter(|it| **it != b'\n').for_each(|it| *it = b' ');
        }
        at += length;
    }
    // Whole characters were replaced by as many blanks as they have bytes.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// From its opening to its closing quote.
fn text_length(text: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[derive(Default)]
struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect).map(Self)
    }
}

#[derive(Default)]
struct Items<'t>(Vec<&'t RawValue>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List).map(Self)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_know_their_places() {
        let text = "{ \"a\": 1,\r\n \"bé\": { \"c\\n\": \"x\" }, \"a\": [null, true] }";
        let members = Json::parse(text).unwrap().members();
        let shown: Vec<_> =
            members.iter().map(|it| (it.key.as_str(), &text[it.key_at.clone()], it.value.written())).collect();
        assert_eq!(
            shown,
            [("a", "\"a\"", "1"), ("bé", "\"bé\"", "{ \"c\\n\": \"x\" }"), ("a", "\"a\"", "[null, true]")]
        );
        let inner = members[1].value.members();
        assert_eq!((inner[0].key.as_str(), &text[inner[0].value.at()]), ("c\n", "\"x\""));
        assert_eq!(Json::parse(text).unwrap().member("a").unwrap().kind(), Kind::List, "the last of equal names");
        assert_eq!(
            members[2].value.items().iter().map(|it| it.kind()).collect::<Vec<_>>(),
            [Kind::Null, Kind::Boolean]
        );
    }

    #[test]
    fn a_mistake_has_its_place() {
        for (text, at) in [("", 0), ("{\n  \"a\": 1,\n}", 12), ("{\"é\" 1}", 6), ("[1] x", 4), ("{\"a\": 'b'}", 6)] {
            let Err(error) = Json::parse(text) else { panic!("{text} is no JSON") };
            assert_eq!(error.at, at, "{text:?}: {}", error.message);
        }
    }

    #[test]
    fn comments_become_blanks_and_texts_stay() {
        let text = "{ // é: \"x\"\n \"a\": \"// \\\" /* \", /* \n*/ \"b\": 1 } // end";
        let blank = without_comments(text);
        assert_eq!(blank.len(), text.len());
        assert_eq!(Json::parse(&blank).unwrap().members().len(), 2);
        assert_eq!(Json::parse(&blank).unwrap().member("a").unwrap().as_text().unwrap(), "// \" /* ");
        assert_eq!(blank.matches('\n').count(), 2);
        assert!(Json::parse(&without_comments("{ /* never ends")).is_err());
    }
}
