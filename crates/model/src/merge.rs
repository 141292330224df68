//! The rules of inheritance, one table: how an element of a derived policy is laid over the same element of its base.
//!
//! Sources: the documentation pages and observations collected in the reference "inheritance", section 2. Rows marked C
//! there are undocumented; the choice made is the one of that reference, and the user's documentation says so.

use crate::kind::Key;
use crate::node::{Node, NodeRef};
use std::collections::HashSet;
use wayfarer_syntax::grammar;

/// What happens to a child element when both sides have it.
#[derive(Clone, Copy)]
enum Rule {
    /// The derived one replaces the base's, whole.
    Replace,
    /// Laid over each other, child by child.
    Into,
    /// The derived wrappers, then the base's; nothing is de-duplicated, so a repeated entry runs twice.
    Concatenate,
    /// One wrapper whose items are matched by key.
    Union(Union),
    /// As the derived element's `MergeBehavior` says; without it the base's list is dropped (schema text).
    MergeBehavior,
}

#[derive(Clone, Copy)]
struct Union {
    /// The attributes that identify an item.
    key: &'static [&'static str],
    case: Case,
    same: Same,
    order: Order,
}

#[derive(Clone, Copy, PartialEq)]
enum Case {
    Exact,
    Ignored,
}

/// What happens to an item that both sides have.
#[derive(Clone, Copy)]
enum Same {
    Replace,
    Into,
}

#[derive(Clone, Copy)]
enum Order {
    /// Derived items, then what remains of the base (documented for OutputClaims).
    DerivedFirst,
    /// The base's order; new items at the end.
    BaseFirst,
    /// By the number in `Order`.
    Steps,
}

const BY_CLAIM: Rule = union(&["ClaimTypeReferenceId"], Case::Ignored, Same::Replace, Order::DerivedFirst);
const BY_CLAIM_OR_CONTROL: Rule =
    union(&["ClaimTypeReferenceId", "DisplayControlReferenceId"], Case::Ignored, Same::Replace, Order::DerivedFirst);
const BY_ITEM_KEY: Rule = union(&["Key"], Case::Exact, Same::Replace, Order::BaseFirst);
const BY_ID: Rule = union(&["Id"], Case::Ignored, Same::Replace, Order::DerivedFirst);
const BY_REFERENCE: Rule = union(&["ReferenceId"], Case::Ignored, Same::Replace, Order::DerivedFirst);

const fn union(key: &'static [&'static str], case: Case, same: Same, order: Order) -> Rule {
    Rule::Union(Union { key, case, same, order })
}

/// The table. What isn't listed is a leaf: the derived one replaces the base's.
fn rule(container: &str, child: &str) -> Rule {
    match (container, child) {
        ("ClaimType", "Restriction") => Rule::MergeBehavior,
        ("ClaimType", "DefaultPartnerClaimTypes") => union(&["Name"], Case::Exact, Same::Replace, Order::DerivedFirst),
        ("Predicate", "Parameters") => BY_ID,
        ("ContentDefinition" | "TechnicalProfile", "Metadata") => BY_ITEM_KEY,
        ("ContentDefinition", "LocalizedResourcesReferences") => Rule::MergeBehavior,
        ("Localization", "SupportedLanguages") => Rule::MergeBehavior,
        ("LocalizedResources", "LocalizedStrings") => {
            union(&["ElementType", "ElementId", "StringId"], Case::Exact, Same::Replace, Order::DerivedFirst)
        }
        ("LocalizedResources", "LocalizedCollections") => {
            union(&["ElementType", "ElementId", "TargetCollection"], Case::Exact, Same::Replace, Order::DerivedFirst)
        }
        ("DisplayControl", "Actions") => union(&["Id"], Case::Ignored, Same::Into, Order::DerivedFirst),
        ("Action", "ValidationClaimsExchange") => Rule::Concatenate,
        ("DisplayControl" | "TechnicalProfile", "DisplayClaims") => BY_CLAIM_OR_CONTROL,
        ("DisplayControl" | "TechnicalProfile", "InputClaims" | "OutputClaims" | "PersistedClaims") => BY_CLAIM,
        ("TechnicalProfile", "CryptographicKeys" | "InputTokenSources") => BY_ID,
        ("TechnicalProfile", "Suppressions") => BY_ITEM_KEY,
        (
            "TechnicalProfile",
            "InputClaimsTransformations"
            | "OutputClaimsTransformations"
            | "ValidationTechnicalProfiles"
            | "ErrorHandlers",
        ) => Rule::Concatenate,
        ("UserJourney" | "SubJourney", "OrchestrationSteps") => {
            union(&["Order"], Case::Exact, Same::Into, Order::Steps)
        }
        ("UserJourney", "Authorization") => Rule::Into,
        ("Authorization", "AuthorizationTechnicalProfiles") => BY_REFERENCE,
        ("UserJourney", "CryptographicKeys") => BY_ID,
        ("OrchestrationStep", "Preconditions") => Rule::Concatenate,
        ("OrchestrationStep", "ClaimsProviderSelections") => union(
            &["TargetClaimsExchangeId", "ValidationClaimsExchangeId"],
            Case::Ignored,
            Same::Replace,
            Order::DerivedFirst,
        ),
        ("OrchestrationStep", "ClaimsExchanges") => BY_ID,
        ("OrchestrationStep", "JourneyList") => {
            union(&["SubJourneyReferenceId"], Case::Ignored, Same::Replace, Order::DerivedFirst)
        }
        ("RelyingParty", "Endpoints") => BY_ID,
        ("RelyingParty", "UserJourneyBehaviors") => Rule::Into,
        ("RelyingParty", "TechnicalProfile") => Rule::Into,
        _ => Rule::Replace,
    }
}

