//! What GetClaimsFromJsonArray and its second version share: objects that each name a claim and its value.

use super::call::{Call, Run};
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::signature::{BOOLEAN, Content, FLAG, ParameterSlot, STRING, Slot, Types, parameter, variadic};
use crate::{DataType, Value};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// One object of the array.
pub(crate) type Pair = Map<String, Json>;

/// Documented as string in a table and as boolean in the examples: both pass.
const FLAG_TYPES: Types = Types { documented: &[DataType::Boolean, DataType::String], ..BOOLEAN };
const CLAIM_TYPES: Types = Types::only(&[DataType::String, DataType::Int, DataType::Boolean, DataType::DateTime])
    .and(&[DataType::Long, DataType::Date, DataType::StringCollection]);

pub(crate) const PARAMETERS: &[ParameterSlot] = &[
    parameter("errorOnMissingClaims", FLAG_TYPES, FLAG),
    parameter("includeEmptyClaims", FLAG_TYPES, FLAG),
    parameter("jsonSourceKeyName", STRING, Content::Text),
    parameter("jsonSourceValueName", STRING, Content::Text),
];
pub(crate) const OUTPUTS: &[Slot] = &[variadic("<key>", "", CLAIM_TYPES)];

struct Extraction {
    missing_is_error: bool,
    includes_empty: bool,
    key: String,
    value: String,
}

/// Prepares a method that gets its objects with `pairs`.
pub(crate) fn prepare(
    preparation: &Preparation<'_>,
    pairs: fn(&Call<'_>) -> Result<Vec<Pair>, Failure>,
) -> Result<Run, ParameterFailure> {
    let it = Extraction {
        missing_is_error: preparation.boolean("errorOnMissingClaims")?,
        includes_empty: preparation.boolean("includeEmptyClaims")?,
        key: preparation.text("jsonSourceKeyName")?.to_owned(),
        value: preparation.text("jsonSourceValueName")?.to_owned(),
    };
    Ok(Box::new(move |call| {
        let pairs = pairs(call)?;
        for (index, name, data_type) in call.declared_outputs() {
            if let Some(value) = it.find(&pairs, name, data_type)? {
                call.set_declared(index, value);
            }
        }
        Ok(())
    }))
}

impl Extraction {
    fn find(&self, pairs: &[Pair], name: &str, data_type: DataType) -> Result<Option<Value>, Failure> {
        let exact = pairs.iter().find(|it| self.key(it) == Some(name));
        let similar = |it: &&Pair| self.key(it).is_some_and(|it| it.eq_ignore_ascii_case(name));
        let Some(pair) = exact.or_else(|| pairs.iter().find(similar)) else {
            let error = || Failure::Failed(Cow::Owned(format!("the JSON source has no key `{name}`")));
            return if self.missing_is_error { Err(error()) } else { Ok(None) };
        };
        match pair.get(&self.value) {
            None | Some(Json::Null) => Ok(self.empty(data_type)),
            Some(Json::String(text)) if text.is_empty() => Ok(self.empty(data_type)),
            Some(other) => Value::from_json(data_type, other)
                .map_err(|it| Failure::Failed(Cow::Owned(format!("the value of `{name}` in the JSON source is {it}")))),
        }
    }

    fn key<'p>(&self, pair: &'p Pair) -> Option<&'p str> {
        pair.get(&self.key).and_then(Json::as_str)
    }

    /// Only a text can be empty.
    fn empty(&self, data_type: DataType) -> Option<Value> {
        (self.includes_empty && data_type == DataType::String).then(|| Value::String(String::new()))
    }
}
