//! The judgement on one entered text: reference "claims", 10.3 step 3.

use super::{CompiledClaimRules, UserInputType};
use crate::transformations::EnumerationItem;
use crate::transformations::predicates::{CompiledValidation, FailedGroup};
use crate::{DataType, LocalizedResources, Value};
use jiff::civil::Date;
use std::borrow::Cow;

/// What a person entered for one claim.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The texts that came for the field: one, or several of a `CheckboxMultiSelect`. None, or only empty ones: the field
    /// was left empty.
    pub texts: &'a [&'a str],
    /// Whether the profile requires the claim.
    pub necessity: Necessity,
    /// The texts of the page's language.
    pub localization: Option<&'a LocalizedResources>,
    /// What the word `Today` means.
    pub today: Date,
}

/// `Required` of the claim reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Necessity {
    /// The field must be filled in.
    Required,
    /// It may stay empty.
    #[default]
    Optional,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The claim gets this value; none where the field was left empty.
    Accepted(Option<Value>),
    /// The claim is only shown, so nothing that is posted for it counts.
    Ignored,
    /// What the person is told; at least one message.
    Refused(Vec<Message>),
}

/// What a person is told of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which rule it is about.
    pub cause: Cause,
    /// The group's `UserHelpText`, above the lines.
    pub heading: Option<String>,
    /// The texts; a heading may stand without any.
    pub lines: Vec<String>,
}

/// The rules, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is no value of the data type.
    DataType,
    /// `Required`
    Required,
    /// `Restriction/Enumeration`
    Enumeration,
    /// `Restriction/Pattern`
    Pattern,
    /// A predicate validation.
    Predicates,
}

/// Microsoft's texts are part of its pages; these are our own. Pages replace them by `UxElement` strings.
const REQUIRED: &str = "This field is required.";
const INVALID: &str = "This value is not valid.";

impl Cause {
    /// The name in printed results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataType => "DataType",
            Self::Required => "Required",
            Self::Enumeration => "Enumeration",
            Self::Pattern => "Pattern",
            Self::Predicates => "Predicates",
        }
    }
}

impl CompiledClaimRules {
    /// Judges an entry: data type, `Required`, enumeration, then pattern and predicates together. An optional field that
    /// was left empty is fine whatever the rules say.
    pub fn judge(&self, entry: &Entry<'_>) -> Judgement {
        let control = self.declared.user_input_type;
        if control.is_some_and(UserInputType::is_shown_only) {
            return Judgement::Ignored;
        }
        let texts: Vec<&str> = entry.texts.iter().copied().filter(|it| !it.is_empty()).collect();
        if texts.is_empty() {
            return match entry.necessity {
                Necessity::Optional => Judgement::Accepted(None),
                Necessity::Required => {
                    let line = ux_element(entry, "required_field").unwrap_or(REQUIRED);
                    refused(Cause::Required, line)
                }
            };
        }
        let text = match self.selected(&texts, entry) {
            Ok(it) => it,
            Err(cause) => return refused(cause, INVALID),
        };
        let Ok(value) = Value::parse(self.declared.data_type, &text) else {
            return refused(Cause::DataType, INVALID);
        };
        let mut messages: Vec<Message> = self.pattern_message(&text, entry).into_iter().collect();
        for validation in &self.validations {
            let failed = validation.failed_groups(&text, entry.today);
            messages.extend(failed.iter().map(|it| group_message(validation, it, entry)));
        }
        if messages.is_empty() { Judgement::Accepted(Some(value)) } else { Judgement::Refused(messages) }
    }

    /// The list that the page shows in its language: the localized one replaces the policy's, whole.
    pub fn choices<'a>(&'a self, localization: Option<&'a LocalizedResources>) -> Vec<&'a EnumerationItem> {
        match localization.and_then(|it| it.restriction(&self.declared.claim_type)) {
            Some(items) => items.iter().collect(),
            None => self.declared.restriction.iter().flat_map(|it| it.choices()).map(|it| &it.item).collect(),
        }
    }

