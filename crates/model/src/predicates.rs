//! Predicates, their validations and enumerations as `builtins` compiles them.

use crate::{ClaimType, ClaimsTransformation, Kind, Node, NodeRef, Policy, Text};
use wayfarer_builtins::DataType;
use wayfarer_builtins::transformations::predicates::{
    Predicate, PredicateGroup, PredicateReferences, PredicateValidation,
};
use wayfarer_builtins::transformations::{DeclaredParameter, EnumerationItem};

/// A name that nothing declares: what it should name, the name, and where it stands.
pub type UnresolvedName = (Kind, String, wayfarer_diagnostics::Span);

/// A `Predicate` element: its method and the texts of its parameters.
pub fn predicate(node: NodeRef<'_>) -> Predicate {
    let parameters = node.items("Parameters", "Parameter");
    let parameters =
        parameters.filter_map(|it| Some((it.attribute("Id")?.value.to_owned(), it.text().value.to_owned())));
    let help_text = node.attribute("HelpText").or_else(|| node.child("UserHelpText").map(NodeRef::text));
    Predicate {
        id: attribute(node, "Id"),
        method: attribute(node, "Method"),
        help_text: help_text.map(|it| it.value.to_owned()),
        parameters: parameters.collect(),
    }
}

fn attribute(node: NodeRef<'_>, name: &str) -> String {
    node.attribute(name).map_or_else(String::new, |it| it.value.to_owned())
}

impl Policy {
    /// The predicate validation of a claim type, with every predicate that it refers to.
    ///
    /// # Errors
    /// The first name that nothing declares.
    pub fn predicate_validation(&self, claim_type: &ClaimType) -> Result<Option<PredicateValidation>, UnresolvedName> {
        let Some(reference) = claim_type.node().child("PredicateValidationReference") else { return Ok(None) };
        let Some(validation) = self.referred(Kind::PredicateValidation, reference)? else { return Ok(None) };
        let groups = validation.as_ref().items("PredicateGroups", "PredicateGroup");
        let groups = groups.map(|group| {
            let references = group.children_named("PredicateReferences").map(|it| self.predicate_references(it));
            Ok(PredicateGroup {
                id: attribute(group, "Id"),
                user_help_text: group.child("UserHelpText").map(|it| it.text().value.to_owned()),
                references: references.collect::<Result<_, _>>()?,
            })
        });
        let (id, groups) = (attribute(validation.as_ref(), "Id"), groups.collect::<Result<_, _>>()?);
        Ok(Some(PredicateValidation { id, groups }))
    }

    /// The older input validation of a claim type: each of its `PredicateReferences` is a group.
    ///
    /// # Errors
    /// The first name that nothing declares.
    pub fn input_validation(&self, claim_type: &ClaimType) -> Result<Option<PredicateValidation>, UnresolvedName> {
        let Some(reference) = claim_type.node().child("InputValidationReference") else { return Ok(None) };
        let Some(validation) = self.referred(Kind::InputValidation, reference)? else { return Ok(None) };
        let groups = validation.as_ref().children_named("PredicateReferences").map(|node| {
            Ok(PredicateGroup {
                id: attribute(node, "Id"),
                user_help_text: node.attribute("HelpText").map(|it| it.value.to_owned()),
                references: vec![self.predicate_references(node)?],
            })
        });
        let (id, groups) = (attribute(validation.as_ref(), "Id"), groups.collect::<Result<_, _>>()?);
        Ok(Some(PredicateValidation { id, groups }))
    }

    fn predicate_references(&self, node: NodeRef<'_>) -> Result<PredicateReferences, UnresolvedName> {
        let match_at_least = node.attribute("MatchAtLeast").and_then(|it| it.value.trim().parse().ok());
        let mut predicates = Vec::new();
        for reference in node.children_named("PredicateReference") {
            predicates.extend(self.referred(Kind::Predicate, reference)?.map(|it| predicate(it.as_ref())));
        }
        let reject = node.attribute("Reject").is_some_and(|it| matches!(it.value.trim(), "true" | "1"));
        Ok(PredicateReferences { match_at_least, reject, predicates })
    }

    /// What `Id` of a reference names.
    fn referred(&self, kind: Kind, reference: NodeRef<'_>) -> Result<Option<&Node>, UnresolvedName> {
        let Some(Text { value, span }) = reference.attribute("Id") else { return Ok(None) };
        self.get(kind, value).map(Some).ok_or_else(|| (kind, value.to_owned(), span))
    }
}

impl ClaimType {
    /// `Restriction/Enumeration`
    pub fn enumeration(&self) -> Vec<EnumerationItem> {
        let items = self.node().items("Restriction", "Enumeration");
        let text = |node: NodeRef<'_>, name| node.attribute(name).map(|it| it.value.to_owned());
        items.filter_map(|it| Some(EnumerationItem { text: text(it, "Text")?, value: text(it, "Value")? })).collect()
    }
}

impl ClaimsTransformation {
    /// `InputParameters/InputParameter` whose data type is one; the schema check reports others.
    pub fn declared_parameters(&self) -> impl Iterator<Item = (crate::TransformationParameter<'_>, DeclaredParameter)> {
        self.input_parameters().filter_map(|it| {
            let data_type = DataType::from_name(it.data_type.value)?;
            Some((it, DeclaredParameter::new(it.id.value, data_type, it.value.value)))
        })
    }
}
