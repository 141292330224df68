//! A claim type's rules for what is entered and shown: restriction, predicate validation, mask.

use super::{Lowering, localization};
use wayfarer_builtins::LocalizedResources;
use wayfarer_builtins::claim_rules::{
    ClaimRules, ClaimRulesError, CompiledClaimRules, EnumerationChoice, Mask, Pattern, Restriction, UserInputType,
};
use wayfarer_builtins::transformations::EnumerationItem;
use wayfarer_builtins::transformations::predicates::PredicateValidation;
use wayfarer_diagnostics::{Diagnostics, Span};
use wayfarer_model::{ClaimType, Kind, Node, NodeRef, Policy, UnresolvedName};

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
        let read = self.policy.predicate_validation(claim_type);
        self.read(read)
    }

    /// What the older `InputValidationReference` names.
    fn input_validation(&mut self, claim_type: &ClaimType) -> Option<PredicateValidation> {
        let read = self.policy.input_validation(claim_type);
        self.read(read)
    }

    fn read(&mut self, read: Result<Option<PredicateValidation>, UnresolvedName>) -> Option<PredicateValidation> {
        match read {
            Ok(validation) => validation,
            Err((kind, name, span)) => {
                let is_predicate = kind == Kind::Predicate;
                let code = if is_predicate { "unresolved-predicate" } else { "unresolved-predicate-validation" };
                self.error(code, span, format!("no `{}` declares `{name}`", kind.element()));
                None
            }
        }
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