/// How a whole definition meets the definition of the same id in a base policy. Five kinds replace it: a partial
/// redefinition of them is undocumented, and replacing can only tighten (reference "inheritance", 2.2, C).
pub(crate) fn definition(derived: &Node, base: &Node) -> Node {
    match derived.as_ref().name() {
        "ClaimsTransformation" | "InputValidation" | "PredicateValidation" | "ClientDefinition" => derived.clone(),
        _ => into(derived, base),
    }
}

/// `derived` laid over `base`, child element by child element.
pub(crate) fn into(derived: &Node, base: &Node) -> Node {
    let container = derived.as_ref().name().to_owned();
    let mut children = Vec::new();
    for name in names(derived.as_ref(), base.as_ref()) {
        let of = |node: &Node| -> Vec<Node> {
            node.as_ref().children().filter(|it| it.name() == name).map(NodeRef::to_node).collect()
        };
        children.extend(lay(rule(&container, &name), &of(derived), &of(base)));
    }
    Node::merged(std::slice::from_ref(derived), std::slice::from_ref(base), children)
}

/// The names of all children in the schema's order, so that what is printed is valid again; unknown ones stay last.
fn names(derived: NodeRef<'_>, base: NodeRef<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for child in base.children().chain(derived.children()) {
        if !names.iter().any(|it| it == child.name()) {
            names.push(child.name().to_owned());
        }
    }
    let order = grammar::declaration(base.element()).map_or(&[][..], |it| it.ty.children());
    names.sort_by_key(|name| order.iter().position(|it| it.name == name).unwrap_or(usize::MAX));
    names
}

fn lay(rule: Rule, derived: &[Node], base: &[Node]) -> Vec<Node> {
    if derived.is_empty() || base.is_empty() {
        return [derived, base].concat();
    }
    match rule {
        Rule::Replace => derived.to_vec(),
        Rule::Concatenate => [derived, base].concat(),
        Rule::Into => merge_pairwise(derived, base),
        Rule::Union(union) => vec![Node::merged(derived, base, items(union, derived, base))],
        Rule::MergeBehavior => vec![merge_behavior(derived, base)],
    }
}

/// Elements that occur once, or that carry an `Id` (the relying party's TechnicalProfile).
fn merge_pairwise(derived: &[Node], base: &[Node]) -> Vec<Node> {
    let id = |node: &Node| node.as_ref().attribute("Id").map(|it| Key::of(it.value));
    let mut merged: Vec<Node> = derived.to_vec();
    for under in base {
        match merged.iter_mut().find(|it| id(it) == id(under)) {
            Some(over) => *over = into(over, under),
            None => merged.push(under.clone()),
        }
    }
    merged
}

