use super::{random_from, with_env};
use crate::transformations::predicates::{Predicate, PredicateGroup, PredicateReferences, PredicateValidation};
use crate::transformations::{
    Declaration, DeclaredClaim, DeclaredParameter, EnumerationItem, Env, Fallback, Localization, Output, Presence,
    Slot, Transformation, TransformationError, all,
};
use crate::{DataType, Secret, Value};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    case: Vec<Case>,
}

/// One case. What is not said: required slots are declared and have no value, all outputs are declared.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Case {
    name: String,
    /// Values of input claims, in declaration order.
    inputs: toml::Table,
    /// Optional inputs that are declared and have no value.
    declared: Vec<String>,
    /// Required inputs that are not declared.
    undeclared: Vec<String>,
    parameters: toml::Table,
    /// Data types of claims that are not those of the signature.
    types: BTreeMap<String, String>,
    parameter_types: BTreeMap<String, String>,
    /// Values that the call sets.
    outputs: toml::Table,
    /// Expressions that the texts of outputs match.
    matches: BTreeMap<String, String>,
    cleared: Vec<String>,
    untouched: Vec<String>,
    error: Option<String>,
    /// The key of an assertion.
    key: Option<String>,
    now: Option<String>,
    seed: Option<u64>,
    relying_party_tenant: Option<String>,
    /// Policy keys.
    keys: BTreeMap<String, String>,
    /// Localized strings of the request's language, by `StringId`.
    strings: BTreeMap<String, String>,
    /// Those of the default language.
    default_strings: BTreeMap<String, String>,
    /// The restriction of the output claim's type: pairs of text and value.
    enumeration: Vec<(String, String)>,
    /// What replaces it in the request's language.
    localized_enumeration: Option<Vec<(String, String)>>,
    /// The predicate validation of the output claim's type: one group; pairs of method and parameters.
    predicates: Option<Vec<(String, BTreeMap<String, String>)>>,
}

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    for transformation in all() {
        let vectors: Vectors =
            toml::from_str(transformation.vectors).unwrap_or_else(|it| panic!("{}: {it}", transformation.method));
        for case in vectors.case {
            if let Err(problem) = check(transformation, &case) {
                failures.push(format!("{}, {}: {problem}", transformation.method, case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(transformation: &'static Transformation, case: &Case) -> Result<(), String> {
    let (declaration, inputs) = declare(transformation, case)?;
    let result = run(transformation, case, &declaration, &inputs);
    let outputs = match (result, &case.error) {
        (Ok(_), Some(code)) => return Err(format!("succeeded, expected the error {code}")),
        (Err(error), None) => return Err(format!("unexpected error: {error}")),
        (Err(error), Some(code)) => {
            let key = match &error {
                TransformationError::Assertion { key, .. } => Some((*key).to_owned()),
                _ => None,
            };
            return if error.code() == code && key == case.key { Ok(()) } else { Err(format!("failed with: {error}")) };
        }
        (Ok(outputs), None) => outputs,
    };
    for (declared, output) in declaration.outputs.iter().zip(outputs) {
        expect(case, declared, &output)?;
    }
    Ok(())
}

fn expect(case: &Case, declared: &DeclaredClaim, output: &Output) -> Result<(), String> {
    let slot = &declared.slot;
    if let Output::Set(value) = output
        && value.data_type() != declared.data_type
    {
        return Err(format!("{slot} is set to a {}", value.data_type()));
    }
    if let Some(pattern) = case.matches.get(slot) {
        let Output::Set(value) = output else { return Err(format!("{slot} is {output:?}")) };
        let matches = fancy_regex::Regex::new(pattern).unwrap().is_match(&value.to_text()).unwrap();
        return if matches { Ok(()) } else { Err(format!("{slot} is {}", value.to_text())) };
    }
    let expected = match case.outputs.get(slot) {
        Some(it) => Output::Set(value(declared.data_type, it)?),
        None if case.cleared.contains(slot) => Output::Clear,
        None => Output::Untouched,
    };
    if *output == expected { Ok(()) } else { Err(format!("{slot} is {}, not {}", show(output), show(&expected))) }
}

fn show(output: &Output) -> String {
    match output {
        Output::Set(value) => format!("`{}`", value.to_text()),
        Output::Clear | Output::Untouched => format!("{output:?}"),
    }
}

fn declare(transformation: &Transformation, case: &Case) -> Result<(Declaration, Vec<Option<Value>>), String> {
    let mut names: Vec<String> = case.inputs.keys().cloned().collect();
    names.extend(case.declared.iter().cloned());
    for slot in transformation.inputs.iter().filter(|it| it.presence == Presence::Required) {
        let present = |name: &String| {
            name.eq_ignore_ascii_case(slot.name) || slot.aliases.iter().any(|it| it.eq_ignore_ascii_case(name))
        };
        if !names.iter().chain(&case.undeclared).any(present) {
            names.push(slot.name.to_owned());
        }
    }
    let mut declaration = Declaration { id: "Test".into(), ..Declaration::default() };
    let mut inputs = Vec::new();
    for name in names {
        let data_type = type_of(case, transformation.inputs, &name)?;
        inputs.push(case.inputs.get(&name).map(|it| value(data_type, it)).transpose()?);
        declaration.inputs.push(DeclaredClaim::new(name.clone(), name, data_type));
    }
    for (id, text) in &case.parameters {
        let slot = transformation.parameters.iter().find(|it| it.name.eq_ignore_ascii_case(id));
        let implied = slot.map_or(DataType::String, |it| it.types.usual());
        let data_type = case.parameter_types.get(id).map_or(Ok(implied), |it| named(it))?;
        let text = text.as_str().ok_or_else(|| format!("parameter {id} is no text"))?;
        declaration.parameters.push(DeclaredParameter::new(id.clone(), data_type, text));
    }
    let mut names: Vec<String> = Vec::new();
    let variadic = |it: &&Slot| !matches!(it.presence, Presence::Variadic(_));
    names.extend(transformation.outputs.iter().filter(variadic).map(|it| it.name.to_owned()));
    let expected = case.outputs.keys().chain(case.matches.keys()).chain(&case.cleared).chain(&case.untouched);
    for name in expected {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    for name in names {
        let data_type = type_of(case, transformation.outputs, &name)?;
        let mut claim = DeclaredClaim::new(name.clone(), name, data_type);
        claim.enumeration = items(&case.enumeration);
        claim.predicate_validation = case.predicates.as_deref().map(validation);
        declaration.outputs.push(claim);
    }
    Ok((declaration, inputs))
}

fn type_of(case: &Case, slots: &[Slot], name: &str) -> Result<DataType, String> {
    let slot = slots.iter().find(|it| it.name == name).or(slots.last());
    case.types.get(name).map_or_else(|| Ok(slot.map_or(DataType::String, |it| it.types.usual())), |it| named(it))
}

fn named(name: &str) -> Result<DataType, String> {
    DataType::from_name(name).ok_or_else(|| format!("no data type `{name}`"))
}

/// A value as a vector writes it: the JSON form.
fn value(data_type: DataType, toml: &toml::Value) -> Result<Value, String> {
    let json: Json = serde_json::to_value(toml).map_err(|it| it.to_string())?;
    Value::from_json(data_type, &json).map_err(|it| it.to_string())?.ok_or_else(|| "null".to_owned())
}

fn items(pairs: &[(String, String)]) -> Vec<EnumerationItem> {
    pairs.iter().map(|(text, value)| EnumerationItem { text: text.clone(), value: value.clone() }).collect()
}

fn validation(predicates: &[(String, BTreeMap<String, String>)]) -> PredicateValidation {
    let predicates = predicates.iter().map(|(method, parameters)| Predicate {
        id: method.clone(),
        method: method.clone(),
        parameters: parameters.clone().into_iter().collect(),
        help_text: None,
    });
    let references = PredicateReferences { match_at_least: None, predicates: predicates.collect() };
    let group = PredicateGroup { references: vec![references], ..PredicateGroup::default() };
    PredicateValidation { id: "Test".into(), groups: vec![group] }
}

struct Texts<'a> {
    case: &'a Case,
    restriction: Option<Vec<EnumerationItem>>,
}

impl Localization for Texts<'_> {
    fn string(&self, element_type: &str, string_id: &str, fallback: Fallback) -> Option<String> {
        assert!(element_type.ends_with("TransformationClaimType"));
        let default = || self.case.default_strings.get(string_id).filter(|_| fallback == Fallback::DefaultLanguage);
        self.case.strings.get(string_id).or_else(default).cloned()
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        self.restriction.as_deref()
    }
}

fn run(
    transformation: &'static Transformation,
    case: &Case,
    declaration: &Declaration,
    inputs: &[Option<Value>],
) -> Result<Vec<Output>, TransformationError> {
    let prepared = transformation.prepare(declaration)?;
    let random = random_from(case.seed.unwrap_or(1));
    let texts = Texts { case, restriction: case.localized_enumeration.as_deref().map(items) };
    with_env(|env| {
        prepared.run(
            inputs,
            &Env {
                now: case.now.as_deref().map_or(env.now, |it| it.parse().unwrap()),
                random: &random,
                relying_party_tenant: case.relying_party_tenant.as_deref().unwrap_or(env.relying_party_tenant),
                keys: &|name| case.keys.get(name).map(Secret::new),
                localization: &texts,
                ..*env
            },
        )
    })
}
