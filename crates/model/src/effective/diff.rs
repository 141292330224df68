//! Two effective policies compared by meaning: layout, comments, attribute order, the spelling of numbers, booleans and
//! references, and the order of what has no order do not count.

use super::Piece;
use crate::references::kind_of_attribute;
use indexmap::IndexMap;
use wayfarer_diagnostics::Span;
use wayfarer_syntax::grammar::{self, Base, SimpleType, Type};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The way to it, such as `TechnicalProfile JwtIssuer / Metadata / Item token_lifetime_secs`.
    pub path: String,
    /// What differs.
    pub change: Change,
    /// Where it stands on the left.
    pub left: Option<Span>,
    /// Where it stands on the right.
    pub right: Option<Span>,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the right side has it.
    Added,
    /// Only the left side has it.
    Removed,
    /// An attribute (by name) or the text has another value; `None` where it is absent.
    Value {
        /// The attribute; `None` for the text.
        attribute: Option<String>,
        /// On the left.
        before: Option<String>,
        /// On the right.
        after: Option<String>,
    },
    /// The same entries in another order, where order has a meaning.
    Order {
        /// The entries on the left.
        before: Vec<String>,
        /// The entries on the right.
        after: Vec<String>,
    },
}

/// Compares two effective policies.
pub fn diff(left: &Piece, right: &Piece) -> Vec<Difference> {
    let mut found = Vec::new();
    let (left, right) = (without_providers(left), without_providers(right));
    compare(&left, &right, "", Some(grammar::root().ty), &mut found);
    found
}

/// Providers are containers without identity: profiles are compared by their own ids, with the domain they answer to.
fn without_providers(root: &Piece) -> Piece {
    let mut root = root.clone();
    for section in root.children.iter_mut().filter(|it| it.name == "ClaimsProviders") {
        let providers = std::mem::take(&mut section.children);
        section.children = providers.into_iter().flat_map(profiles_of).collect();
    }
    root
}

fn profiles_of(provider: Piece) -> Vec<Piece> {
    let domain = provider.children.iter().find(|it| it.name == "Domain").and_then(|it| it.text.clone());
    let lists = provider.children.into_iter().filter(|it| it.name == "TechnicalProfiles");
    let mut profiles: Vec<Piece> = lists.flat_map(|it| it.children).collect();
    if let Some((domain, span)) = domain {
        for profile in profiles.iter_mut().filter(|it| !it.children.iter().any(|it| it.name == "Domain")) {
            profile.attributes.push(("Domain".to_owned(), domain.clone(), span));
        }
    }
    profiles
}

fn compare(left: &Piece, right: &Piece, path: &str, ty: Option<&'static Type>, found: &mut Vec<Difference>) {
    values(left, right, path, ty, found);
    let ty_of = |name: &str| match (name, ty) {
        ("TechnicalProfile", Some(ty)) if ty.child(name).is_none() => technical_profile(),
        (_, ty) => ty.and_then(|it| it.child(name)).map(|it| it.ty),
    };
    let (before, after) = (keyed(left), keyed(right));
    for ((name, key, number), piece) in &before {
        let path = extended(path, name, key);
        match after.get(&(*name, key.clone(), *number)) {
            Some(other) => compare(piece, other, &path, ty_of(name), found),
            None => found.push(one_sided(path, Change::Removed, piece)),
        }
    }
    for ((name, key, _), piece) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        found.push(one_sided(extended(path, name, key), Change::Added, piece));
    }
    order(left, right, path, &before, &after, found);
}

fn technical_profile() -> Option<&'static Type> {
    grammar::declarations()
        .find(|(_, it)| it.name == "TechnicalProfile" && !it.ty.children().is_empty())
        .map(|(_, it)| it.ty)
}

fn one_sided(path: String, change: Change, piece: &Piece) -> Difference {
    let place = piece.origins.first().copied();
    let (left, right) = if change == Change::Removed { (place, None) } else { (None, place) };
    Difference { path, change, left, right }
}

fn extended(path: &str, name: &str, key: &str) -> String {
    let step = if key.is_empty() { name.to_owned() } else { format!("{name} {key}") };
    if path.is_empty() { step } else { format!("{path} / {step}") }
}

fn values(left: &Piece, right: &Piece, path: &str, ty: Option<&'static Type>, found: &mut Vec<Difference>) {
    let mut names: Vec<&str> = Vec::new();
    for (name, ..) in left.attributes.iter().chain(&right.attributes) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    for name in names {
        let canonical = |piece: &Piece| canonical_attribute(piece, name, ty);
        if canonical(left) != canonical(right) {
            let span = |it: &Piece| it.attributes.iter().find(|(own, ..)| own == name).map(|it| it.2);
            found.push(Difference {
                path: path.to_owned(),
                change: Change::Value {
                    attribute: Some(name.to_owned()),
                    before: left.attribute(name).map(str::to_owned),
                    after: right.attribute(name).map(str::to_owned),
                },
                left: span(left).or_else(|| left.origins.first().copied()),
                right: span(right).or_else(|| right.origins.first().copied()),
            });
        }
    }
    let text = |it: &Piece| it.text.as_ref().map(|(text, _)| text.clone()).unwrap_or_default();
    let simple = ty.and_then(Type::text_type);
    let same = |a: &str, b: &str| canonical_value(a, simple) == canonical_value(b, simple);
    if !same(&text(left), &text(right)) {
        let place = |it: &Piece| it.text.as_ref().map(|(_, span)| *span).or_else(|| it.origins.first().copied());
        let change = Change::Value { attribute: None, before: Some(text(left)), after: Some(text(right)) };
        found.push(Difference { path: path.to_owned(), change, left: place(left), right: place(right) });
    }
}

