use super::{random_from, with_env};
use crate::transformations::vectors::{Case, value};
use crate::transformations::{Declaration, DeclaredClaim, Env, Output, Transformation, TransformationError, all};
use crate::{Secret, Value};

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    for transformation in all() {
        for case in transformation.cases().unwrap_or_else(|it| panic!("{}: {it}", transformation.method)) {
            if let Err(problem) = check(transformation, &case) {
                failures.push(format!("{}, {}: {problem}", transformation.method, case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(transformation: &'static Transformation, case: &Case) -> Result<(), String> {
    let (declaration, inputs) = case.declare(transformation)?;
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

fn run(
    transformation: &'static Transformation,
    case: &Case,
    declaration: &Declaration,
    inputs: &[Option<Value>],
) -> Result<Vec<Output>, TransformationError> {
    let prepared = transformation.prepare(declaration)?;
    let random = random_from(case.seed.unwrap_or(1));
    let texts = case.texts();
    with_env(|env| {
        prepared.run(
            inputs,
            &Env {
                now: case.now.unwrap_or(env.now),
                random: &random,
                relying_party_tenant: case.relying_party_tenant.as_deref().unwrap_or(env.relying_party_tenant),
                keys: &|name| case.keys.get(name).map(Secret::new),
                localization: &texts,
                ..*env
            },
        )
    })
}
