//! From a message of Azure's to the place in the policies that it is about.

use crate::output::{self, HEADING, QUIET, styled};
use serde_json::{Value, json};
use wayfarer_compiler::{PolicyFile, Project};
use wayfarer_diagnostics::{Diagnostic, Diagnostics, Span, one_line, render};
use wayfarer_rules::azure::Recognised;

/// How many findings, or places, a message leads to.
const SHOWN: usize = 10;

/// A set of policies and what is wrong with it.
pub(crate) struct Judged<'p> {
    pub(crate) project: &'p Project,
    pub(crate) found: Diagnostics,
}

impl Judged<'_> {
    /// The findings of the message's rules that are about what it names; of several, those that it names best.
    fn findings(&self, message: &Recognised) -> Vec<&Diagnostic> {
        let of_rules = self.found.iter().filter(|it| message.rules.contains(&it.code));
        let of_rules = of_rules.filter(|it| self.is_on_line(it.primary.span, message));
        let ids: Vec<String> = message.ids().map(str::to_lowercase).collect();
        let scored: Vec<_> = of_rules.map(|it| (self.score(it, &ids), it)).collect();
        let best = scored.iter().map(|it| it.0).max().unwrap_or_default();
        if best == 0 && !ids.is_empty() {
            return Vec::new();
        }
        scored.into_iter().filter(|it| it.0 == best).map(|it| it.1).take(SHOWN).collect()
    }

    /// How much of what is named a finding is about: the first name says most.
    fn score(&self, finding: &Diagnostic, ids: &[String]) -> usize {
        let is_about = |id: &String| {
            let quoted = format!("`{id}`");
            let labels = finding.related.iter().map(|it| &it.message);
            let mut texts = labels.chain([&finding.message, &finding.primary.message]).chain(&finding.help);
            texts.any(|it| it.to_lowercase().contains(&quoted))
                || finding.policy.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(id))
                || self.text(finding.primary.span).eq_ignore_ascii_case(id)
        };
        ids.iter().rev().zip(1..).filter(|(id, _)| is_about(id)).map(|(_, worth)| 1usize << worth.min(20)).sum()
    }

    fn text(&self, span: Span) -> &str {
        let file = self.project.files().iter().find(|it| it.file == span.file);
        let text = file.and_then(|it| it.document.text().get(span.start as usize..span.end as usize));
        text.unwrap_or_default()
    }

    /// Of a message with a line, only what is there.
    fn is_on_line(&self, span: Span, message: &Recognised) -> bool {
        let line = message.value("line").and_then(|it| it.parse().ok());
        line.is_none_or(|line: u32| self.project.sources().start(span).line == line)
    }

    /// Where what is named is defined; of what nothing defines, where it is used.
    fn places(&self, message: &Recognised) -> Vec<Place> {
        let file = message.value("policy").and_then(|it| self.project.find(it).next());
        let line = message.value("line").zip(message.value("column"));
        if let (Some(file), Some((line, column))) = (file, line) {
            let place = format!("{}:{line}:{column}", self.project.sources().name(file.file));
            return vec![Place { place, what: "the place that the message tells".to_owned() }];
        }
        for id in message.ids() {
            let (defined, used) = (self.written(id, is_definition), self.written(id, |_, _| true));
            let found = if defined.is_empty() { used } else { defined };
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Where an id stands as a whole attribute, or a whole text.
    fn written(&self, id: &str, is_wanted: fn(&str, &str) -> bool) -> Vec<Place> {
        let in_file = |file: &PolicyFile| -> Vec<Place> {
            let place = |span, element: &str, what: &str| Place {
                place: self.project.sources().place(span),
                what: format!("`{element}`{what} `{id}`"),
            };
            let mut found = Vec::new();
            for element in file.document.elements() {
                let named = element.attributes().filter(|it| it.value().eq_ignore_ascii_case(id));
                let named = named.filter(|it| is_wanted(element.name(), it.name()));
                found.extend(named.map(|it| place(it.value_span(), element.name(), &format!(" {}", it.name()))));
                let is_text = element.text().trim().eq_ignore_ascii_case(id) && is_wanted(element.name(), "");
                found.extend(element.text_span().filter(|_| is_text).map(|it| place(it, element.name(), "")));
            }
            found
        };
        self.project.files().iter().filter(|it| it.reported).flat_map(in_file).take(SHOWN).collect()
    }
}

fn is_definition(element: &str, attribute: &str) -> bool {
    matches!(attribute, "Id" | "PolicyId") && !element.ends_with("Reference")
}

/// A place in the policies.
struct Place {
    place: String,
    what: String,
}

/// A message and what it leads to.
pub(crate) struct Cause<'a> {
    message: &'a Recognised,
    judged: Option<&'a Judged<'a>>,
    findings: Vec<&'a Diagnostic>,
    /// Where nothing was found.
    places: Vec<Place>,
}

impl<'a> Cause<'a> {
    pub(crate) fn of(message: &'a Recognised, judged: Option<&'a Judged<'a>>) -> Self {
        let findings = judged.map(|it| it.findings(message)).unwrap_or_default();
        let places = judged.filter(|_| findings.is_empty()).map(|it| it.places(message)).unwrap_or_default();
        Self { message, judged, findings, places }
    }

    fn diagnostics(&self) -> Diagnostics {
        let mut found = Diagnostics::default();
        self.findings.iter().for_each(|it| found.push((*it).clone()));
        found
    }

    pub(crate) fn json(&self) -> Value {
        let it = self.message;
        let values: serde_json::Map<_, _> =
            it.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let findings = self.judged.map(|judged| render::json(&self.diagnostics(), judged.project.sources()));
        let places = self.places.iter().map(|it| json!({ "place": it.place, "what": it.what }));
        json!({
            "name": it.name,
            "text": it.text,
            "meaning": it.meaning,
            "next": it.next,
            "rules": it.rules,
            "values": values,
            "findings": findings,
            "places": places.collect::<Vec<_>>(),
        })
    }

    pub(crate) fn human(&self) -> String {
        let it = self.message;
        let mut text = format!("{}\n", styled(HEADING, it.name));
        text.push_str(&format!(
            "  {}\n\n  {}\n  next: {}\n",
            styled(QUIET, one_line(it.text.clone())),
            it.meaning,
            it.next
        ));
        if !it.rules.is_empty() {
            text.push_str(&format!("  rules: {}\n", it.rules.join(", ")));
        }
        if let Some(judged) = self.judged {
            text.push('\n');
            text.push_str(&self.told_by(judged));
        }
        text
    }

    fn told_by(&self, judged: &Judged<'_>) -> String {
        if !self.findings.is_empty() {
            return render::human(&self.diagnostics(), judged.project.sources(), output::style());
        }
        let nothing = if self.message.rules.is_empty() {
            "No rule finds this yet"
        } else {
            "These rules find nothing of it in the policies that you named"
        };
        if self.places.is_empty() {
            return format!("  {nothing}. What the message names isn't in the policies: are they what was uploaded?\n");
        }
        let rows = self.places.iter().map(|it| format!("    {}  {}\n", it.place, one_line(it.what.clone())));
        format!("  {nothing}. What it names stands here:\n{}", rows.collect::<String>())
    }
}
