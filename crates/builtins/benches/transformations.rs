//! One call of each claims transformation: the first case of its vectors that succeeds, prepared before.
//!
//! `cargo bench -p wayfarer-builtins --bench transformations -- CompareClaims`

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use wayfarer_builtins::transformations::predicates::{
    Predicate, PredicateGroup, PredicateReferences, PredicateValidation,
};
use wayfarer_builtins::transformations::{
    Declaration, DeclaredClaim, DeclaredParameter, EnumerationItem, Env, Fallback, Localization, Options, Presence,
    Slot, Transformation, all,
};
use wayfarer_builtins::{DataType, Secret, Value};

/// Every string of the case, in every language.
struct Texts(toml::Table);

impl Localization for Texts {
    fn string(&self, _: &str, string_id: &str, _: Fallback) -> Option<String> {
        self.0.get(string_id)?.as_str().map(str::to_owned)
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        None
    }
}

fn table(case: &toml::Table, name: &str) -> toml::Table {
    case.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default()
}

fn type_of(case: &toml::Table, slots: &[Slot], name: &str) -> DataType {
    let named = table(case, "types").get(name).and_then(toml::Value::as_str).and_then(DataType::from_name);
    let slot = slots.iter().find(|it| it.name == name).or(slots.last());
    named.unwrap_or_else(|| slot.map_or(DataType::String, |it| it.types.usual()))
}

fn claim(case: &toml::Table, slots: &[Slot], name: &str) -> DeclaredClaim {
    DeclaredClaim::new(name, name, type_of(case, slots, name))
}

fn strings(value: &toml::Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

fn declare(method: &Transformation, case: &toml::Table) -> (Declaration, Vec<Option<Value>>) {
    let mut declaration = Declaration { id: "Bench".into(), ..Declaration::default() };
    let (given, parameter_types) = (table(case, "inputs"), table(case, "parameter_types"));
    let mut names: Vec<String> = given.keys().cloned().collect();
    for slot in method.inputs.iter().filter(|it| it.presence == Presence::Required) {
        let known = |it: &String| it == slot.name || slot.aliases.contains(&it.as_str());
        if !names.iter().any(known) {
            names.push(slot.name.to_owned());
        }
    }
    let mut inputs = Vec::new();
    for name in names {
        let declared = claim(case, method.inputs, &name);
        let json = given.get(&name).and_then(|it| serde_json::to_value(it).ok());
        inputs.push(json.and_then(|it| Value::from_json(declared.data_type, &it).ok().flatten()));
        declaration.inputs.push(declared);
    }
    for (id, text) in table(case, "parameters") {
        let slot = method.parameters.iter().find(|it| it.name == id);
        let named = parameter_types.get(&id).and_then(toml::Value::as_str).and_then(DataType::from_name);
        let data_type = named.unwrap_or_else(|| slot.map_or(DataType::String, |it| it.types.usual()));
        declaration.parameters.push(DeclaredParameter::new(id, data_type, text.as_str().unwrap_or_default()));
    }
    let fixed = method.outputs.iter().filter(|it| !matches!(it.presence, Presence::Variadic(_)));
    let mut names: Vec<String> = fixed.map(|it| it.name.to_owned()).collect();
    names.extend(table(case, "outputs").keys().filter(|it| !names.contains(it)).cloned().collect::<Vec<_>>());
    for name in names {
        let mut declared = claim(case, method.outputs, &name);
        declared.predicate_validation = case.get("predicates").and_then(toml::Value::as_array).map(|it| validation(it));
        for pair in case.get("enumeration").and_then(toml::Value::as_array).into_iter().flatten() {
            if let [text, value] = strings(pair).as_slice() {
                declared.enumeration.push(EnumerationItem { text: text.clone(), value: value.clone() });
            }
        }
        declaration.outputs.push(declared);
    }
    (declaration, inputs)
}

fn validation(list: &[toml::Value]) -> PredicateValidation {
    let predicate = |it: &toml::Value| {
        let method = it.get(0).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let parameters = it.get(1).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let text = |it: toml::Value| it.as_str().unwrap_or_default().to_owned();
        Predicate {
            id: method.clone(),
            method,
            parameters: parameters.into_iter().map(|(id, it)| (id, text(it))).collect(),
            ..Predicate::default()
        }
    };
    let references = PredicateReferences { match_at_least: None, predicates: list.iter().map(predicate).collect() };
    let group = PredicateGroup { references: vec![references], ..PredicateGroup::default() };
    PredicateValidation { groups: vec![group], ..PredicateValidation::default() }
}

fn transformations(criterion: &mut Criterion) {
    for method in all() {
        let vectors: toml::Table = toml::from_str(method.vectors).unwrap_or_default();
        let cases = vectors.get("case").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let Some(case) = cases.iter().filter_map(toml::Value::as_table).find(|it| !it.contains_key("error")) else {
            continue;
        };
        let (declaration, inputs) = declare(method, case);
        let Ok(prepared) = method.prepare(&declaration) else { continue };
        let texts = Texts(table(case, "strings"));
        let env = Env {
            now: jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 54),
            random: &|bytes| bytes.fill(7),
            technical_profile: "TestProfile",
            relying_party_tenant: "contoso.onmicrosoft.com",
            trust_framework_tenant: "contoso.onmicrosoft.com",
            authenticator_issuer: "Contoso demo",
            keys: &|_| Some(Secret::new("secret")),
            localization: &texts,
            options: Options::default(),
            remark: &|_| {},
        };
        if prepared.run(&inputs, &env).is_err() {
            continue;
        }
        criterion.bench_function(method.method, |bencher| {
            bencher.iter(|| black_box(prepared.run(black_box(&inputs), &env)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(100))
        .measurement_time(std::time::Duration::from_millis(300));
    targets = transformations
}
criterion_main!(benches);