    /// The claim's text for what was entered: of a multiple selection the values in the list's order, joined by commas.
    fn selected<'a>(&self, texts: &[&'a str], entry: &Entry<'_>) -> Result<Cow<'a, str>, Cause> {
        let first = Cow::Borrowed(texts.first().copied().unwrap_or_default());
        let Some(control) = self.declared.user_input_type.filter(|it| it.selects()) else { return Ok(first) };
        let choices = self.choices(entry.localization);
        let multiple = control == UserInputType::CheckboxMultiSelect;
        if multiple && choices.is_empty() && self.declared.data_type == DataType::Boolean {
            // One box without a list, such as a consent: ticked is true.
            return Ok(first);
        }
        let is_choice = |text: &str| choices.iter().any(|it| self.same(&it.value, text));
        if !multiple {
            return if texts.len() == 1 && is_choice(&first) { Ok(first) } else { Err(Cause::Enumeration) };
        }
        // One text may hold the whole selection, as the claim does.
        let whole = texts.len() == 1 && !is_choice(&first);
        let picked: Vec<&str> = if whole { first.split(',').collect() } else { texts.to_vec() };
        if !picked.iter().all(|it| is_choice(it)) {
            return Err(Cause::Enumeration);
        }
        let mut values: Vec<&str> = Vec::new();
        for choice in &choices {
            let is_picked = picked.iter().any(|it| self.same(&choice.value, it));
            if is_picked && !values.contains(&choice.value.as_str()) {
                values.push(&choice.value);
            }
        }
        Ok(Cow::Owned(values.join(",")))
    }

    /// Values compare as they are written; booleans by what they mean.
    fn same(&self, choice: &str, text: &str) -> bool {
        match self.declared.data_type {
            DataType::Boolean => choice.eq_ignore_ascii_case(text),
            _ => choice == text,
        }
    }

    fn pattern_message(&self, text: &str, entry: &Entry<'_>) -> Option<Message> {
        let pattern = self.pattern.as_ref().filter(|it| !it.is_match(text))?;
        let localized =
            entry.localization.and_then(|it| it.string("ClaimType", &self.declared.claim_type, "PatternHelpText"));
        let line = localized.or(pattern.help_text.as_deref()).unwrap_or(INVALID);
        Some(message(Cause::Pattern, line))
    }
}

/// The group's text as heading, then the text of each predicate that doesn't hold; where there is neither, a general one.
fn group_message(validation: &CompiledValidation, group: &FailedGroup<'_>, entry: &Entry<'_>) -> Message {
    let localized = |element_type: &str, element_id: &str, string_id: &str| {
        entry.localization.and_then(|it| it.string(element_type, element_id, string_id)).map(str::to_owned)
    };
    // Public policies write `InputValidation` for a predicate validation.
    let heading =
        ["PredicateValidation", "InputValidation"].iter().find_map(|it| localized(it, &validation.id, group.id));
    let heading = heading.or_else(|| group.user_help_text.map(str::to_owned)).filter(|it| !it.is_empty());
    let mut lines: Vec<String> = Vec::new();
    for predicate in &group.predicates {
        let own = || predicate.help_text().map(str::to_owned);
        let line = localized("Predicate", predicate.id(), "HelpText").or_else(own).filter(|it| !it.is_empty());
        lines.extend(line.filter(|it| !lines.contains(it)));
    }
    if heading.is_none() && lines.is_empty() {
        return message(Cause::Predicates, INVALID);
    }
    Message { cause: Cause::Predicates, heading, lines }
}

fn ux_element<'a>(entry: &Entry<'a>, string_id: &str) -> Option<&'a str> {
    entry.localization?.string("UxElement", "", string_id)
}

fn message(cause: Cause, line: &str) -> Message {
    Message { cause, heading: None, lines: vec![line.to_owned()] }
}

fn refused(cause: Cause, line: &str) -> Judgement {
    Judgement::Refused(vec![message(cause, line)])
}
