use crate::{Fix, Span};

/// How bad a finding is. `check` exits with 1 when there is an [`Severity::Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Probably not what the author wants.
    Warning,
    /// Azure rejects it, or no run of the journey can succeed.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`, as every format prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A short phrase; may be empty where the message says it all.
    pub message: String,
}

/// That the service refuses a policy for a finding, when it is uploaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The name of the text with which it does; `None` where nobody has recorded it.
    pub text: Option<&'static str>,
    /// What stands in the places of that text, by their names.
    pub values: Vec<(&'static str, String)>,
}

/// One finding, as plain data: human text, JSON and all other formats are renderings of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's slug, such as `unresolved-claim-type`: its only name.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One lower-case phrase without a period, enough on its own in the concise format.
    pub message: String,
    /// Where, and what is wrong there.
    pub primary: Label,
    /// Other places that belong to the finding, possibly in other files.
    pub related: Vec<Label>,
    /// What to do next.
    pub help: Option<String>,
    /// The `PolicyId` of the policy that the finding is about.
    pub policy: Option<String>,
    /// What a program can do about it; whoever hands findings out takes away what can't be written (see [`Fix`]).
    pub fix: Option<Fix>,
    /// Whether the service refuses the upload for it, and with which text. Of an error that is none, it says nothing before
    /// the journey runs.
    pub refusal: Option<Box<Refusal>>,
}

impl Diagnostic {
    /// A finding at `span`; label, related places and help are added with the methods below.
    pub fn new(code: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let primary = Label { span, message: String::new() };
        Self {
            code,
            severity,
            message: one_line(message.into()),
            primary,
            related: Vec::new(),
            help: None,
            policy: None,
            fix: None,
            refusal: None,
        }
    }

    /// What the marked place is ("not declared in this policy or its base policies").
    pub fn label(&mut self, message: impl Into<String>) -> &mut Self {
        self.primary.message = message.into();
        self
    }

    /// What to do next.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Another place that belongs to the finding.
    pub fn related(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push(Label { span, message: message.into() });
        self
    }

    /// The policy that the finding is about.
    pub fn policy(&mut self, id: impl Into<String>) -> &mut Self {
        self.policy = Some(id.into());
        self
    }

    /// What a program can do about it.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// The service refuses the upload for it, with words that nobody has recorded.
    pub fn refused(&mut self) -> &mut Self {
        self.refusal = Some(Box::default());
        self
    }

    /// The service refuses the upload for it with the text of that name, in whose places these values stand.
    pub fn refused_as(&mut self, text: &'static str, values: &[(&'static str, &str)]) -> &mut Self {
        let values = values.iter().map(|(place, value)| (*place, (*value).to_owned())).collect();
        self.refusal = Some(Box::new(Refusal { text: Some(text), values }));
        self
    }
}

/// An ordered list of findings. Phases return `(T, Diagnostics)` and carry on, so one run shows all.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding and hands it back for its label, help and related places.
    pub fn report(
        &mut self,
        code: &'static str,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let at = self.list.len();
        self.list.push(Diagnostic::new(code, severity, span, message));
        &mut self.list[at]
    }

    /// Adds a finding that is already complete.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all findings of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Whether there is no finding at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether at least one finding is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|it| it.severity == Severity::Error)
    }

    /// Keeps the findings for which `keep` says true.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Changes each finding in place.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.list.iter_mut()
    }

    /// Orders by place, worst first within one place, and drops repetitions of one finding: a base policy is
    /// judged once for every policy that derives from it.
    pub fn sort_and_dedup(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |it: &Diagnostic| (it.primary.span.file, it.primary.span.start, std::cmp::Reverse(it.severity));
            key(a).cmp(&key(b)).then_with(|| a.code.cmp(b.code)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup_by(|again, first| {
            let is_same =
                again.code == first.code && again.primary.span == first.primary.span && again.message == first.message;
            if is_same && first.refusal.is_none() {
                // Of two journeys in which a claim is missing the service judges one.
                first.refusal = again.refusal.take();
            }
            is_same
        });
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// Messages quote what files hold: a line end or an escape sequence in it must not reach a terminal or a log as such.
pub fn one_line(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let shown = |it: char| if it.is_control() { it.escape_default().to_string() } else { it.to_string() };
    message.chars().map(shown).collect()
}

/// The candidate that was most likely meant by `name`: equal but for case, else the nearest within a third of its
/// length (Damerau-Levenshtein). Ties go to the first in order.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name of a megabyte would make the distance quadratic for no use.
    if name.is_empty() || name.len() > 256 {
        return None;
    }
    let lower = name.to_lowercase();
    let limit = (lower.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len() > 256 {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The one candidate that can have been meant by `name`, by the measure of [`closest`]; `None` where several can: nobody
/// but the author then knows which.
pub fn only_close<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let close = closest(name, candidates.iter().copied())?;
    let others = candidates.into_iter().filter(|it| !it.eq_ignore_ascii_case(close));
    closest(name, others).is_none().then_some(close)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;

    #[test]
    fn a_message_is_one_line_without_escape_sequences() {
        let span = Span::file_start(Sources::default().add("a.xml", ""));
        let shown = Diagnostic::new("code", Severity::Error, span, "no `a\nb\u{1b}[31m`").message;
        assert_eq!(shown, "no `a\\nb\\u{1b}[31m`");
    }

    #[test]
    fn the_closest_name_is_found_across_case_and_typos_and_not_across_meanings() {
        let names = ["email", "displayName", "surname"];
        assert_eq!(closest("emial", names), Some("email"));
        assert_eq!(closest("DISPLAYNAME", names), Some("displayName"));
        assert_eq!(closest("objectId", names), None);
        assert_eq!(closest("", names), None);
    }

    #[test]
    fn a_name_that_several_are_close_to_names_none_of_them() {
        let names = ["email", "emails", "surname"];
        assert_eq!(only_close("surnam", names), Some("surname"));
        assert_eq!(only_close("emailz", names), None, "`email` is one change away, and so is `emails`");
        assert_eq!(only_close("objectId", names), None);
    }
}
