use super::failure::ParameterFailure;
use super::signature::{Transformation, position};
use super::{Declaration, DeclaredClaim, DeclaredParameter};
use crate::DataType;

/// A declaration that passed the check, while its parameters are read.
pub(crate) struct Preparation<'a> {
    pub transformation: &'static Transformation,
    pub declaration: &'a Declaration,
}

impl<'a> Preparation<'a> {
    /// A declared parameter of a named (not variadic) slot.
    pub(crate) fn parameter(&self, name: &str) -> Option<&'a DeclaredParameter> {
        self.declaration.parameters.iter().find(|it| it.id.eq_ignore_ascii_case(name))
    }

    /// The text of a parameter, or the default in the signature.
    pub(crate) fn optional_text(&self, name: &str) -> Option<&'a str> {
        let default = || self.transformation.parameters.iter().find(|it| it.name == name)?.default;
        self.parameter(name).map(|it| it.value.as_str()).or_else(default)
    }

    /// The text of a parameter that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<&'a str, ParameterFailure> {
        self.optional_text(name).ok_or_else(|| ParameterFailure::new(name, "is not declared"))
    }

    /// `true` or `false` in any letter case.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, ParameterFailure> {
        let text = self.text(name)?;
        boolean(text).ok_or_else(|| ParameterFailure::new(name, "must be `true` or `false`"))
    }

    /// A whole number of 32 bits.
    pub(crate) fn int(&self, name: &str) -> Result<i32, ParameterFailure> {
        let text = self.text(name)?;
        match crate::Value::parse(DataType::Int, text) {
            Ok(crate::Value::Int(it)) => Ok(it),
            _ => Err(ParameterFailure::new(name, "must be a whole number of 32 bits")),
        }
    }

    /// One of several words in any letter case; `words` pairs each with what it means.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ParameterFailure> {
        let text = self.text(name)?;
        words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, it)| *it).ok_or_else(|| {
            let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            ParameterFailure::new(name, format!("must be one of {list}"))
        })
    }

    /// The declared parameters of the variadic slot, in declaration order.
    pub(crate) fn further_parameters(&self) -> impl Iterator<Item = &'a DeclaredParameter> + use<'a, '_> {
        let slots = self.transformation.parameters;
        self.declaration.parameters.iter().filter(move |it| {
            position(slots, &it.id)
                .and_then(|at| slots.get(at))
                .is_some_and(|it| matches!(it.presence, super::Presence::Variadic(_)))
        })
    }

    /// The declared output of a named slot.
    pub(crate) fn output(&self, name: &str) -> Option<&'a DeclaredClaim> {
        self.declaration.outputs.iter().find(|it| it.slot.eq_ignore_ascii_case(name))
    }
}

/// A flag, in any letter case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
