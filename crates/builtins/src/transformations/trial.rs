use super::signature::{Presence, Slot, Transformation, position};
use super::{Declaration, DeclaredClaim, DeclaredParameter};
use crate::{DataType, ParseValueError, Value};

/// A call that no policy declares: what `wayfarer eval`, the vectors and the benchmark give by name. What they don't
/// say follows from the signature.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// The names of inputs, in declaration order. Required ones that are not here are declared after them.
    pub inputs: Vec<String>,
    /// Required inputs that are not declared all the same.
    pub undeclared: Vec<String>,
    /// Ids and texts of parameters, in declaration order.
    pub parameters: Vec<(String, String)>,
    /// Names of outputs besides those that the signature names, which are all declared.
    pub outputs: Vec<String>,
    /// Data types of inputs and outputs, where they are not the usual ones. A name that is said nowhere else is
    /// declared with it: as an input where the method takes inputs of such a name, else as an output.
    pub types: Vec<(String, DataType)>,
    /// Data types of parameters, where they are not the usual ones.
    pub parameter_types: Vec<(String, DataType)>,
}

impl Trial {
    /// The declaration, with names for claim types.
    pub fn declare(&self, transformation: &Transformation) -> Declaration {
        let mut declaration = Declaration { id: "Trial".into(), ..Declaration::default() };
        for name in self.input_names(transformation) {
            let data_type = self.data_type(transformation.inputs, &name);
            declaration.inputs.push(DeclaredClaim::new(name.clone(), name, data_type));
        }
        for (id, text) in &self.parameters {
            let usual = transformation.parameter(id).map_or(DataType::String, |it| it.types.usual());
            let data_type = find(&self.parameter_types, id).unwrap_or(usual);
            declaration.parameters.push(DeclaredParameter::new(id, data_type, text));
        }
        for name in self.output_names(transformation) {
            let shared = transformation.output(&name).and_then(|it| it.same_type_as);
            let input = declaration.inputs.iter().find(|it| shared.is_some_and(|shared| shared == it.slot));
            let implied = input.map(|it| it.data_type).filter(|_| find(&self.types, &name).is_none());
            let data_type = implied.unwrap_or_else(|| self.data_type(transformation.outputs, &name));
            declaration.outputs.push(DeclaredClaim::new(name.clone(), name, data_type));
        }
        declaration
    }

    /// The value of a text that is given for a claim: a collection is a JSON array, and the empty text is the empty
    /// `stringCollection`.
    ///
    /// # Errors
    /// The text is no value of that type.
    pub fn value(data_type: DataType, text: &str) -> Result<Value, ParseValueError> {
        if data_type != DataType::StringCollection || text.is_empty() {
            return Value::parse(data_type, text);
        }
        let error = ParseValueError { data_type, expected: r#"expected a JSON array such as ["a","b"]"# };
        match serde_json::from_str(text) {
            Ok(json @ serde_json::Value::Array(_)) => Value::from_json(data_type, &json)?.ok_or(error),
            _ => Err(error),
        }
    }

    fn input_names(&self, transformation: &Transformation) -> Vec<String> {
        let slots = transformation.inputs;
        let mut names = self.inputs.clone();
        let declared = |names: &[String], slot: usize| names.iter().any(|it| position(slots, it) == Some(slot));
        for (name, _) in &self.types {
            let Some(at) = position(slots, name) else { continue };
            let variadic = slots.get(at).is_some_and(is_variadic);
            // An output may have the name of no input, and be one that only the policy names.
            let is_new = if variadic { is_input_only(transformation, name) } else { !declared(&names, at) };
            if is_new && !names.contains(name) {
                names.push(name.clone());
            }
        }
        for (at, slot) in slots.iter().enumerate() {
            let left_out = declared(&self.undeclared, at);
            if slot.presence == Presence::Required && !left_out && !declared(&names, at) {
                names.push(slot.name.to_owned());
            }
        }
        names
    }

    fn output_names(&self, transformation: &Transformation) -> Vec<String> {
        let fixed = transformation.outputs.iter().filter(|it| !is_variadic(it));
        let mut names: Vec<String> = fixed.map(|it| it.name.to_owned()).collect();
        let unsaid = self.types.iter().map(|(name, _)| name).filter(|name| {
            let is_input = position(transformation.inputs, name).is_some();
            !is_input && !self.inputs.contains(name)
        });
        for name in self.outputs.iter().chain(unsaid) {
            if !names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                names.push(name.clone());
            }
        }
        names
    }

    fn data_type(&self, slots: &[Slot], name: &str) -> DataType {
        let slot = position(slots, name).and_then(|at| slots.get(at));
        find(&self.types, name).unwrap_or_else(|| slot.map_or(DataType::String, |it| it.types.usual()))
    }
}

fn is_variadic(slot: &Slot) -> bool {
    matches!(slot.presence, Presence::Variadic(_))
}

fn is_input_only(transformation: &Transformation, name: &str) -> bool {
    position(transformation.outputs, name).is_none()
}

/// The last type that is given to a name, in its own letter case before any other.
fn find(types: &[(String, DataType)], name: &str) -> Option<DataType> {
    let exact = types.iter().rev().find(|(it, _)| it == name);
    exact.or_else(|| types.iter().rev().find(|(it, _)| it.eq_ignore_ascii_case(name))).map(|(_, it)| *it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn declares(method: &str, trial: &Trial, inputs: &[(&str, DataType)], outputs: &[(&str, DataType)]) {
        let declaration = trial.declare(crate::transformations::find(method).unwrap());
        let rows =
            |claims: &[DeclaredClaim]| -> Vec<_> { claims.iter().map(|it| (it.slot.clone(), it.data_type)).collect() };
        let expected = |rows: &[(&str, DataType)]| -> Vec<_> {
            rows.iter().map(|(it, data_type)| ((*it).to_owned(), *data_type)).collect()
        };
        assert_eq!((rows(&declaration.inputs), rows(&declaration.outputs)), (expected(inputs), expected(outputs)));
    }

    #[test]
    fn the_signature_says_what_is_not_said() {
        use DataType::{Boolean, Int, String, StringCollection};
        let types = |list: &[(&str, DataType)]| list.iter().map(|(name, it)| ((*name).to_owned(), *it)).collect();
        let nothing = Trial::default();
        declares("ParseDomain", &nothing, &[("emailAddress", String)], &[("domain", String)]);
        declares(
            "AddItemToStringCollection",
            &Trial { inputs: vec!["COLLECTION".into()], ..Trial::default() },
            &[("COLLECTION", StringCollection), ("item", String)],
            &[("collection", StringCollection)],
        );
        declares(
            "CopyClaim",
            &Trial { types: types(&[("inputClaim", Int)]), ..Trial::default() },
            &[("inputClaim", Int)],
            &[("outputClaim", Int)],
        );
        declares(
            "ConvertStringToPhoneNumberClaim",
            &Trial { types: types(&[("country", String)]), ..Trial::default() },
            &[("country", String), ("phoneNumberString", String)],
            &[("outputClaim", DataType::PhoneNumber)],
        );
        declares(
            "SetClaimsIfRegexMatch",
            &Trial { types: types(&[("mailAlias", String)]), ..Trial::default() },
            &[("claimToMatch", String)],
            &[("outputClaim", String), ("regexCompareResultClaim", Boolean), ("mailAlias", String)],
        );
        declares(
            "GenerateJson",
            &Trial { inputs: vec!["b".into()], types: types(&[("a", Int), ("b", Boolean)]), ..Trial::default() },
            &[("b", Boolean), ("a", Int)],
            &[("outputClaim", String)],
        );
    }
}