fn items(union: Union, derived: &[Node], base: &[Node]) -> Vec<Node> {
    let all = |wrappers: &[Node]| -> Vec<Node> {
        wrappers.iter().flat_map(|it| it.as_ref().children().map(NodeRef::to_node).collect::<Vec<_>>()).collect()
    };
    let (over, under) = (all(derived), all(base));
    match union.order {
        Order::DerivedFirst => {
            let taken: HashSet<String> = over.iter().map(|it| key_of(union, it)).collect();
            let rest = under.iter().filter(|it| !taken.contains(&key_of(union, it)));
            let laid = over.iter().map(|it| lay_item(union, it, &under));
            laid.chain(rest.cloned()).collect()
        }
        Order::BaseFirst => {
            let known: HashSet<String> = under.iter().map(|it| key_of(union, it)).collect();
            let fresh = over.iter().filter(|it| !known.contains(&key_of(union, it)));
            let laid = under.iter().map(|it| last_of(union, it, &over).map_or_else(|| it.clone(), Node::clone));
            laid.chain(fresh.cloned()).collect()
        }
        Order::Steps => steps(union, &over, &under),
    }
}

fn lay_item(union: Union, item: &Node, under: &[Node]) -> Node {
    match (union.same, last_of(union, item, under)) {
        (Same::Into, Some(base)) => into(item, base),
        _ => item.clone(),
    }
}

fn last_of<'a>(union: Union, item: &Node, among: &'a [Node]) -> Option<&'a Node> {
    let key = key_of(union, item);
    among.iter().rev().find(|it| key_of(union, it) == key)
}

/// Steps match by the number in `Order` and run by it; a duplicate within one file stays, for the rule to report.
fn steps(union: Union, over: &[Node], under: &[Node]) -> Vec<Node> {
    let mut merged: Vec<Node> = over.iter().map(|it| lay_item(union, it, under)).collect();
    let taken: HashSet<String> = over.iter().map(|it| key_of(union, it)).collect();
    merged.extend(under.iter().filter(|it| !taken.contains(&key_of(union, it))).cloned());
    merged.sort_by_key(order_of);
    merged
}

pub(crate) fn order_of(step: &Node) -> i64 {
    let text = step.as_ref().attribute("Order").map_or("", |it| it.value.trim());
    text.parse().unwrap_or(i64::MAX)
}

fn key_of(union: Union, item: &Node) -> String {
    let mut key = String::new();
    for name in union.key {
        let value = item.as_ref().attribute(name).map_or("", |it| it.value);
        match union.case {
            Case::Exact if *name == "Order" => key.push_str(&order_of(item).to_string()),
            Case::Exact => key.push_str(value),
            Case::Ignored => key.push_str(&value.to_lowercase()),
        }
        key.push('\0');
    }
    key
}

/// `Append`: the base's items, then the derived ones; `Prepend`: the other way round; else the derived ones alone. A
/// `Pattern` always replaces: only enumerations are merged (schema text, documentation page claimsschema).
fn merge_behavior(derived: &[Node], base: &[Node]) -> Node {
    let [over, ..] = derived else { return base[0].clone() };
    let [under, ..] = base else { return over.clone() };
    let behavior = over.as_ref().attribute("MergeBehavior").map_or("ReplaceAll", |it| it.value);
    let has_pattern = |node: &Node| node.as_ref().child("Pattern").is_some();
    if !matches!(behavior, "Append" | "Prepend") || has_pattern(over) || has_pattern(under) {
        return over.clone();
    }
    let list = |node: &Node| node.as_ref().children().map(NodeRef::to_node).collect::<Vec<_>>();
    let value = |node: &Node| node.as_ref().attribute("Value").map(|it| it.value.to_owned());
    let (mine, mut theirs) = (list(over), list(under));
    // The same Value on both sides: the derived one stands in the base's place (reference "claims", section 7).
    let mut fresh = Vec::new();
    for item in mine {
        match theirs.iter_mut().find(|it| value(it).is_some() && value(it) == value(&item)) {
            Some(place) => *place = item,
            None => fresh.push(item),
        }
    }
    let children = if behavior == "Append" { [theirs, fresh].concat() } else { [fresh, theirs].concat() };
    Node::merged(std::slice::from_ref(over), std::slice::from_ref(under), children)
}
