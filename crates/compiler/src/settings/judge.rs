//! What is told about tokens, in the files that have them, and about the settings themselves.

use super::{BUILT_INS, Place, Reason, Setting, Settings, Use, Value, extension_name, fold};
use std::collections::{BTreeMap, HashSet};
use wayfarer_diagnostics::{Diagnostic, Diagnostics, FileId, Fix, Severity, Span, closest};
use wayfarer_syntax::Document;

/// The comments of a file: what is left in them harms nobody.
pub(super) struct Comments(Vec<Span>);

impl Comments {
    pub(super) fn of(document: &Document) -> Self {
        Self(document.comments().map(|it| it.span()).collect())
    }

    pub(super) fn hold(&self, at: usize) -> bool {
        let after = self.0.partition_point(|it| it.start as usize <= at);
        after.checked_sub(1).and_then(|it| self.0.get(it)).is_some_and(|it| at < it.end as usize)
    }
}

/// The tokens of one file: those without a value, and those spelt otherwise than their key, each once.
pub(crate) fn judge_file(
    document: &Document,
    uses: &[Use],
    settings: Option<(&Settings, &[FileId])>,
    found: &mut Diagnostics,
) {
    let comments = Comments::of(document);
    let mut unresolved: BTreeMap<(&str, bool), Vec<&Use>> = BTreeMap::new();
    let mut drifted: BTreeMap<&str, Vec<&Use>> = BTreeMap::new();
    for token in uses {
        if comments.hold(token.at.start) {
            continue;
        }
        match token.unresolved {
            Some(Reason::OtherCase(_)) => drifted.entry(&token.content).or_default().push(token),
            Some(reason) => {
                unresolved.entry((&token.content, reason == Reason::Unclosed)).or_default().push(token);
            }
            None if token.declared.is_some() => drifted.entry(&token.content).or_default().push(token),
            None => {}
        }
    }
    let file = document.file();
    for tokens in unresolved.values() {
        report_unresolved(file, tokens, settings, found);
    }
    for tokens in drifted.values() {
        report_drifted(file, tokens, settings, found);
    }
}

fn span(file: FileId, token: &Use) -> Span {
    Span::new(file, token.at.start, token.at.end)
}

/// The first place, with how many more there are.
fn places(diagnostic: &mut Diagnostic, file: FileId, tokens: &[&Use], label: &str) {
    match tokens {
        [] | [_] => diagnostic.label(label),
        [_, rest @ ..] => {
            for other in rest.iter().take(4) {
                diagnostic.related(span(file, other), "also here");
            }
            diagnostic.label(format!("{label}; the first of {} in this file", tokens.len()))
        }
    };
}

fn report_unresolved(file: FileId, tokens: &[&Use], settings: Option<(&Settings, &[FileId])>, found: &mut Diagnostics) {
    let Some((token, reason)) = tokens.first().and_then(|it| Some((it, it.unresolved?))) else { return };
    let written = format!("`{{{}}}`", token.content);
    let (own, severity) = match settings {
        Some((it, _)) => (Some(it), Severity::Error),
        None => (None, Severity::Warning),
    };
    let name = extension_name(&token.content).unwrap_or(&token.content);
    let environment = own.map(Settings::called).unwrap_or_default();
    let message = match reason {
        Reason::NoEnvironment => format!("{written} is not resolved: no environment is chosen"),
        Reason::Unknown => format!("{written} is not resolved: {environment} has no `{name}`"),
        Reason::NoTenant => format!("{written} is not resolved: {environment} has no `Tenant`"),
        Reason::Unusable(at) => {
            let kind = own.and_then(|it| it.own().get(at)).map_or("no text", |it| match &it.value {
                Value::Unusable(kind) => kind,
                Value::Text(_) => "no text",
            });
            format!("{written} is not resolved: `{name}` of {environment} is {kind}")
        }
        Reason::FromTenant => format!("{written} is not resolved: IEFPolicies asks the tenant for it"),
        Reason::HoldsToken => {
            format!("{written} is not resolved: the value of `{name}` in {environment} is a token again")
        }
        Reason::Unclosed => format!("`{{{}` has no closing brace", token.content),
        Reason::OtherCase(_) => return,
    };
    let diagnostic = found.report("setting-unresolved", severity, span(file, token), message);
    places(
        diagnostic,
        file,
        tokens,
        if reason == Reason::HoldsToken { "what stands here is a token" } else { "stays as it is" },
    );
    diagnostic.help(match reason {
        Reason::NoEnvironment => {
            "choose one with `--environment NAME`; `wayfarer build` writes what is uploaded".to_owned()
        }
        Reason::Unclosed => "write `}` behind the name".to_owned(),
        Reason::HoldsToken => {
            "write the text itself in the settings file: values are inserted once, as they are".to_owned()
        }
        Reason::Unusable(_) => "write it as a text, in quotes".to_owned(),
        Reason::NoTenant => "add \"Tenant\": \"contoso.onmicrosoft.com\" beside `Name`".to_owned(),
        _ => own.map(|it| it.remedy(name)).unwrap_or_default(),
    });
    let Some((settings, files)) = settings else { return };
    let place = |it: &Place| files.get(it.file).map(|file| Span::new(*file, it.range.start, it.range.end));
    if let Some(at) = token.setting.and_then(|it| settings.own().get(it)).and_then(|it| place(&it.value_at)) {
        diagnostic.related(at, "its value");
    }
    if reason == Reason::Unknown {
        for (environment, key) in settings.holders(name).take(4) {
            if let Some(at) = place(&key.key_at) {
                diagnostic.related(at, format!("environment `{environment}` has it"));
            }
        }
    }
}

