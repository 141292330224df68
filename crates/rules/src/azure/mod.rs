//! What Azure says of a policy, at upload and at run time, and which rules find the same: [`recognise`] takes a pasted text,
//! [`Template::write`] says what an upload is refused with.
//!
//! The texts are those of the reference "rules" 1 and 2, "validation" 1.2 and "errors" 7, in the spelling in which the service
//! was seen to write them.

mod codes;
mod glued;
mod pattern;
mod runtime;
mod template;
mod upload;

pub use glued::messages;
use pattern::Pattern;
use std::collections::HashSet;

/// A message of the service.
pub struct Template {
    /// How it is called here.
    pub name: &'static str,
    /// Its text; `{claim}` stands for what varies, `[…]` for what is there only when its places have values. Where it has a
    /// part in `«…»`, the text is recognised by that part: the rest is cut off in what people paste, or nobody saw it whole.
    pub pattern: &'static str,
    /// The rules that find the same, the closest first.
    pub rules: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub next: &'static str,
    /// One as the service writes it.
    pub example: &'static str,
}

/// A numbered error of the service.
pub struct Code {
    /// Such as `AADB2C90021`.
    pub code: &'static str,
    /// Its text; `{0}` stands for what varies.
    pub message: &'static str,
    /// Where it comes from.
    pub when: &'static str,
    /// The rules that find its cause.
    pub rules: Vec<&'static str>,
}

/// The messages that are known.
pub fn templates() -> impl Iterator<Item = &'static Template> {
    upload::TEMPLATES.iter().chain(runtime::TEMPLATES)
}

/// The message of that name.
pub fn find(name: &str) -> Option<&'static Template> {
    templates().find(|it| it.name == name)
}

/// The numbered errors that are known.
pub fn codes() -> &'static [Code] {
    &codes::CODES
}

/// A message that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// [`Template::name`], or the code.
    pub name: &'static str,
    /// The text as it was pasted.
    pub text: String,
    /// What it means.
    pub meaning: String,
    /// What to do about it.
    pub next: &'static str,
    /// The rules that find the same.
    pub rules: Vec<&'static str>,
    /// What stands in the places that vary, by name (such as `claim`), or by number for a code.
    pub values: Vec<(String, String)>,
}

impl Recognised {
    /// The value of one place.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The names of policy things in the message, the most telling first. Tenants, numbers and texts are none.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        const IDS: [&str; 12] = [
            "claim",
            "element",
            "transformation",
            "exchange",
            "profile",
            "key",
            "item",
            "definition",
            "name",
            "journey",
            "base",
            "policy",
        ];
        let of_code =
            self.values.iter().filter(|it| it.0.bytes().all(|it| it.is_ascii_digit())).map(|it| it.1.as_str());
        IDS.iter().filter_map(|it| self.value(it)).chain(of_code).filter(|it| !it.is_empty())
    }
}

/// The messages in a text, each once, in their order: the service glues them together and prints many twice.
pub fn recognise(text: &str) -> Vec<Recognised> {
    let text = plain(text);
    let mut hits: Vec<(usize, usize, Recognised)> = Vec::new();
    for template in templates() {
        for found in Pattern::of(template.recognised()).find_all(&text) {
            let recognised = Recognised {
                name: template.name,
                text: text[found.start..found.end].to_owned(),
                meaning: template.meaning.to_owned(),
                next: template.next,
                rules: rules_of(template, &found.values),
                values: found.values,
            };
            hits.push((found.start, found.end, recognised));
        }
    }
    // A template tells more than the code before it.
    let told_better: Vec<usize> = hits.iter().map(|it| it.0).collect();
    for (start, code) in codes::find_all(&text) {
        let rest = &text[start..];
        let found = Pattern::of(code.message).find_all(rest).into_iter().next().filter(|it| it.start < 40);
        let length = found.as_ref().map_or(code.code.len(), |it| it.end);
        if told_better.iter().any(|it| (start..start + length.max(40)).contains(it)) {
            continue;
        }
        let recognised = Recognised {
            name: code.code,
            text: rest[..length].to_owned(),
            meaning: format!("{} ({})", code.message, code.when),
            next: "turn on Application Insights for the policy: the trace of the journey shows the step that failed",
            rules: code.rules.clone(),
            values: found.map(|it| it.values).unwrap_or_default(),
        };
        hits.push((start, start + length, recognised));
    }
    // Of messages in one place, what says more: the longer one, then the one that names what varies.
    hits.sort_by_key(|(start, end, it)| (*start, std::cmp::Reverse((*end, it.values.len()))));
    let mut apart: Vec<(usize, usize, Recognised)> = Vec::new();
    for hit in hits {
        if apart.last().is_none_or(|it| hit.0 >= it.1) {
            apart.push(hit);
        }
    }
    let mut told = HashSet::new();
    let found = joined(&text, apart);
    found.into_iter().filter(|it| told.insert((it.name, it.values.clone()))).collect()
}

/// How far behind the place of a mistake the words that tell it from others may begin.
const REACH: usize = 400;

/// What breaks the schema has its place before what it is: one message.
fn joined(text: &str, hits: Vec<(usize, usize, Recognised)>) -> Vec<Recognised> {
    let mut found: Vec<(usize, usize, Recognised)> = Vec::new();
    for (start, end, mut hit) in hits {
        let tells_schema = hit.name.starts_with("schema-") || hit.name == "duplicate-key";
        let place = found.pop_if(|it| tells_schema && it.2.name == "schema" && start - it.1 < REACH);
        let start = place.as_ref().map_or(start, |it| it.0);
        if let Some((_, _, place)) = place {
            hit.text = text.get(start..end).unwrap_or_default().to_owned();
            hit.values.splice(0..0, place.values);
        }
        found.push((start, end, hit));
    }
    found.into_iter().map(|it| it.2).collect()
}

/// A message on a kind of thing has a rule for each kind.
fn rules_of(template: &Template, values: &[(String, String)]) -> Vec<&'static str> {
    let all = template.rules.to_vec();
    let Some((_, kind)) = values.iter().find(|it| it.0 == "kind") else { return all };
    let of_kind = |it: &&&'static str| it.replace('-', "").ends_with(&kind.to_lowercase());
    let of_kind: Vec<_> = template.rules.iter().filter(of_kind).copied().collect();
    if of_kind.is_empty() { all } else { of_kind }
}

/// The text with straight quotes and single blanks, as patterns are written.
fn plain(text: &str) -> String {
    let straight: String = text
        .chars()
        .map(|it| match it {
            '\u{201c}' | '\u{201d}' => '"',
            '\u{2018}' | '\u{2019}' => '\'',
            other => other,
        })
        .collect();
    straight.replace("&quot;", "\"").replace("&#39;", "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
