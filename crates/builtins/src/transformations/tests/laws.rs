//! What holds between methods, and what the environment changes.

use super::with_env;
use crate::transformations::{
    AbsentRightOperand, Declaration, DeclaredClaim, DeclaredParameter, Env, NoMatch, Options, Output, Remark,
    TransformationError, find,
};
use crate::{DataType, Secret, Value};
use proptest::prelude::*;

type Parameters<'a> = &'a [(&'a str, DataType, &'a str)];

/// Calls a method with the inputs of its signature, in order, and all its outputs declared.
fn eval_in(
    method: &str,
    inputs: &[Option<Value>],
    parameters: Parameters<'_>,
    env: &Env<'_>,
) -> Result<Vec<Output>, TransformationError> {
    let method = find(method).unwrap();
    let slots = method.inputs.iter().zip(inputs);
    let declaration = Declaration {
        id: "Test".into(),
        inputs: slots
            .map(|(slot, value)| {
                let data_type = value.as_ref().map_or(slot.types.usual(), Value::data_type);
                DeclaredClaim::new(slot.name, slot.name, data_type)
            })
            .collect(),
        parameters: parameters.iter().map(|(id, it, value)| DeclaredParameter::new(*id, *it, *value)).collect(),
        outputs: method.outputs.iter().map(|it| DeclaredClaim::new(it.name, it.name, it.types.usual())).collect(),
    };
    method.prepare(&declaration)?.run(inputs, env)
}

/// The value that the first output is set to.
fn eval(method: &str, inputs: &[Value], parameters: Parameters<'_>) -> Option<Value> {
    let inputs: Vec<Option<Value>> = inputs.iter().cloned().map(Some).collect();
    match with_env(|env| eval_in(method, &inputs, parameters, env)).ok()?.into_iter().next()? {
        Output::Set(value) => Some(value),
        Output::Clear | Output::Untouched => None,
    }
}

fn text(it: &str) -> Value {
    Value::String(it.into())
}

proptest! {
    #[test]
    fn joining_undoes_splitting(original in "[a,;\u{e9}]{0,12}", delimiter in "[,;]{1,2}") {
        let parameters = [("delimiter", DataType::String, delimiter.as_str())];
        let items = eval("StringSplit", &[text(&original)], &parameters).unwrap();
        prop_assert_eq!(eval("StringJoin", &[items], &parameters), Some(text(&original)));
    }

    #[test]
    fn changing_case_twice_is_changing_it_once(original in ".{0,12}") {
        for case in ["LOWER", "UPPER"] {
            let parameters = [("toCase", DataType::String, case)];
            let once = eval("ChangeCase", &[text(&original)], &parameters).unwrap();
            prop_assert_eq!(eval("ChangeCase", std::slice::from_ref(&once), &parameters), Some(once.clone()));
        }
    }

    #[test]
    fn adding_an_item_twice_is_adding_it_once(items in proptest::collection::vec("[ab]{0,2}", 0..4), item in "[ab]{0,2}") {
        let add = |list| eval("AddItemToStringCollection", &[text(&item), list], &[]).unwrap();
        let once = add(Value::StringCollection(items));
        prop_assert_eq!(add(once.clone()), once);
    }

    #[test]
    fn incrementing_undoes_decrementing(number in i32::MIN + 1..i32::MAX) {
        let step = |it, operator| eval("AdjustNumber", &[it], &[("Operator", DataType::String, operator)]).unwrap();
        let start = Value::Int(number);
        prop_assert_eq!(step(step(start.clone(), "DECREMENT"), "INCREMENT"), start);
    }

    #[test]
    fn a_day_becomes_an_instant_and_back(day in 0_i32..2_900_000) {
        let date = jiff::civil::Date::constant(1, 1, 1) + jiff::Span::new().days(day);
        let instant = eval("ConvertDateToDateTimeClaim", &[Value::Date(date)], &[]).unwrap();
        prop_assert_eq!(eval("ConvertDateTimeToDateClaim", &[instant], &[]), Some(Value::Date(date)));
    }

    #[test]
    fn the_connectives_obey_de_morgan(left: bool, right: bool) {
        let not = |it| eval("NotClaims", &[it], &[]).unwrap();
        let (left, right) = (Value::Boolean(left), Value::Boolean(right));
        let and = eval("AndClaims", &[left.clone(), right.clone()], &[]).unwrap();
        prop_assert_eq!(Some(not(and)), eval("OrClaims", &[not(left), not(right)], &[]));
    }

    #[test]
    fn a_text_survives_a_json_array(original in ".{0,16}") {
        let array = eval("CreateJsonArray", &[text(&original)], &[]).unwrap();
        prop_assert_eq!(eval("GetSingleValueFromJsonArray", &[array], &[]), Some(text(&original)));
    }

    #[test]
    fn unequal_is_not_equal(left in "[aAb\u{df}]{0,2}", right in "[aAb\u{df}]{0,2}", ignore: bool) {
        let ignore = if ignore { "true" } else { "false" };
        let compare = |operator| {
            let parameters = [("operator", DataType::String, operator), ("ignoreCase", DataType::String, ignore)];
            eval("CompareClaims", &[text(&left), text(&right)], &parameters).unwrap()
        };
        prop_assert_eq!(eval("NotClaims", &[compare("EQUAL")], &[]), Some(compare("NOT EQUAL")));
    }

    #[test]
    fn an_empty_replacement_leaves_no_occurrence_of_a_character(original in "[ab-]{0,12}") {
        let parameters = [("oldValue", DataType::String, "-"), ("newValue", DataType::String, "")];
        let Some(Value::String(result)) = eval("StringReplace", &[text(&original)], &parameters) else { panic!() };
        prop_assert!(!result.contains('-'));
    }
}