fn report_drifted(file: FileId, tokens: &[&Use], settings: Option<(&Settings, &[FileId])>, found: &mut Diagnostics) {
    let (Some(token), Some((settings, files))) = (tokens.first(), settings) else { return };
    let key = token.setting.and_then(|it| settings.own().get(it));
    let declared = token.declared.clone().or_else(|| key.map(|it| it.key.clone())).unwrap_or_default();
    let message = match token.unresolved {
        Some(_) => format!("`{{{}}}` stays as it is: the key is spelt `{declared}`", token.content),
        None => format!("`{{{}}}` is spelt in another case than `{{{declared}}}`", token.content),
    };
    let diagnostic = found.report("setting-case-drift", Severity::Warning, span(file, token), message);
    places(diagnostic, file, tokens, "spelt in another case");
    let written = format!("{{{declared}}}");
    diagnostic.help(format!("write `{written}`"));
    let fix = Fix::safe(format!("write `{written}`"));
    diagnostic.fix(tokens.iter().fold(fix, |fix, it| fix.replace_token(span(file, it), written.as_str())));
    let declared_at =
        key.and_then(|it| Some(Span::new(*files.get(it.key_at.file)?, it.key_at.range.start, it.key_at.range.end)));
    if let Some(at) = declared_at {
        diagnostic.related(at, "declared here");
    }
}

/// Whether unused keys can be told: only when everything that may use them was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Whole folders.
    Folders,
    /// Single files.
    Files,
}

/// The settings themselves: environments that differ, keys and values that other builders break, keys that nothing uses.
pub(crate) fn judge_settings(
    settings: &Settings,
    files: &[FileId],
    used: &HashSet<usize>,
    read: Read,
    found: &mut Diagnostics,
) {
    let judge = Judge { settings, files };
    if settings.is_app_settings() {
        judge.environments(found);
        judge.regex_unsafe(found);
    }
    if read == Read::Folders {
        judge.unused(used, found);
    }
}

struct Judge<'a> {
    settings: &'a Settings,
    files: &'a [FileId],
}

