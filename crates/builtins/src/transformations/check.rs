//! The signature check that the service makes at upload (reference, R3): names and exact data types.

use super::Declaration;
use super::signature::{Named, Presence, Transformation, Types, position};
use crate::DataType;
use std::fmt;

/// One way in which a declaration differs from the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureProblem {
    /// Which list it is about.
    pub list: SignatureList,
    /// The entry of that list, counted from 0; `None` when the problem is that there is no entry.
    pub entry: Option<usize>,
    /// What differs.
    pub kind: SignatureProblemKind,
}

/// A list of a `ClaimsTransformation`, named as the element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureList {
    /// `InputClaims`
    InputClaims,
    /// `InputParameters`
    InputParameters,
    /// `OutputClaims`
    OutputClaims,
}

/// What differs. Names are as declared, or as expected where nothing is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureProblemKind {
    /// The method knows no such name.
    Unexpected {
        /// The declared name.
        name: String,
        /// The declared type.
        data_type: DataType,
    },
    /// The name is known, but not with that type: the service lists it as unexpected and as missing.
    WrongType {
        /// The declared name.
        name: String,
        /// The declared type.
        data_type: DataType,
        /// The types that are expected.
        expected: Vec<DataType>,
    },
    /// The method expects it and nothing declares it.
    Missing {
        /// The expected name.
        name: &'static str,
        /// The type to declare it with.
        expected: DataType,
    },
    /// An earlier entry of the list has the same name.
    Repeated {
        /// The declared name.
        name: String,
    },
    /// The service accepts this at upload, and every call then fails with a cast error. Not an error of the upload.
    CastError {
        /// The declared name.
        name: String,
        /// The declared type.
        data_type: DataType,
        /// The type that works.
        expected: DataType,
    },
    /// Accepted here, but neither documented nor seen in a public policy. A remark.
    Undocumented {
        /// The declared name.
        name: String,
        /// The declared type.
        data_type: DataType,
        /// The documented types.
        documented: Vec<DataType>,
    },
    /// The letter case is not the documented one; whether the service minds is not known. A remark.
    LetterCase {
        /// The declared name.
        name: String,
        /// The name as documented.
        documented: &'static str,
    },
}

impl SignatureProblem {
    /// Whether the service refuses the policy for it.
    pub fn is_error(&self) -> bool {
        match self.kind {
            SignatureProblemKind::Unexpected { .. }
            | SignatureProblemKind::WrongType { .. }
            | SignatureProblemKind::Missing { .. }
            | SignatureProblemKind::Repeated { .. } => true,
            SignatureProblemKind::CastError { .. }
            | SignatureProblemKind::Undocumented { .. }
            | SignatureProblemKind::LetterCase { .. } => false,
        }
    }
}

impl SignatureList {
    /// The element's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InputClaims => "InputClaims",
            Self::InputParameters => "InputParameters",
            Self::OutputClaims => "OutputClaims",
        }
    }
}

impl fmt::Display for SignatureList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for SignatureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = self.list;
        match &self.kind {
            SignatureProblemKind::Unexpected { name, data_type } => {
                write!(f, "{list}: `{name}` ({data_type}) is not expected")
            }
            SignatureProblemKind::WrongType { name, data_type, expected } => {
                write!(f, "{list}: `{name}` is {data_type}, expected {}", names(expected))
            }
            SignatureProblemKind::Missing { name, expected } => {
                write!(f, "{list}: `{name}` ({expected}) is expected and not declared")
            }
            SignatureProblemKind::Repeated { name } => write!(f, "{list}: `{name}` is declared twice"),
            SignatureProblemKind::CastError { name, data_type, expected } => {
                write!(f, "{list}: `{name}` as {data_type} passes the upload and fails at every call, use {expected}")
            }
            SignatureProblemKind::Undocumented { name, data_type, documented } => {
                write!(f, "{list}: `{name}` is {data_type}, documented is {}", names(documented))
            }
            SignatureProblemKind::LetterCase { name, documented } => {
                write!(f, "{list}: `{name}` is documented as `{documented}`")
            }
        }
    }
}

fn names(types: &[DataType]) -> String {
    types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" or ")
}

