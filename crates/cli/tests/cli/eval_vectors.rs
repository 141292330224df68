//! Every case of every claims transformation, through the binary: `eval --format json` says what `vectors.toml` says.

use crate::sandbox::Sandbox;
use serde_json::{Map, Value as Json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wayfarer_builtins::DataType;
use wayfarer_builtins::transformations::regex::Regex;
use wayfarer_builtins::transformations::vectors::{Case, value};
use wayfarer_builtins::transformations::{Transformation, all};

/// What a policy can do and `eval` can't: leave out a required input, and have texts in a default language.
const NOT_SAYABLE: usize = 5;

#[test]
fn every_vector_holds_through_the_binary() {
    let cases: Vec<(&Transformation, Case)> =
        all().iter().flat_map(|it| it.cases().unwrap().into_iter().map(move |case| (*it, case))).collect();
    let sandbox = Sandbox::new();
    let (next, skipped) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some((transformation, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if !case.undeclared.is_empty() || !case.default_strings.is_empty() {
                skipped.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let arguments = arguments(transformation, case);
            let ended = sandbox.wayfarer(&arguments);
            if let Err(problem) = agrees(transformation, case, ended.code, &ended.json()) {
                failures.lock().unwrap().push(format!("{}: {problem}\n  {arguments:?}\n  {ended:?}", case.name));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 8);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(skipped.into_inner(), NOT_SAYABLE);
}

/// A case as a command line.
fn arguments(transformation: &Transformation, case: &Case) -> Vec<String> {
    let mut arguments: Vec<String> = ["eval", transformation.method, "--format", "json"].map(str::to_owned).into();
    let mut push = |option: &str, name: &str, text: &str| {
        arguments.extend([option.to_owned(), format!("{name}={text}")]);
    };
    for (name, it) in &case.inputs {
        push("--in", name, &text(it));
    }
    for (id, it) in case.parameters.iter().chain(&case.repeated_parameters) {
        push("--param", id, &text(it));
    }
    for (name, it) in &case.types {
        push("--type", name, it.as_str());
    }
    // What only a policy names is declared by its type.
    let expected = case.outputs.keys().chain(case.matches.keys()).chain(&case.cleared).chain(&case.untouched);
    let named = |name: &String| transformation.outputs.iter().any(|it| it.name == name);
    for name in case.declared.iter().chain(expected.filter(|it| !named(it))) {
        if !case.types.contains_key(name) {
            push("--type", name, DataType::String.as_str());
        }
    }
    for (id, it) in &case.parameter_types {
        push("--param-type", id, it.as_str());
    }
    for (id, it) in &case.strings {
        push("--localized", id, it);
    }
    for (text, it) in case.localized_enumeration.as_ref().unwrap_or(&case.enumeration) {
        push("--enumeration", text, it);
    }
    for (method, parameters) in case.predicates.iter().flatten() {
        parameters.iter().for_each(|(id, it)| push("--predicate", &format!("{method}.{id}"), it));
    }
    for (container, secret) in &case.keys {
        push("--key", container, secret);
    }
    push("--expression", "TechnicalProfileId", "TestProfile");
    push("--expression", "TrustFrameworkTenantId", "contoso-ief.onmicrosoft.com");
    if let Some(tenant) = &case.relying_party_tenant {
        push("--expression", "RelyingPartyTenantId", tenant);
    }
    let now = case.now.map_or_else(|| "2022-01-14T11:40:35.5Z".to_owned(), |it| it.to_string());
    let seed = case.seed.unwrap_or(1).to_string();
    arguments.extend(["--now".to_owned(), now, "--seed".to_owned(), seed]);
    arguments
}

fn text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(_) | toml::Value::Table(_) => serde_json::to_string(value).unwrap(),
        other => other.to_string(),
    }
}

fn agrees(transformation: &Transformation, case: &Case, exit: i32, json: &Json) -> Result<(), String> {
    if let Some(code) = &case.error {
        let error = &json["error"];
        let agrees = exit == 1 && error["code"] == *code && error["key"].as_str() == case.key.as_deref();
        return if agrees && error["message"].is_string() { Ok(()) } else { Err(format!("no error {code}")) };
    }
    let outputs = json["outputs"].as_object().filter(|_| exit == 0).ok_or("no outputs")?;
    let (declaration, _) = case.declare(transformation)?;
    let data_type = |name: &str| declaration.outputs.iter().find(|it| it.slot == *name).map(|it| it.data_type);
    let mut expected = Map::new();
    for (name, it) in &case.outputs {
        let data_type = data_type(name).ok_or("an output is not declared")?;
        expected.insert(name.clone(), value(data_type, it)?.to_json());
    }
    expected.extend(case.cleared.iter().map(|it| (it.clone(), Json::Null)));
    for (name, pattern) in &case.matches {
        let text = outputs.get(name).and_then(Json::as_str).ok_or_else(|| format!("no {name}"))?;
        if !Regex::new(pattern).unwrap().is_match(text).unwrap() {
            return Err(format!("{name} does not match {pattern}"));
        }
        expected.insert(name.clone(), Json::String(text.to_owned()));
    }
    // Objects are equal in any order of their members.
    if *outputs == expected { Ok(()) } else { Err(format!("expected {expected:?}")) }
}
