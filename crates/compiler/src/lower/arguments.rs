//! The claims of a claims transformation, with what their claim types say of values: two methods read it of their output.

use super::Lowering;
use wayfarer_builtins::transformations::predicates::{
    Predicate, PredicateGroup, PredicateReferences, PredicateValidation,
};
use wayfarer_builtins::transformations::{DeclaredClaim, EnumerationItem};
use wayfarer_model::{ClaimType, Kind, NodeRef, TransformationArgument};

impl Lowering<'_> {
    pub(super) fn argument(&mut self, row: &TransformationArgument<'_>) -> Option<DeclaredClaim> {
        let claim = self.claim(row.claim_type)?;
        let mut declared = DeclaredClaim::new(row.slot.value, claim.id, claim.data_type);
        if let Some(claim_type) = self.policy.claim_type(row.claim_type.value) {
            declared.predicate_validation = self.predicate_validation(&claim_type);
            declared.enumeration = enumeration(&claim_type);
        }
        Some(declared)
    }

    fn predicate_validation(&mut self, claim_type: &ClaimType) -> Option<PredicateValidation> {
        let reference = claim_type.node().child("PredicateValidationReference")?;
        let validation = self.referred(Kind::PredicateValidation, reference)?;
        let groups = validation.as_ref().items("PredicateGroups", "PredicateGroup");
        let groups = groups.map(|group| {
            let references = group.children_named("PredicateReferences");
            PredicateGroup { references: references.map(|it| self.predicate_references(it)).collect() }
        });
        Some(PredicateValidation { groups: groups.collect() })
    }

    fn predicate_references(&mut self, node: NodeRef<'_>) -> PredicateReferences {
        let match_at_least = node.attribute("MatchAtLeast").and_then(|it| it.value.trim().parse().ok());
        let references = node.children_named("PredicateReference");
        PredicateReferences { match_at_least, predicates: references.filter_map(|it| self.predicate(it)).collect() }
    }

    fn predicate(&mut self, reference: NodeRef<'_>) -> Option<Predicate> {
        let node = self.referred(Kind::Predicate, reference)?;
        let node = node.as_ref();
        let text = |name| node.attribute(name).map_or_else(String::new, |it| it.value.to_owned());
        let parameters = node.items("Parameters", "Parameter");
        let parameters =
            parameters.filter_map(|it| Some((it.attribute("Id")?.value.to_owned(), it.text().value.to_owned())));
        Some(Predicate { id: text("Id"), method: text("Method"), parameters: parameters.collect() })
    }

    /// What `Id` of a reference names.
    fn referred(&mut self, kind: Kind, reference: NodeRef<'_>) -> Option<wayfarer_model::Node> {
        let name = reference.attribute("Id")?;
        let node = self.policy.get(kind, name.value).cloned();
        if node.is_none() {
            let code = if kind == Kind::Predicate { "unresolved-predicate" } else { "unresolved-predicate-validation" };
            self.error(code, name.span, format!("no `{}` declares `{}`", kind.element(), name.value));
        }
        node
    }
}

/// `Restriction/Enumeration`
fn enumeration(claim_type: &ClaimType) -> Vec<EnumerationItem> {
    let items = claim_type.node().items("Restriction", "Enumeration");
    let text = |node: NodeRef<'_>, name| node.attribute(name).map(|it| it.value.to_owned());
    items.filter_map(|it| Some(EnumerationItem { text: text(it, "Text")?, value: text(it, "Value")? })).collect()
}