/// The value as it counts; an absent attribute has its default.
fn canonical_attribute(piece: &Piece, name: &str, ty: Option<&'static Type>) -> Option<String> {
    let declared = ty.and_then(|it| it.attribute(name));
    let written = piece.attribute(name).or_else(|| declared.and_then(|it| it.default)).or_else(|| implied(name))?;
    let folds = name == "Id" || kind_of_attribute(&piece.name, name).is_some();
    let value = canonical_value(written, declared.map(|it| it.ty));
    Some(if folds { value.to_lowercase() } else { value })
}

/// Defaults that the schema's text or the documentation gives, not its declarations.
fn implied(attribute: &str) -> Option<&'static str> {
    match attribute {
        "Required" | "AlwaysUseDefaultValue" | "ContinueOnError" | "NonInteractive" | "SelectByDefault" => {
            Some("false")
        }
        "ContinueOnSuccess" => Some("true"),
        _ => None,
    }
}

fn canonical_value(value: &str, ty: Option<&'static SimpleType>) -> String {
    let trimmed = value.trim_matches([' ', '\t', '\n', '\r']);
    match ty.map(|it| it.base) {
        Some(Base::Boolean) => match trimmed {
            "1" => "true".to_owned(),
            "0" => "false".to_owned(),
            other => other.to_owned(),
        },
        Some(Base::Int | Base::Integer) => {
            trimmed.parse::<i64>().map_or_else(|_| trimmed.to_owned(), |it| it.to_string())
        }
        Some(Base::AnyUri) => trimmed.to_owned(),
        Some(Base::String) | None => value.to_owned(),
    }
}

type Keyed<'a> = IndexMap<(&'a str, String, usize), &'a Piece>;

/// Children by name, identity, and which of those with the same identity it is.
fn keyed(piece: &Piece) -> Keyed<'_> {
    let mut keyed = Keyed::new();
    for child in &piece.children {
        let key = key_of(child);
        let number = (0..).find(|it| !keyed.contains_key(&(child.name.as_str(), key.clone(), *it))).unwrap_or_default();
        keyed.insert((&child.name, key, number), child);
    }
    keyed
}

/// What identifies a row among its siblings.
fn key_of(piece: &Piece) -> String {
    const IDENTITIES: [&[&str]; 13] = [
        &["ElementType", "ElementId", "StringId"],
        &["ElementType", "ElementId", "TargetCollection"],
        &["Order"],
        &["Id"],
        &["Key"],
        &["ClaimTypeReferenceId", "TransformationClaimType"],
        &["ClaimTypeReferenceId"],
        &["DisplayControlReferenceId"],
        &["ReferenceId"],
        &["Language"],
        &["Name"],
        &["Value"],
        &["TargetClaimsExchangeId"],
    ];
    let identity = IDENTITIES.into_iter().find(|names| names.iter().all(|it| piece.attribute(it).is_some()));
    let values = identity.unwrap_or_default().iter().filter_map(|it| Some((*it, piece.attribute(it)?)));
    let folded = values.map(|(name, value)| match (name, value.trim().parse::<i64>()) {
        ("Order", Ok(number)) => number.to_string(),
        _ => value.trim().to_lowercase(),
    });
    folded.collect::<Vec<_>>().join(" ")
}

/// Lists in which the order of the entries changes what happens or what is shown.
fn is_ordered(list: &str) -> bool {
    matches!(
        list,
        "InputClaims"
            | "OutputClaims"
            | "PersistedClaims"
            | "DisplayClaims"
            | "InputClaimsTransformations"
            | "OutputClaimsTransformations"
            | "ValidationTechnicalProfiles"
            | "ValidationClaimsExchange"
            | "ClaimsProviderSelections"
            | "Restriction"
            | "LocalizedCollection"
            | "LocalizedResourcesReferences"
            | "PredicateGroups"
            | "ErrorHandlers"
    )
}

fn order(left: &Piece, right: &Piece, path: &str, before: &Keyed<'_>, after: &Keyed<'_>, found: &mut Vec<Difference>) {
    let common = |mine: &Keyed<'_>, other: &Keyed<'_>| -> Vec<String> {
        mine.keys().filter(|it| other.contains_key(*it)).map(|(_, key, _)| key.clone()).collect()
    };
    let (before, after) = (common(before, after), common(after, before));
    if is_ordered(&left.name) && before != after {
        let place = |it: &Piece| it.origins.first().copied();
        let change = Change::Order { before, after };
        found.push(Difference { path: path.to_owned(), change, left: place(left), right: place(right) });
    }
}
