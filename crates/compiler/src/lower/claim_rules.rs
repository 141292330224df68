//! A claim type's rules for what is entered and shown: restriction, predicate validation, mask.

use super::{Lowering, localization};
use wayfarer_builtins::LocalizedResources;
use wayfarer_builtins::claim_rules::{
    ClaimRules, ClaimRulesError, CompiledClaimRules, EnumerationChoice, Mask, Pattern, Restriction, UserInputType,
};
use wayfarer_builtins::transformations::EnumerationItem;
use wayfarer_builtins::transformations::predicates::{
    Predicate, PredicateGroup, PredicateReferences, PredicateValidation,
};
use wayfarer_diagnostics::{Diagnostics, Span};
use wayfarer_model::{ClaimType, Kind, Node, NodeRef, Policy};

/// Lowers the rules of one claim type.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn of(policy: &Policy, claim_type: &ClaimType) -> Result<CompiledClaimRules, Diagnostics> {
    let rest = std::collections::BTreeMap::new();
    let mut lowering = Lowering::new(policy, &rest);
    let rules = lowering.claim_rules(claim_type);
    match rules {
        Some(rules) if lowering.found.is_empty() => Ok(rules),
        _ => {
            lowering.found.sort_and_dedup();
            Err(lowering.found)
        }
    }
}

/// All texts of a language, as whatever page shows them; `None` where no content definition has any.
pub(crate) fn texts(policy: &Policy, language: &str) -> Option<LocalizedResources> {
    localization::of_language(policy, language)
}

