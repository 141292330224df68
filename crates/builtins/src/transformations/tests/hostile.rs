//! What holds of any input: no panic, no value of another type than declared, and an end.

use super::with_env;
use crate::transformations::{
    Declaration, DeclaredClaim, DeclaredParameter, Output, Presence, Slot, Transformation, TransformationError, all,
};
use crate::{DataType, Identity, Value};
use proptest::prelude::*;

/// What an input and a parameter are drawn from; `pick` chooses.
struct Choice<'a> {
    text: &'a str,
    pick: u64,
}

impl Choice<'_> {
    fn next(&mut self, bound: usize) -> usize {
        self.pick = self.pick.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.pick >> 33).unwrap() % bound
    }

    fn value(&mut self, data_type: DataType) -> Option<Value> {
        let identities = || vec![Identity { issuer: self.text.into(), issuer_user_id: self.text.into() }; 3];
        let number = [i64::MIN, -1, 0, 1, i64::MAX][usize::try_from(self.pick % 5).unwrap()];
        match data_type {
            DataType::Boolean => Some(Value::Boolean(self.pick.is_multiple_of(2))),
            DataType::Int => Some(Value::Int(i32::try_from(number).unwrap_or(i32::MAX))),
            DataType::Long => Some(Value::Long(number)),
            DataType::Date => Value::parse(data_type, ["9999-12-31", "0001-01-01", "2004-02-29"][self.next(3)]).ok(),
            DataType::DateTime => {
                let text = ["9999-12-30T21:59:59Z", "0001-01-01T00:00:00Z", "2004-02-29T00:00:00Z"][self.next(3)];
                Value::parse(data_type, text).ok()
            }
            DataType::Duration => Value::parse(data_type, "P1D").ok(),
            DataType::String => Some(Value::String(self.text.into())),
            DataType::PhoneNumber => Value::parse(data_type, "+11234567890").ok(),
            DataType::StringCollection => Some(Value::StringCollection(vec![self.text.into(); 3])),
            DataType::UserIdentity => identities().pop().map(Value::UserIdentity),
            DataType::UserIdentityCollection => Some(Value::UserIdentityCollection(identities())),
            DataType::AlternativeSecurityIdCollection => Some(Value::AlternativeSecurityIdCollection(identities())),
            DataType::ObjectIdentity | DataType::ObjectIdentityCollection => None,
        }
    }

    /// A parameter's text: one that is meant to be there, or the hostile one.
    fn parameter(&mut self) -> String {
        let usual = [
            "true",
            "false",
            "Ordinal",
            "OrdinalIgnoreCase",
            "EQUAL",
            "GUID",
            "INTEGER",
            "LOWER",
            "UPPER",
            "INCREMENT",
            "LessThan",
            "same",
            "earlier than",
            "ISO3166",
            "0",
            "1",
            "-1",
            "2147483647",
            "{0}",
            "https",
            "h",
            "a",
            "2022-01-01",
            "B2C_1A_Test",
            "(?<a>.*)$",
            "",
        ];
        match self.next(usual.len() * 2) {
            it if it < usual.len() => usual[it].to_owned(),
            _ => self.text.to_owned(),
        }
    }
}

fn name(slot: &Slot, choice: &mut Choice<'_>) -> String {
    match slot.presence {
        Presence::Variadic(prefix) => format!("{prefix}{}", ["a", "a.0", "b.c", choice.text][choice.next(4)]),
        Presence::Required | Presence::Optional => slot.name.to_owned(),
    }
}

/// Calls a method with inputs drawn from a text. The declaration has the signature; its parameters may be anything.
fn call(transformation: &'static Transformation, text: &str, pick: u64) -> Option<Result<(), TransformationError>> {
    let mut choice = Choice { text, pick };
    let mut declaration = Declaration { id: "Test".into(), ..Declaration::default() };
    let mut inputs = Vec::new();
    for slot in transformation.inputs {
        let types = slot.types.documented;
        let data_type = types[choice.next(types.len())];
        let name = name(slot, &mut choice);
        declaration.inputs.push(DeclaredClaim::new(name, slot.name, data_type));
        inputs.push(if choice.next(8) == 0 { None } else { choice.value(data_type) });
    }
    for slot in transformation.parameters {
        let mut value = choice.parameter();
        if let crate::transformations::Content::Words(words) = slot.content
            && choice.next(4) > 0
        {
            value = words[choice.next(words.len())].to_owned();
        }
        let id = match slot.presence {
            Presence::Variadic(prefix) => format!("{prefix}{}", ["k", "a.1", "b.d", choice.text][choice.next(4)]),
            Presence::Required | Presence::Optional => slot.name.to_owned(),
        };
        declaration.parameters.push(DeclaredParameter::new(id, slot.types.usual(), value));
    }
    for slot in transformation.outputs {
        let same = slot.same_type_as.and(declaration.inputs.first()).map(|it| it.data_type);
        let data_type = same.unwrap_or(slot.types.usual());
        let name = name(slot, &mut choice);
        declaration.outputs.push(DeclaredClaim::new(name, slot.name, data_type));
    }
    let prepared = transformation.prepare(&declaration).ok()?;
    let result = with_env(|env| prepared.run(&inputs, env));
    if let Ok(outputs) = &result {
        assert_eq!(outputs.len(), declaration.outputs.len());
        for (output, declared) in outputs.iter().zip(&declaration.outputs) {
            if let Output::Set(value) = output {
                assert_eq!(value.data_type(), declared.data_type, "{}", transformation.method);
            }
        }
    }
    Some(result.map(|_| ()))
}

proptest! {
    #[test]
    fn no_method_panics_or_sets_another_type(text in ".{0,20}", pick in any::<u64>()) {
        for transformation in all() {
            let _ = call(transformation, &text, pick);
        }
    }

    #[test]
    fn no_error_tells_a_claim(pick in any::<u64>()) {
        // No word of ours, and no parameter: only claims hold it.
        let secret = "q7Zx-private";
        for transformation in all() {
            let mut inputs_only = transformation.parameters.is_empty();
            inputs_only &= !transformation.inputs.iter().any(|it| matches!(it.presence, Presence::Variadic(_)));
            inputs_only &= !transformation.outputs.iter().any(|it| matches!(it.presence, Presence::Variadic(_)));
            if let Some(Err(error)) = call(transformation, secret, pick).filter(|_| inputs_only) {
                let shown = format!("{error} {error:?}");
                prop_assert!(!shown.contains(secret), "{}", shown);
            }
        }
    }
}

#[test]
fn a_megabyte_of_anything_ends() {
    let texts = [
        "a".repeat(1 << 20),
        ",".repeat(1 << 20),
        "[".repeat(1 << 20),
        "{\"a\":".repeat(1 << 18),
        format!("[{}1]", "1,".repeat(1 << 19)),
        format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)),
        "<a>".repeat(1 << 18),
        format!("<a>{}</a>", "<b/>".repeat(1 << 18)),
        format!("<a {}/>", "b='1' ".repeat(1 << 17)),
        "&lt;".repeat(1 << 18),
        "{0}".repeat(1 << 18),
        "😀".repeat(1 << 18),
        "ß\u{0}".repeat(1 << 18),
        "+1".repeat(1 << 19),
        "@".repeat(1 << 20),
    ];
    for text in &texts {
        for transformation in all() {
            for pick in 0..2 {
                let _ = call(transformation, text, pick);
            }
        }
    }
}