impl Judge<'_> {
    fn span(&self, place: &Place) -> Option<Span> {
        Some(Span::new(*self.files.get(place.file)?, place.range.start, place.range.end))
    }

    /// Keys by name without regard to case: where the environments differ in what they have, and in how it is spelt.
    fn environments(&self, found: &mut Diagnostics) {
        let mut keys: BTreeMap<String, Vec<(usize, &Setting)>> = BTreeMap::new();
        for (at, environment) in self.settings.environments.iter().enumerate() {
            environment.settings.iter().for_each(|it| keys.entry(fold(&it.key)).or_default().push((at, it)));
        }
        for held in keys.values() {
            self.drift(held, found);
            self.case_drift(held, found);
        }
    }

    fn drift(&self, held: &[(usize, &Setting)], found: &mut Diagnostics) {
        let Some((_, first)) = held.first() else { return };
        let having: HashSet<usize> = held.iter().map(|(at, _)| *at).collect();
        let environments = self.settings.environments.iter().enumerate();
        let lacking: Vec<_> = environments.filter(|(at, _)| !having.contains(at)).map(|(_, it)| it).collect();
        if lacking.is_empty() {
            return;
        }
        let names: Vec<String> = lacking.iter().map(|it| format!("`{}`", it.name)).collect();
        let noun = if names.len() == 1 { "environment" } else { "environments" };
        let message = format!("`{}` is missing in {noun} {}", first.key, names.join(", "));
        let span = self.span(&first.key_at);
        let Some(span) = span else { return };
        let diagnostic = found.report("setting-env-drift", Severity::Warning, span, message);
        diagnostic.label("not in every environment").help("give every environment the same keys");
        for it in lacking.iter().take(4) {
            if let Some(at) = self.span(&it.name_at) {
                diagnostic.related(at, "missing here");
            }
        }
    }

    fn case_drift(&self, held: &[(usize, &Setting)], found: &mut Diagnostics) {
        let Some((_, first)) = held.first() else { return };
        for (nth, (at, other)) in held.iter().enumerate().skip(1) {
            let earlier = held.iter().take(nth).find(|(environment, _)| environment == at).map(|(_, it)| it);
            let first = earlier.unwrap_or(first);
            if other.key == first.key {
                continue;
            }
            let message = match earlier.is_some() {
                true => {
                    format!("`{}` is never used: tokens find `{}`, which differs by case alone", other.key, first.key)
                }
                false => format!("`{}` is spelt `{}` in another environment", other.key, first.key),
            };
            let Some(span) = self.span(&other.key_at) else { continue };
            let diagnostic = found.report("setting-case-drift", Severity::Warning, span, message);
            diagnostic.label("spelt in another case").help(format!("write `{}`", first.key));
            if let Some(at) = self.span(&first.key_at) {
                diagnostic.related(at, "spelt so here");
            }
        }
    }

    fn regex_unsafe(&self, found: &mut Diagnostics) {
        let mut told: HashSet<&str> = HashSet::new();
        for setting in self.settings.environments.iter().flat_map(|it| &it.settings) {
            let special = setting.key.chars().find(|it| r".*+?^$()[]{}|\".contains(*it));
            if let Some(character) = special.filter(|_| told.insert(&setting.key)) {
                let message =
                    format!("the key `{}` has the character `{character}` of regular expressions", setting.key);
                if let Some(span) = self.span(&setting.key_at) {
                    found
                        .report("setting-regex-unsafe", Severity::Warning, span, message)
                        .label("looked for as a regular expression by other tools")
                        .help("use letters, digits, `-` and `_`");
                }
            }
            let Value::Text(text) = &setting.value else { continue };
            if let (Some(pattern), Some(span)) = (replacement_pattern(text), self.span(&setting.value_at)) {
                let message = format!("the value of `{}` holds `{pattern}`, which other tools replace", setting.key);
                found
                    .report("setting-regex-unsafe", Severity::Warning, span, message)
                    .label("inserted as it is here, and as something else there")
                    .help("build with `wayfarer build`, or use a value without `$`");
            }
        }
    }

    fn unused(&self, used: &HashSet<usize>, found: &mut Diagnostics) {
        for (at, setting) in self.settings.own().iter().enumerate() {
            let own = !self.settings.is_app_settings() && setting.key.eq_ignore_ascii_case("Prefix");
            let shadowed = self.settings.by_folded.get(&fold(&setting.key)) != Some(&at);
            if used.contains(&at) || own || shadowed {
                continue;
            }
            let built_in =
                self.settings.is_app_settings() && BUILT_INS.iter().any(|it| it.eq_ignore_ascii_case(&setting.key));
            let message = match built_in {
                true => format!("`{}` is never used: the token of this name has a meaning of its own", setting.key),
                false => format!("`{}` is used by no policy of this set", setting.key),
            };
            if let Some(span) = self.span(&setting.key_at) {
                found
                    .report("setting-unused", Severity::Info, span, message)
                    .label("no token names it")
                    .help("remove it, from every environment");
            }
        }
    }
}

/// What a JavaScript or .NET replacement puts something else for.
fn replacement_pattern(text: &str) -> Option<&str> {
    let is = |it: &(usize, &str)| {
        text.as_bytes().get(it.0 + 1).is_some_and(|it| matches!(it, b'$' | b'&' | b'`' | b'\'' | b'0'..=b'9'))
    };
    let (at, _) = text.match_indices('$').find(is)?;
    text.get(at..at + 2)
}

impl Settings {
    /// The chosen environment, for messages.
    fn called(&self) -> String {
        match self.is_app_settings() {
            true => format!("environment `{}`", self.environment()),
            false => format!("`{}`", self.file()),
        }
    }

    /// The token of a key, without its braces.
    pub(super) fn token_of(&self, key: &str) -> String {
        if self.is_app_settings() { format!("Settings:{key}") } else { key.to_owned() }
    }

    /// What to do about a key that isn't there.
    fn remedy(&self, name: &str) -> String {
        if !self.is_app_settings() {
            return format!("add `{name}` to `{}`", self.file());
        }
        let known = self.own().iter().map(|it| it.key.as_str()).chain(BUILT_INS);
        match closest(name, known) {
            Some(close) => format!("did you mean `{{Settings:{close}}}`?"),
            None => {
                // As the other environments spell it.
                let name = self.holders(name).next().map_or(name, |(_, it)| it.key.as_str());
                format!("add `{name}` to `PolicySettings` of `{}` in `{}`", self.environment(), self.file())
            }
        }
    }

    /// The other environments that have a key, with how they spell it.
    fn holders<'s>(&'s self, name: &str) -> impl Iterator<Item = (&'s str, &'s Setting)> {
        let folded = fold(name);
        let own = |environment: &'s super::Environment| {
            let key = environment.settings.iter().find(|it| fold(&it.key) == folded)?;
            Some((environment.name.as_str(), key))
        };
        self.environments.iter().filter_map(own).collect::<Vec<_>>().into_iter()
    }
}
