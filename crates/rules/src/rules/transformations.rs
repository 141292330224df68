//! What the rules about claims transformations have in common: each one as its method sees it, with the places of its rows.

use crate::rules::overrides;
use std::collections::HashSet;
use wayfarer_builtins::DataType;
use wayfarer_builtins::transformations::predicates::PredicateValidation;
use wayfarer_builtins::transformations::{
    self, Declaration, DeclaredClaim, SignatureList, SignatureProblem, SignatureProblemKind, Transformation,
};
use wayfarer_diagnostics::{Diagnostic, Span};
use wayfarer_model::{
    ClaimType, ClaimsTransformation, Kind, Policy, Text, TransformationArgument, TransformationParameter,
    UnresolvedName,
};

/// A claims transformation whose method is known.
pub(super) struct Declared<'a> {
    pub(super) transformation: &'a ClaimsTransformation,
    pub(super) method: &'static Transformation,
    pub(super) declaration: Declaration,
    inputs: Vec<TransformationArgument<'a>>,
    parameters: Vec<TransformationParameter<'a>>,
    outputs: Vec<TransformationArgument<'a>>,
    /// Whether all that the rows name is declared and has a data type; what isn't is told elsewhere.
    pub(super) is_resolved: bool,
}

/// Judges the transformations that this file writes; all of them where it gives a claim type another data type.
pub(super) fn each(policy: &Policy, mut judge: impl FnMut(&Declared<'_>)) {
    let nodes = if retypes(policy) {
        policy.all(Kind::ClaimsTransformation)
    } else {
        policy.own(Kind::ClaimsTransformation).collect()
    };
    let mut validations = Validations::default();
    for id in nodes.iter().filter_map(|it| it.as_ref().attribute("Id")) {
        let Some(transformation) = policy.claims_transformation(id.value) else { continue };
        let method = transformation.method().and_then(|it| transformations::find(it.value));
        if let Some(method) = method {
            judge(&Declared::new(policy, &transformation, method, &mut validations));
        }
    }
}

/// The method that needs the predicate validation of its output; to others claim types say nothing but their data type.
const JUDGES_OUTPUT: &str = "CopyClaimIfPredicateMatch";

/// Predicate validations, each read in full once: what is wrong with one is told at the first transformation that needs it.
#[derive(Default)]
struct Validations(HashSet<String>);

impl Validations {
    fn of(&mut self, policy: &Policy, claim_type: &ClaimType) -> Result<Option<PredicateValidation>, UnresolvedName> {
        let reference = claim_type.node().child("PredicateValidationReference");
        let Some(id) = reference.and_then(|it| it.attribute("Id")) else { return Ok(None) };
        match self.0.insert(id.value.to_lowercase()) {
            true => policy.predicate_validation(claim_type),
            false => Ok(Some(PredicateValidation::default())),
        }
    }
}

fn retypes(policy: &Policy) -> bool {
    overrides::of(policy, Kind::ClaimType).any(|(element, before)| {
        let types = element.child("DataType").zip(before.child("DataType"));
        types.is_some_and(|(now, was)| now.text().trim() != was.text().value.trim())
    })
}

impl<'a> Declared<'a> {
    fn new(
        policy: &Policy,
        transformation: &'a ClaimsTransformation,
        method: &'static Transformation,
        validations: &mut Validations,
    ) -> Self {
        let (inputs, outputs): (Vec<_>, Vec<_>) =
            (transformation.input_claims().collect(), transformation.output_claims().collect());
        let (parameters, declared) = transformation.declared_parameters().unzip();
        let mut is_resolved = true;
        let mut claim = |row: &TransformationArgument<'_>, usual: Option<DataType>| {
            let claim_type = policy.claim_type(row.claim_type.value);
            let data_type = claim_type.as_ref().and_then(|it| it.data_type());
            is_resolved &= data_type.is_some();
            // Of a claim that nobody declares only the name in the signature can be judged.
            let data_type = data_type.or(usual).unwrap_or(DataType::String);
            (DeclaredClaim::new(row.slot.value, row.claim_type.value, data_type), claim_type)
        };
        let usual_input = |row: &TransformationArgument<'_>| method.input(row.slot.value).map(|it| it.types.usual());
        let usual_output = |row: &TransformationArgument<'_>| method.output(row.slot.value).map(|it| it.types.usual());
        let declared_inputs = inputs.iter().map(|it| claim(it, usual_input(it)).0).collect();
        let mut declared_outputs: Vec<_> = outputs.iter().map(|it| claim(it, usual_output(it))).collect();
        if method.method == JUDGES_OUTPUT {
            for (declared, claim_type) in &mut declared_outputs {
                let validation = claim_type.as_ref().map(|it| validations.of(policy, it));
                is_resolved &= validation.as_ref().is_none_or(Result::is_ok);
                declared.predicate_validation = validation.and_then(Result::ok).flatten();
            }
        }
        let declaration = Declaration {
            id: transformation.id().to_owned(),
            inputs: declared_inputs,
            parameters: declared,
            outputs: declared_outputs.into_iter().map(|it| it.0).collect(),
        };
        Self { transformation, method, declaration, inputs, parameters, outputs, is_resolved }
    }

    /// How the declaration differs from the method's signature.
    pub(super) fn problems(&self) -> Vec<SignatureProblem> {
        let mut problems = self.method.check(&self.declaration);
        if !self.is_resolved {
            // An output that must have an input's type: one of the two types may be a guess.
            problems.retain(|it| !matches!(it.kind, SignatureProblemKind::WrongType { .. }));
        }
        problems
    }

    /// The place of the row that a problem is about: its claim type, its name, or where the row is missing.
    pub(super) fn place(&self, problem: &SignatureProblem) -> Span {
        let (claims, is_parameter) = match problem.list {
            SignatureList::InputClaims => (&self.inputs, false),
            SignatureList::OutputClaims => (&self.outputs, false),
            SignatureList::InputParameters => (&self.outputs, true),
        };
        let is_about_type = matches!(
            problem.kind,
            SignatureProblemKind::WrongType { .. }
                | SignatureProblemKind::CastError { .. }
                | SignatureProblemKind::Undocumented { .. }
        );
        let row = problem.entry.and_then(|at| {
            if is_parameter {
                self.parameters.get(at).map(|it| if is_about_type { it.data_type } else { it.id })
            } else {
                claims.get(at).map(|it| if is_about_type { it.claim_type } else { it.slot })
            }
        });
        let list = || self.transformation.node().child(problem.list.as_str()).map(|it| it.span());
        row.map(|it| it.span).or_else(list).unwrap_or_else(|| self.transformation.span())
    }

    /// The `Value` of a parameter.
    pub(super) fn parameter_value(&self, id: &str) -> Option<Text<'a>> {
        self.parameters.iter().find(|it| it.id.value.eq_ignore_ascii_case(id)).map(|it| it.value)
    }

    /// The parameters with their values.
    pub(super) fn parameters(&self) -> &[TransformationParameter<'a>] {
        &self.parameters
    }
}