impl Lowering<'_> {
    fn claim_rules(&mut self, claim_type: &ClaimType) -> Option<CompiledClaimRules> {
        let node = claim_type.node();
        let id = node.attribute("Id")?;
        let claim = self.claim(id)?;
        let text = |name: &str| node.child(name).map(|it| it.text().value.to_owned()).filter(|it| !it.is_empty());
        let rules = ClaimRules {
            display_name: text("DisplayName"),
            user_help_text: text("UserHelpText"),
            user_input_type: node
                .child("UserInputType")
                .and_then(|it| UserInputType::from_name(it.text().value.trim())),
            restriction: node.child("Restriction").and_then(|it| self.restriction(it)),
            validations: [self.predicate_validation(claim_type), self.input_validation(claim_type)]
                .into_iter()
                .flatten()
                .collect(),
            mask: node.child("Mask").and_then(|it| self.mask(it)),
            ..ClaimRules::new(claim.id, claim.data_type)
        };
        match rules.compile() {
            Ok(compiled) => Some(compiled),
            Err(error) => {
                let span = self.place_of(&error, claim_type);
                self.error(INVALID, span, format!("claim type `{}`: {error}", claim_type.id()))
                    .label("can't be used")
                    .help(
                        "correct it: the service refuses this at upload, or every page that asks for the claim fails",
                    );
                None
            }
        }
    }

    fn restriction(&mut self, node: NodeRef<'_>) -> Option<Restriction> {
        let Some(pattern) = node.child("Pattern") else { return Some(Restriction::Enumeration(choices(node))) };
        let Some(expression) = pattern.attribute("RegularExpression") else {
            self.broken(pattern, "RegularExpression");
            return None;
        };
        let help_text = pattern.attribute("HelpText").map(|it| it.value.to_owned());
        Some(Restriction::Pattern(Pattern { regular_expression: expression.value.to_owned(), help_text }))
    }

    fn mask(&mut self, node: NodeRef<'_>) -> Option<Mask> {
        let text = node.text().value.to_owned();
        match (node.attribute("Type").map(|it| it.value), node.attribute("Regex")) {
            (Some("Simple"), _) => Some(Mask::Simple(text)),
            (Some("Regex"), Some(expression)) => Some(Mask::Regex { expression: expression.value.to_owned(), text }),
            (Some("Regex"), None) => {
                self.broken(node, "Regex");
                None
            }
            _ => {
                self.broken(node, "Type");
                None
            }
        }
    }

    /// What `PredicateValidationReference` names.
    pub(super) fn predicate_validation(&mut self, claim_type: &ClaimType) -> Option<PredicateValidation> {
        let reference = claim_type.node().child("PredicateValidationReference")?;
        let validation = self.referred(Kind::PredicateValidation, reference)?;
        let groups = validation.as_ref().items("PredicateGroups", "PredicateGroup");
        let groups = groups.map(|group| PredicateGroup {
            id: attribute(group, "Id"),
            user_help_text: group.child("UserHelpText").map(|it| it.text().value.to_owned()),
            references: group.children_named("PredicateReferences").filter_map(|it| self.references(it)).collect(),
        });
        Some(PredicateValidation { groups: groups.collect(), id: attribute(validation.as_ref(), "Id") })
    }

    /// What the older `InputValidationReference` names: each of its `PredicateReferences` is a group.
    fn input_validation(&mut self, claim_type: &ClaimType) -> Option<PredicateValidation> {
        let reference = claim_type.node().child("InputValidationReference")?;
        let validation = self.referred(Kind::InputValidation, reference)?;
        let groups = validation.as_ref().children_named("PredicateReferences").map(|node| PredicateGroup {
            id: attribute(node, "Id"),
            user_help_text: node.attribute("HelpText").map(|it| it.value.to_owned()),
            references: self.references(node).into_iter().collect(),
        });
        Some(PredicateValidation { groups: groups.collect(), id: attribute(validation.as_ref(), "Id") })
    }

    fn references(&mut self, node: NodeRef<'_>) -> Option<PredicateReferences> {
        if let Some(reject) = node.attribute("Reject").filter(|it| matches!(it.value.trim(), "true" | "1")) {
            let message = "what `Reject` does is documented nowhere".to_owned();
            self.error(INVALID, reject.span, message).label("can't be judged").help("remove the attribute");
            return None;
        }
        let match_at_least = match node.attribute("MatchAtLeast").map(|it| it.value.trim().parse()) {
            Some(Ok(number)) => Some(number),
            Some(Err(_)) => {
                self.broken(node, "MatchAtLeast");
                return None;
            }
            None => None,
        };
        let references = node.children_named("PredicateReference");
        let predicates = references.filter_map(|it| self.predicate(it)).collect();
        Some(PredicateReferences { match_at_least, predicates })
    }

    fn predicate(&mut self, reference: NodeRef<'_>) -> Option<Predicate> {
        let node = self.referred(Kind::Predicate, reference)?;
        let node = node.as_ref();
        let parameters = node.items("Parameters", "Parameter");
        let parameters =
            parameters.filter_map(|it| Some((it.attribute("Id")?.value.to_owned(), it.text().value.to_owned())));
        let help_text = node.attribute("HelpText").or_else(|| node.child("UserHelpText").map(NodeRef::text));
        Some(Predicate {
            id: attribute(node, "Id"),
            method: attribute(node, "Method"),
            help_text: help_text.map(|it| it.value.to_owned()),
            parameters: parameters.collect(),
        })
    }

    /// What `Id` of a reference names.
    fn referred(&mut self, kind: Kind, reference: NodeRef<'_>) -> Option<Node> {
        let name = reference.attribute("Id")?;
        let node = self.policy.get(kind, name.value).cloned();
        if node.is_none() {
            let code = if kind == Kind::Predicate { "unresolved-predicate" } else { "unresolved-predicate-validation" };
            self.error(code, name.span, format!("no `{}` declares `{}`", kind.element(), name.value));
        }
        node
    }

    fn place_of(&self, error: &ClaimRulesError, claim_type: &ClaimType) -> Span {
        let node = claim_type.node();
        let attribute =
            |element: Option<NodeRef<'_>>, name| element.and_then(|it| it.attribute(name)).map(|it| it.span);
        let place = match error {
            ClaimRulesError::Pattern(_) => {
                attribute(node.child("Restriction").and_then(|it| it.child("Pattern")), "RegularExpression")
            }
            ClaimRulesError::Mask(_) => attribute(node.child("Mask"), "Regex"),
            ClaimRulesError::Predicate(it) => {
                let predicate = self.policy.get(Kind::Predicate, &it.predicate);
                attribute(predicate.map(Node::as_ref), "Id")
            }
        };
        place.unwrap_or_else(|| claim_type.span())
    }
}

/// What the schema check says of values that a claim type can't have.
const INVALID: &str = "value-invalid";

/// `Restriction/Enumeration`
pub(super) fn choices(restriction: NodeRef<'_>) -> Vec<EnumerationChoice> {
    let text = |node: NodeRef<'_>, name| node.attribute(name).map(|it| it.value.to_owned());
    let choice = |node: NodeRef<'_>| {
        let item = EnumerationItem { text: text(node, "Text")?, value: text(node, "Value")? };
        let default = node.attribute("SelectByDefault");
        Some(EnumerationChoice { item, select_by_default: default.is_some_and(|it| matches!(it.value, "true" | "1")) })
    };
    restriction.children_named("Enumeration").filter_map(choice).collect()
}

fn attribute(node: NodeRef<'_>, name: &str) -> String {
    node.attribute(name).map_or_else(String::new, |it| it.value.to_owned())
}
