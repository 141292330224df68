//! A call of a claims transformation out of the fuzzer's bytes, written as `wayfarer eval` is called: the method, then
//! records of one letter, a name, `=` and a text.

use crate::SEPARATOR;
use wayfarer_builtins::transformations::predicates::{METHODS, Predicate, PredicateValidation};
use wayfarer_builtins::transformations::vectors::Case;
use wayfarer_builtins::transformations::{
    Declaration, EnumerationItem, Fallback, Localization, Presence, Transformation, Trial, all, find,
};
use wayfarer_builtins::{DataType, Value};

/// No more records than these are taken out of one input.
const MOST_RECORDS: usize = 64;

/// A call: what is declared, the values of the inputs, and the texts of the content definition.
pub struct Call {
    pub transformation: &'static Transformation,
    pub declaration: Declaration,
    pub values: Vec<Option<Value>>,
    pub texts: Texts,
}

/// Localized strings.
pub struct Texts(Vec<(String, String)>);

impl Localization for Texts {
    fn string(&self, _: &str, string_id: &str, _: Fallback) -> Option<String> {
        self.0.iter().find(|(id, _)| id == string_id).map(|(_, text)| text.clone())
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        None
    }
}

impl Call {
    /// Any bytes are a call: names that the method doesn't know become one that it does.
    pub fn read(data: &[u8]) -> Self {
        let text = String::from_utf8_lossy(data);
        let mut records = text.split(char::from(SEPARATOR)).take(MOST_RECORDS);
        let method = records.next().unwrap_or_default();
        let transformation = find(method).unwrap_or_else(|| all()[pick(method, all().len())]);
        let inputs: Vec<_> = transformation.inputs.iter().map(|it| (it.name, it.presence)).collect();
        let parameters: Vec<_> = transformation.parameters.iter().map(|it| (it.name, it.presence)).collect();
        let mut trial = Trial::default();
        let (mut given, mut strings, mut items, mut predicates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for record in records {
            let (name, text) = record.split_once('=').unwrap_or((record, ""));
            let (kind, name) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
            match kind {
                "i" => {
                    trial.inputs.push(known(name, &inputs, transformation.input(name).is_some()));
                    given.push(text);
                }
                "t" => trial.types.push((name.to_owned(), data_type(text))),
                "y" => trial.parameter_types.push((name.to_owned(), data_type(text))),
                "l" => strings.push((name.to_owned(), text.to_owned())),
                "e" => items.push(EnumerationItem { text: name.to_owned(), value: text.to_owned() }),
                "r" => predicates.push(predicate(name, text)),
                _ => {
                    let name = known(name, &parameters, transformation.parameter(name).is_some());
                    trial.parameters.push((name, text.to_owned()));
                }
            }
        }
        let mut declaration = trial.declare(transformation);
        for output in &mut declaration.outputs {
            output.enumeration.clone_from(&items);
            output.predicate_validation = Some(PredicateValidation::of(None, predicates.clone()));
        }
        let values = declaration
            .inputs
            .iter()
            .enumerate()
            .map(|(at, it)| given.get(at).and_then(|text| Trial::value(it.data_type, text).ok()));
        Self { transformation, values: values.collect(), declaration, texts: Texts(strings) }
    }
}

/// The same of a case of `vectors.toml`: where fuzzing begins.
pub fn write(transformation: &Transformation, case: &Case) -> String {
    let text = |it: &toml::Value| match it {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(_) | toml::Value::Table(_) => serde_json::to_string(it).unwrap_or_default(),
        other => other.to_string(),
    };
    let mut records = vec![transformation.method.to_owned()];
    records.extend(case.inputs.iter().map(|(name, it)| format!("i{name}={}", text(it))));
    records.extend(case.parameters.iter().map(|(id, it)| format!("p{id}={}", text(it))));
    records.extend(case.types.iter().map(|(name, it)| format!("t{name}={it}")));
    records.extend(case.parameter_types.iter().map(|(id, it)| format!("y{id}={it}")));
    records.extend(case.strings.iter().map(|(id, it)| format!("l{id}={it}")));
    records.extend(case.enumeration.iter().map(|(shown, it)| format!("e{shown}={it}")));
    for (method, parameters) in case.predicates.iter().flatten() {
        records.extend(parameters.values().map(|it| format!("r{method}={it}")));
    }
    records.join(&char::from(SEPARATOR).to_string())
}

fn pick(text: &str, bound: usize) -> usize {
    text.bytes().fold(0_usize, |sum, it| sum.wrapping_mul(31).wrapping_add(it.into())) % bound
}

fn known(name: &str, slots: &[(&'static str, Presence)], is_known: bool) -> String {
    match slots.get(pick(name, slots.len().max(1))) {
        Some((slot, Presence::Required | Presence::Optional)) if !is_known => (*slot).to_owned(),
        Some((_, Presence::Variadic(prefix))) if !is_known => format!("{prefix}{name}"),
        _ => name.to_owned(),
    }
}

fn data_type(text: &str) -> DataType {
    DataType::from_name(text).unwrap_or_else(|| DataType::ALL[pick(text, DataType::ALL.len())])
}

/// One text for all parameters of a predicate.
fn predicate(method: &str, text: &str) -> Predicate {
    let known = METHODS.iter().find(|(it, _)| *it == method);
    let (method, ids) = known.unwrap_or_else(|| &METHODS[pick(method, METHODS.len())]);
    Predicate::new(method, ids.iter().map(|id| ((*id).to_owned(), text.to_owned())).collect())
}