/// An entry of a declared list: its name and type.
type Entry<'a> = (&'a str, DataType);

pub(crate) fn check(transformation: &Transformation, declaration: &Declaration) -> Vec<SignatureProblem> {
    let inputs: Vec<Entry<'_>> = declaration.inputs.iter().map(|it| (it.slot.as_str(), it.data_type)).collect();
    let parameters: Vec<Entry<'_>> = declaration.parameters.iter().map(|it| (it.id.as_str(), it.data_type)).collect();
    let outputs: Vec<Entry<'_>> = declaration.outputs.iter().map(|it| (it.slot.as_str(), it.data_type)).collect();
    let mut problems = check_list(SignatureList::InputClaims, transformation.inputs, &inputs);
    problems.extend(check_list(SignatureList::InputParameters, transformation.parameters, &parameters));
    problems.extend(check_list(SignatureList::OutputClaims, transformation.outputs, &outputs));
    problems.extend(shared_types(transformation, &inputs, &outputs));
    problems
}

fn check_list<S: Named>(list: SignatureList, slots: &[S], entries: &[Entry<'_>]) -> Vec<SignatureProblem> {
    let mut problems = Vec::new();
    let mut seen = vec![false; slots.len()];
    let mut names = std::collections::HashSet::new();
    for (index, &(name, data_type)) in entries.iter().enumerate() {
        let mut report = |kind| problems.push(SignatureProblem { list, entry: Some(index), kind });
        let Some((at, slot)) = position(slots, name).and_then(|at| slots.get(at).map(|it| (at, it))) else {
            report(SignatureProblemKind::Unexpected { name: name.to_owned(), data_type });
            continue;
        };
        let variadic = matches!(slot.presence(), Presence::Variadic(_));
        // The names of a variadic slot are texts of the policy and differ by letter case; a slot may have two names.
        let repeated = if variadic { !names.insert(name) } else { seen.get(at).copied().unwrap_or_default() };
        if let Some(it) = seen.get_mut(at) {
            *it = true;
        }
        if repeated {
            report(SignatureProblemKind::Repeated { name: name.to_owned() });
        } else if let Some(kind) = type_problem(slot.types(), name, data_type) {
            report(kind);
        }
        if !variadic && name != slot.name() && name.eq_ignore_ascii_case(slot.name()) {
            report(SignatureProblemKind::LetterCase { name: name.to_owned(), documented: slot.name() });
        }
    }
    let missing = slots.iter().zip(&seen).filter(|(slot, seen)| !**seen && slot.presence() == Presence::Required);
    problems.extend(missing.map(|(slot, _)| SignatureProblem {
        list,
        entry: None,
        kind: SignatureProblemKind::Missing { name: slot.name(), expected: slot.types().usual() },
    }));
    problems
}

fn type_problem(types: &Types, name: &str, data_type: DataType) -> Option<SignatureProblemKind> {
    let name = name.to_owned();
    if types.documented.contains(&data_type) {
        None
    } else if types.cast_error.contains(&data_type) {
        Some(SignatureProblemKind::CastError { name, data_type, expected: types.usual() })
    } else if types.undocumented.contains(&data_type) {
        Some(SignatureProblemKind::Undocumented { name, data_type, documented: types.documented.to_vec() })
    } else {
        let expected = [types.documented, types.undocumented].concat();
        Some(SignatureProblemKind::WrongType { name, data_type, expected })
    }
}

/// Outputs that must have the type of an input (CopyClaim).
fn shared_types(it: &Transformation, inputs: &[Entry<'_>], outputs: &[Entry<'_>]) -> Vec<SignatureProblem> {
    let mut problems = Vec::new();
    for (index, &(name, data_type)) in outputs.iter().enumerate() {
        let Some(slot) = position(it.outputs, name).and_then(|at| it.outputs.get(at)) else { continue };
        let Some(input) = slot.same_type_as else { continue };
        let source = inputs.iter().find(|(name, _)| name.eq_ignore_ascii_case(input));
        if let Some((_, expected)) = source.filter(|(_, expected)| *expected != data_type) {
            let kind = SignatureProblemKind::WrongType { name: name.to_owned(), data_type, expected: vec![*expected] };
            problems.push(SignatureProblem { list: SignatureList::OutputClaims, entry: Some(index), kind });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformations::{DeclaredClaim, DeclaredParameter, find};
    use SignatureList::{InputClaims, InputParameters, OutputClaims};

    type Row<'a> = (&'a str, DataType);

    #[track_caller]
    fn check(method: &str, inputs: &[Row<'_>], parameters: &[Row<'_>], outputs: &[Row<'_>], expected: &[&str]) {
        let claims = |rows: &[Row<'_>]| rows.iter().map(|(name, it)| DeclaredClaim::new(*name, *name, *it)).collect();
        let declaration = Declaration {
            id: "Test".into(),
            inputs: claims(inputs),
            parameters: parameters.iter().map(|(id, it)| DeclaredParameter::new(*id, *it, "true")).collect(),
            outputs: claims(outputs),
        };
        let problems = find(method).unwrap().check(&declaration);
        let shown = problems.iter().map(|it| {
            let kind = if it.is_error() { "error" } else { "remark" };
            format!("{kind} at {:?}: {it}", it.entry)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_and_types_must_be_those_of_the_method() {
        // The message of the service that samples issue 515 quotes is about this declaration.
        let inputs = [("leftOperand", DataType::String), ("rightOperand", DataType::DateTime)];
        check(
            "AssertDateTimeIsGreaterThan",
            &inputs,
            &[],
            &[],
            &["error at Some(1): InputClaims: `rightOperand` is dateTime, expected string"],
        );
        check(
            "AddItemToStringCollection",
            &[("item", DataType::String)],
            &[],
            &[],
            &["error at None: InputClaims: `collection` (stringCollection) is expected and not declared"],
        );
        let inputs = [("item", DataType::String), ("collection", DataType::StringCollection), ("x", DataType::Int)];
        check(
            "AddItemToStringCollection",
            &inputs,
            &[],
            &[("item", DataType::String)],
            &[
                "error at Some(2): InputClaims: `x` (int) is not expected",
                "error at Some(0): OutputClaims: `item` (string) is not expected",
            ],
        );
    }

    #[test]
    fn an_entry_must_not_be_repeated() {
        let twice = [("inputClaim", DataType::Boolean), ("INPUTCLAIM", DataType::Boolean)];
        check(
            "NotClaims",
            &twice,
            &[],
            &[],
            &[
                "error at Some(1): InputClaims: `INPUTCLAIM` is declared twice",
                "remark at Some(1): InputClaims: `INPUTCLAIM` is documented as `inputClaim`",
            ],
        );
        let parameters = [("a", DataType::String), ("A", DataType::String), ("a", DataType::String)];
        check(
            "LookupValue",
            &[("inputParameterId", DataType::String)],
            &parameters,
            &[],
            &["error at Some(2): InputParameters: `a` is declared twice"],
        );
    }

    #[test]
    fn what_the_service_accepts_is_a_remark() {
        let inputs = [("inputClaim1", DataType::String), ("inputClaim2", DataType::String)];
        let parameters = [("operator", DataType::String), ("ignoreCase", DataType::Boolean)];
        check(
            "CompareClaims",
            &inputs,
            &parameters,
            &[],
            &[concat!(
                "remark at Some(1): InputParameters: `ignoreCase` as boolean passes the upload and fails at every call, ",
                "use string"
            )],
        );
        check(
            "ConvertNumberToStringClaim",
            &[("inputClaim", DataType::Int)],
            &[],
            &[],
            &["remark at Some(0): InputClaims: `inputClaim` is int, documented is long"],
        );
        let date = DataType::Date;
        check(
            "CopyClaim",
            &[("inputClaim", date)],
            &[],
            &[("outputClaim", DataType::String)],
            &[
                "remark at Some(0): InputClaims: `inputClaim` is date, documented is string or int",
                "error at Some(0): OutputClaims: `outputClaim` is string, expected date",
            ],
        );
    }

    #[test]
    fn the_lists_have_the_names_of_their_elements() {
        let names = [InputClaims, InputParameters, OutputClaims].map(SignatureList::as_str);
        assert_eq!(names, ["InputClaims", "InputParameters", "OutputClaims"]);
    }
}
