//! The vectors of the reference "claims", sections 5 to 9.

use super::*;
use crate::transformations::EnumerationItem;
use crate::transformations::predicates::{Predicate, PredicateGroup, PredicateReferences, PredicateValidation};
use crate::{DataType, LocalizedResources};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::BTreeMap;

const TODAY: Date = Date::constant(2024, 6, 1);

#[derive(Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

fn cases<T: DeserializeOwned>(toml: &str) -> Vec<T> {
    toml::from_str::<Cases<T>>(toml).unwrap_or_else(|error| panic!("{error}")).case
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaskCase {
    name: Option<String>,
    regex: Option<String>,
    text: String,
    value: String,
    shown: String,
}

#[test]
fn masks() {
    for case in cases::<MaskCase>(include_str!("vectors/masks.toml")) {
        let mask = match case.regex {
            Some(expression) => Mask::Regex { expression, text: case.text },
            None => Mask::Simple(case.text),
        };
        assert_eq!(mask.compile().unwrap().shown(&case.value), case.shown, "{mask:?} {:?}", case.name);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PredicateCase {
    name: Option<String>,
    method: String,
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    holds: Vec<String>,
    #[serde(default)]
    fails: Vec<String>,
    #[serde(default)]
    refused: bool,
}

#[test]
fn predicates() {
    for case in cases::<PredicateCase>(include_str!("vectors/predicates.toml")) {
        let what = format!("{} {:?} {:?}", case.method, case.parameters, case.name);
        let parameters = case.parameters.into_iter().collect();
        let declared = Predicate { id: "Test".to_owned(), method: case.method, help_text: None, parameters };
        let compiled = declared.compile();
        assert_eq!(compiled.is_err(), case.refused, "{what}");
        let Ok(compiled) = compiled else { continue };
        for (texts, expected) in [(&case.holds, true), (&case.fails, false)] {
            texts.iter().for_each(|it| assert_eq!(compiled.holds(it, TODAY), expected, "{what}: `{it}`"));
        }
    }
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    user_help_text: Option<String>,
    references: Vec<References>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct References {
    match_at_least: Option<i64>,
    predicates: Vec<Row>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    method: String,
    parameters: BTreeMap<String, String>,
    help_text: Option<String>,
}

fn validation(id: &str, groups: Vec<Group>) -> PredicateValidation {
    let predicate = |it: Row| Predicate {
        id: it.id,
        method: it.method,
        help_text: it.help_text,
        parameters: it.parameters.into_iter().collect(),
    };
    let references = |it: References| PredicateReferences {
        match_at_least: it.match_at_least,
        reject: false,
        predicates: it.predicates.into_iter().map(predicate).collect(),
    };
    let group = |it: Group| PredicateGroup {
        id: it.id,
        user_help_text: it.user_help_text,
        references: it.references.into_iter().map(references).collect(),
    };
    PredicateValidation { id: id.to_owned(), groups: groups.into_iter().map(group).collect() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidationCase {
    name: String,
    groups: Vec<Group>,
    #[serde(default)]
    valid: Vec<String>,
    #[serde(default)]
    invalid: Vec<String>,
    /// Per text, the groups that it does not satisfy.
    #[serde(default)]
    failed_groups: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    refused: bool,
}

#[test]
fn predicate_validations() {
    for case in cases::<ValidationCase>(include_str!("vectors/predicate_validations.toml")) {
        let compiled = validation("Test", case.groups).compile();
        assert_eq!(compiled.is_err(), case.refused, "{}", case.name);
        let Ok(compiled) = compiled else { continue };
        for (texts, expected) in [(&case.valid, true), (&case.invalid, false)] {
            texts.iter().for_each(|it| assert_eq!(compiled.is_valid(it, TODAY), expected, "{}: `{it}`", case.name));
        }
        for (text, groups) in &case.failed_groups {
            let failed: Vec<_> = compiled.failed_groups(text, TODAY).iter().map(|it| it.id.to_owned()).collect();
            assert_eq!(&failed, groups, "{}: `{text}`", case.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimCases {
    claim: Vec<ClaimCase>,
}

/// One claim type and what is entered for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimCase {
    name: String,
    data_type: String,
    user_input_type: Option<String>,
    /// Pairs of text and value.
    enumeration: Option<Vec<(String, String)>>,
    pattern: Option<String>,
    pattern_help_text: Option<String>,
    #[serde(default)]
    groups: Vec<Group>,
    entry: Vec<EntryCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryCase {
    /// What comes for the field.
    texts: Vec<String>,
    #[serde(default)]
    required: bool,
    /// Rows of `ElementType`, `ElementId`, `StringId` and text, in the page's language.
    #[serde(default)]
    strings: Vec<(String, String, String, String)>,
    /// The list of the page's language.
    localized_enumeration: Option<Vec<(String, String)>>,
    /// The value's JSON.
    value: Option<Json>,
    /// Accepted, and the claim gets no value.
    #[serde(default)]
    no_value: bool,
    #[serde(default)]
    ignored: bool,
    /// What the person is told.
    messages: Option<Vec<MessageCase>>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct MessageCase {
    cause: String,
    heading: Option<String>,
    lines: Vec<String>,
}

fn items(pairs: &[(String, String)]) -> Vec<EnumerationItem> {
    pairs.iter().map(|(text, value)| EnumerationItem { text: text.clone(), value: value.clone() }).collect()
}

fn rules(case: &ClaimCase) -> CompiledClaimRules {
    let data_type = DataType::from_name(&case.data_type).unwrap();
    let choice = |item| EnumerationChoice { item, select_by_default: false };
    let enumeration = case.enumeration.as_deref().map(items);
    let pattern = case.pattern.clone().map(|regular_expression| {
        Restriction::Pattern(Pattern { regular_expression, help_text: case.pattern_help_text.clone() })
    });
    let rules = ClaimRules {
        user_input_type: case.user_input_type.as_deref().map(|it| UserInputType::from_name(it).unwrap()),
        restriction: enumeration.map(|it| Restriction::Enumeration(it.into_iter().map(choice).collect())).or(pattern),
        validations: vec![validation("Rules", case.groups.clone())],
        ..ClaimRules::new("claim", data_type)
    };
    rules.compile().unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

#[test]
fn entries() {
    let cases: ClaimCases = toml::from_str(include_str!("vectors/entries.toml")).unwrap_or_else(|it| panic!("{it}"));
    for case in cases.claim {
        let rules = rules(&case);
        for entry in case.entry {
            let what = format!("{}: {:?} {:?}", case.name, entry.texts, entry.strings);
            let mut localization = LocalizedResources::default();
            entry.strings.iter().for_each(|it| localization.add_string(&it.0, &it.1, &it.2, &it.3));
            if let Some(list) = &entry.localized_enumeration {
                localization.add_restriction("CLAIM", items(list));
            }
            let texts: Vec<&str> = entry.texts.iter().map(String::as_str).collect();
            let necessity = if entry.required { Necessity::Required } else { Necessity::Optional };
            let judged =
                rules.judge(&Entry { texts: &texts, necessity, localization: Some(&localization), today: TODAY });
            match judged {
                Judgement::Ignored => assert!(entry.ignored, "{what}: ignored"),
                Judgement::Accepted(None) => assert!(entry.no_value, "{what}: no value"),
                Judgement::Accepted(Some(value)) => assert_eq!(Some(value.to_json()), entry.value, "{what}"),
                Judgement::Refused(messages) => {
                    let told = messages.into_iter().map(|it| MessageCase {
                        cause: it.cause.as_str().to_owned(),
                        heading: it.heading,
                        lines: it.lines,
                    });
                    assert_eq!(Some(told.collect()), entry.messages, "{what}");
                }
            }
        }
    }
}

#[test]
fn rules_that_can_not_be_used_are_refused() {
    let rules = || ClaimRules::new("claim", DataType::String);
    let pattern = Pattern { regular_expression: "(".to_owned(), help_text: None };
    assert!(ClaimRules { restriction: Some(Restriction::Pattern(pattern)), ..rules() }.compile().is_err());
    let mask = Mask::Regex { expression: "[".to_owned(), text: "*".to_owned() };
    assert!(ClaimRules { mask: Some(mask), ..rules() }.compile().is_err());
}

#[test]
fn a_value_is_shown_masked_and_stays_what_it_is() {
    let rules =
        ClaimRules { mask: Some(Mask::Simple("XXX".to_owned())), ..ClaimRules::new("phone", DataType::PhoneNumber) };
    let value = Value::parse(DataType::PhoneNumber, "+1234567").unwrap();
    assert_eq!(rules.compile().unwrap().shown(&value), "XXX34567");
    assert_eq!(ClaimRules::new("n", DataType::Int).compile().unwrap().shown(&Value::Int(42)), "42");
}

proptest::proptest! {
    #[test]
    fn no_entry_and_no_mask_panics(text in "\\PC{0,40}", mask in "\\PC{0,10}") {
        let simple = Mask::Simple(mask.clone()).compile().unwrap().shown(&text);
        proptest::prop_assert!(simple.starts_with(&mask));
        if let Ok(regex) = (Mask::Regex { expression: mask, text: text.clone() }).compile() {
            regex.shown(&text);
        }
        for data_type in DataType::ALL {
            let entry = Entry { texts: &[&text], necessity: Necessity::Required, localization: None, today: TODAY };
            ClaimRules::new("claim", data_type).compile().unwrap().judge(&entry);
        }
    }
}
