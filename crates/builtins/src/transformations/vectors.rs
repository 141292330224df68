//! The cases of `vectors.toml`: language-neutral, so that they can be replayed against the service too.

use super::predicates::{Predicate, PredicateValidation};
use super::{Declaration, EnumerationItem, Fallback, Localization, Transformation, Trial};
use crate::{DataType, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    case: Vec<Case>,
}

/// One case. What is not said: required slots are declared and have no value, all outputs are declared.
#[derive(Clone, Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Values of input claims, in declaration order.
    pub inputs: toml::Table,
    /// Optional inputs that are declared and have no value.
    pub declared: Vec<String>,
    /// Required inputs that are not declared.
    pub undeclared: Vec<String>,
    /// The texts of parameters.
    pub parameters: toml::Table,
    /// Parameters that are declared once more, after the others, with a text of their own.
    pub repeated_parameters: toml::Table,
    /// Data types of claims that are not those of the signature.
    pub types: BTreeMap<String, DataType>,
    /// Data types of parameters that are not those of the signature.
    pub parameter_types: BTreeMap<String, DataType>,
    /// Values that the call sets.
    pub outputs: toml::Table,
    /// Expressions that the texts of outputs match.
    pub matches: BTreeMap<String, String>,
    /// Outputs that lose their value.
    pub cleared: Vec<String>,
    /// Outputs that only a policy names, and that stay as they are.
    pub untouched: Vec<String>,
    /// The code of the error.
    pub error: Option<String>,
    /// The key of an assertion.
    pub key: Option<String>,
    /// The time.
    pub now: Option<jiff::Timestamp>,
    /// What random bytes come from.
    pub seed: Option<u64>,
    /// `{RelyingPartyTenantId}`
    pub relying_party_tenant: Option<String>,
    /// Policy keys.
    pub keys: BTreeMap<String, String>,
    /// Localized strings of the request's language, by `StringId`.
    pub strings: BTreeMap<String, String>,
    /// Those of the default language.
    pub default_strings: BTreeMap<String, String>,
    /// The restriction of the output claim's type: pairs of text and value.
    pub enumeration: Vec<(String, String)>,
    /// What replaces it in the request's language.
    pub localized_enumeration: Option<Vec<(String, String)>>,
    /// The predicate validation of the output claim's type: one group; pairs of method and parameters.
    pub predicates: Option<Vec<(String, BTreeMap<String, String>)>>,
}

/// The localized resources that a case speaks of.
#[derive(Debug)]
pub struct CaseTexts<'a> {
    case: &'a Case,
    restriction: Option<Vec<EnumerationItem>>,
}

impl Transformation {
    /// The cases of the method.
    ///
    /// # Errors
    /// `vectors.toml` is malformed, which a test rules out.
    pub fn cases(&self) -> Result<Vec<Case>, toml::de::Error> {
        toml::from_str::<Vectors>(self.vectors).map(|it| it.case)
    }
}

impl Case {
    /// The call as it is given by name.
    pub fn trial(&self) -> Trial {
        let expected = self.outputs.keys().chain(self.matches.keys()).chain(&self.cleared).chain(&self.untouched);
        let parameters = self.parameters.iter().chain(&self.repeated_parameters);
        Trial {
            inputs: self.inputs.keys().chain(&self.declared).cloned().collect(),
            undeclared: self.undeclared.clone(),
            parameters: parameters.map(|(id, it)| (id.clone(), it.as_str().unwrap_or_default().to_owned())).collect(),
            outputs: expected.cloned().collect(),
            types: self.types.iter().map(|(name, it)| (name.clone(), *it)).collect(),
            parameter_types: self.parameter_types.iter().map(|(id, it)| (id.clone(), *it)).collect(),
        }
    }

    /// The declaration, and the values of its input claims.
    ///
    /// # Errors
    /// A value is none of its data type.
    pub fn declare(&self, transformation: &Transformation) -> Result<(Declaration, Vec<Option<Value>>), String> {
        let mut declaration = self.trial().declare(transformation);
        for output in &mut declaration.outputs {
            output.enumeration = items(&self.enumeration);
            output.predicate_validation = self.predicates.as_deref().map(validation);
        }
        let given = |name: &str, data_type| self.inputs.get(name).map(|it| value(data_type, it)).transpose();
        let values = declaration.inputs.iter().map(|it| given(&it.slot, it.data_type)).collect::<Result<_, _>>()?;
        Ok((declaration, values))
    }

    /// The localized resources of the call.
    pub fn texts(&self) -> CaseTexts<'_> {
        CaseTexts { case: self, restriction: self.localized_enumeration.as_deref().map(items) }
    }
}

/// A value as a vector writes it: the JSON form.
///
/// # Errors
/// It is none of that data type.
pub fn value(data_type: DataType, toml: &toml::Value) -> Result<Value, String> {
    let json = serde_json::to_value(toml).map_err(|it| it.to_string())?;
    Value::from_json(data_type, &json).map_err(|it| it.to_string())?.ok_or_else(|| "null".to_owned())
}

fn items(pairs: &[(String, String)]) -> Vec<EnumerationItem> {
    pairs.iter().map(|(text, value)| EnumerationItem { text: text.clone(), value: value.clone() }).collect()
}

fn validation(predicates: &[(String, BTreeMap<String, String>)]) -> PredicateValidation {
    let predicate = |(method, parameters): &(String, BTreeMap<String, String>)| {
        Predicate::new(method, parameters.clone().into_iter().collect())
    };
    PredicateValidation::of(None, predicates.iter().map(predicate).collect())
}

impl Localization for CaseTexts<'_> {
    fn string(&self, _: &str, string_id: &str, fallback: Fallback) -> Option<String> {
        let default = || self.case.default_strings.get(string_id).filter(|_| fallback == Fallback::DefaultLanguage);
        self.case.strings.get(string_id).or_else(default).cloned()
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        self.restriction.as_deref()
    }
}