/// The methods that raise a message for the user when what they assert does not hold.
pub(super) fn is_assertion(method: &Transformation) -> bool {
    method.method.starts_with("Assert")
}

/// How messages call an entry of that list.
pub(super) fn entry_name(list: SignatureList) -> &'static str {
    match list {
        SignatureList::InputClaims => "input claim",
        SignatureList::InputParameters => "input parameter",
        SignatureList::OutputClaims => "output claim",
    }
}

/// An argument as the service's message at upload writes it, such as `[DateTime]rightOperand`.
pub(super) fn as_told(data_type: DataType, name: &str) -> String {
    let mut letters = data_type.as_str().chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    format!("`[{}{}]{name}`", first.map(String::from).unwrap_or_default(), letters.as_str())
}

/// The service's message at upload for a declaration that differs from the signature: what was declared and not expected, and
/// what was expected and not declared.
pub(super) fn refuse(declared: &Declared<'_>, problem: &SignatureProblem, diagnostic: &mut Diagnostic) {
    let bare = |data_type: DataType, name: &str| as_told(data_type, name).trim_matches('`').to_owned();
    let (wrong, right) = match &problem.kind {
        SignatureProblemKind::Unexpected { name, data_type } => (Some(bare(*data_type, name)), None),
        SignatureProblemKind::Missing { name, expected } => (None, Some(bare(*expected, name))),
        SignatureProblemKind::WrongType { name, data_type, expected } => {
            (Some(bare(*data_type, name)), expected.first().map(|it| bare(*it, name)))
        }
        _ => (None, None),
    };
    let mut values = vec![
        ("list", problem.list.as_str()),
        ("transformation", declared.transformation.id()),
        ("method", declared.method.method),
    ];
    values.extend(wrong.as_deref().map(|it| ("declared", it)));
    values.extend(right.as_deref().map(|it| ("expected", it)));
    diagnostic.refused_as("transformation-signature", &values);
}

/// `string or int`
pub(super) fn any_of(types: &[DataType]) -> String {
    types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" or ")
}
