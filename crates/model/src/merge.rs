//! The rules of inheritance, one table: how an element of a derived policy is laid over the same element of its base.
//!
//! Sources: the documentation pages and observations collected in the reference "inheritance", section 2. Rows marked C
//! there are undocumented; the choice made is the one of that reference, and the user's documentation says so.

use crate::kind::Key;
use crate::node::{Node, NodeRef};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::HashMap;
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

/// `derived` laid over `base`, child element by child element: in the schema's order, so that what is printed is valid again;
/// unknown elements stay last.
pub(crate) fn into(derived: &Node, base: &Node) -> Node {
    let (derived_ref, base_ref) = (derived.as_ref(), base.as_ref());
    let mut sides: IndexMap<&str, (Vec<Node>, Vec<Node>), RandomState> = IndexMap::default();
    base_ref.children().for_each(|it| sides.entry(it.name()).or_default().1.push(it.to_node()));
    derived_ref.children().for_each(|it| sides.entry(it.name()).or_default().0.push(it.to_node()));
    let order = grammar::declaration(base_ref.element()).map_or(&[][..], |it| it.ty.children());
    sides.sort_by_cached_key(|name, _| order.iter().position(|it| it.name == *name).unwrap_or(usize::MAX));
    let container = derived_ref.name();
    let children = sides.iter().flat_map(|(name, (over, under))| lay(rule(container, name), over, under)).collect();
    Node::merged(std::slice::from_ref(derived), std::slice::from_ref(base), children)
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
    let mut places: HashMap<_, usize> = HashMap::new();
    for (at, over) in derived.iter().enumerate() {
        places.entry(id(over)).or_insert(at);
    }
    for under in base {
        match places.get(&id(under)).and_then(|at| merged.get_mut(*at)) {
            Some(over) => *over = into(over, under),
            None => {
                places.insert(id(under), merged.len());
                merged.push(under.clone());
            }
        }
    }
    merged
}

/// The items of one side, each key written once: lists may be long.
struct Side {
    items: Vec<(String, Node)>,
    /// Of items with one key the last.
    last: HashMap<String, usize>,
}

impl Side {
    fn of(union: Union, wrappers: &[Node]) -> Self {
        let all = wrappers.iter().flat_map(|it| it.as_ref().children());
        let items: Vec<_> = all.map(NodeRef::to_node).map(|it| (key_of(union, &it), it)).collect();
        let last = items.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        Self { items, last }
    }

    fn last(&self, key: &str) -> Option<&Node> {
        self.items.get(*self.last.get(key)?).map(|it| &it.1)
    }

    /// The items whose keys `other` has not.
    fn without<'a>(&'a self, other: &'a Side) -> impl Iterator<Item = Node> + 'a {
        self.items.iter().filter(|it| !other.last.contains_key(&it.0)).map(|it| it.1.clone())
    }

    /// The items, each laid over the one of the same key below it.
    fn over<'a>(&'a self, under: &'a Side, same: Same) -> impl Iterator<Item = Node> + 'a {
        self.items.iter().map(move |(key, item)| match (same, under.last(key)) {
            (Same::Into, Some(base)) => into(item, base),
            _ => item.clone(),
        })
    }
}

fn items(union: Union, derived: &[Node], base: &[Node]) -> Vec<Node> {
    let (over, under) = (Side::of(union, derived), Side::of(union, base));
    match union.order {
        Order::DerivedFirst => over.over(&under, union.same).chain(under.without(&over)).collect(),
        Order::BaseFirst => {
            let laid = under.items.iter().map(|(key, item)| over.last(key).unwrap_or(item).clone());
            laid.chain(over.without(&under)).collect()
        }
        // Steps match by the number in `Order` and run by it; a duplicate within one file stays, for the rule to report.
        Order::Steps => {
            let mut merged: Vec<Node> = over.over(&under, union.same).chain(under.without(&over)).collect();
            merged.sort_by_key(|it| order_of(it.as_ref()));
            merged
        }
    }
}

pub(crate) fn order_of(step: NodeRef<'_>) -> i64 {
    let text = step.attribute("Order").map_or("", |it| it.value.trim());
    text.parse().unwrap_or(i64::MAX)
}

fn key_of(union: Union, item: &Node) -> String {
    let mut key = String::new();
    for name in union.key {
        let value = item.as_ref().attribute(name).map_or("", |it| it.value);
        match union.case {
            Case::Exact if *name == "Order" => key.push_str(&order_of(item.as_ref()).to_string()),
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
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, value) in theirs.iter().enumerate().filter_map(|(at, it)| Some((at, value(it)?))) {
        places.entry(value).or_insert(at);
    }
    let mut fresh = Vec::new();
    for item in mine {
        let place = value(&item).and_then(|it| places.get(&it)).and_then(|at| theirs.get_mut(*at));
        match place {
            Some(place) => *place = item,
            None => fresh.push(item),
        }
    }
    let children = if behavior == "Append" { [theirs, fresh].concat() } else { [fresh, theirs].concat() };
    Node::merged(std::slice::from_ref(over), std::slice::from_ref(under), children)
}