#[test]
fn two_draws_differ_and_one_seed_repeats() {
    with_env(|env| {
        let draw = |method, parameters| eval_in(method, &[], parameters, env).unwrap();
        assert_ne!(draw("CreateOtpSecret", &[]), draw("CreateOtpSecret", &[]));
        let guid: Parameters<'_> = &[("randomGeneratorType", DataType::String, "GUID")];
        assert_ne!(draw("CreateRandomString", guid), draw("CreateRandomString", guid));
        let seeded: Parameters<'_> =
            &[("randomGeneratorType", DataType::String, "INTEGER"), ("seed", DataType::Int, "7")];
        assert_eq!(draw("CreateRandomString", seeded), draw("CreateRandomString", seeded));
    });
}

#[test]
fn text_salt_and_secret_each_change_a_hash() {
    let hash = |plaintext: &str, salt: &str, secret: &str| {
        let parameters = [("randomizerSecret", DataType::String, "B2C_1A_Test")];
        let keys = |_: &str| Some(Secret::new(secret));
        let inputs = [Some(text(plaintext)), Some(text(salt))];
        with_env(|env| eval_in("Hash", &inputs, &parameters, &Env { keys: &keys, ..*env })).unwrap()
    };
    let first = hash("a", "b", "c");
    assert_eq!(first, hash("a", "b", "c"));
    for other in [hash("x", "b", "c"), hash("a", "x", "c"), hash("a", "b", "x"), hash("b", "a", "c")] {
        assert_ne!(first, other);
    }
}

#[test]
fn the_options_choose_the_other_reading() {
    let options = Options { absent_right_operand: AbsentRightOperand::Lenient, no_match: NoMatch::Keeps };
    with_env(|env| {
        let env = Env { options, ..*env };
        let assert = |flag| {
            let parameters = [("AssertIfRightOperandIsNotPresent", DataType::Boolean, flag)];
            eval_in("AssertDateTimeIsGreaterThan", &[Some(text("2022-01-01")), None], &parameters, &env)
        };
        assert_eq!(assert("false"), Ok(Vec::new()));
        assert_eq!(assert("true").map_err(|it| it.code()), Err("assertion"));
        let parameters = [
            ("matchTo", DataType::String, "a"),
            ("stringComparison", DataType::String, "Ordinal"),
            ("outputClaimIfMatched", DataType::String, "x"),
        ];
        let outputs = eval_in("SetClaimsIfStringsMatch", &[Some(text("b"))], &parameters, &env).unwrap();
        assert_eq!(outputs, [Output::Untouched, Output::Set(Value::Boolean(false))]);
    });
}

#[test]
fn a_value_of_another_type_than_declared_is_an_error() {
    let declaration = Declaration {
        id: "Test".into(),
        inputs: vec![DeclaredClaim::new("inputClaim", "flag", DataType::Boolean)],
        ..Declaration::default()
    };
    let prepared = find("NotClaims").unwrap().prepare(&declaration).unwrap();
    with_env(|env| {
        assert_eq!(prepared.run(&[Some(text("true"))], env).map_err(|it| it.code()), Err("failed"));
        assert_eq!(prepared.run(&[], env).map_err(|it| it.code()), Err("missing-input"));
        assert_eq!(prepared.run(&[Some(Value::Boolean(true))], env), Ok(Vec::new()), "outputs may be left out");
    });
}

#[test]
fn what_is_strange_and_no_failure_is_remarked() {
    let remarks = |method, input: &str, parameters| {
        let heard = std::sync::Mutex::new(Vec::new());
        let remark = |it| heard.lock().unwrap().push(it);
        with_env(|env| eval_in(method, &[Some(text(input))], parameters, &Env { remark: &remark, ..*env })).unwrap();
        heard.into_inner().unwrap()
    };
    let format: Parameters<'_> = &[("stringFormatId", DataType::String, "Hello")];
    let missing = Remark::LocalizedStringMissing { string_id: "Hello".into() };
    assert_eq!(remarks("FormatLocalizedString", "x", format), [missing]);
    let evil: Parameters<'_> = &[("matchTo", DataType::String, r"^(?=a)(a|aa)+\1b$")];
    assert_eq!(remarks("SetClaimsIfRegexMatch", &"a".repeat(60), evil), [Remark::RegexLimit]);
    assert_eq!(remarks("SetClaimsIfRegexMatch", "aab", evil), []);
}
