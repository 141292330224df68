//! Attributes of the XML Schema instance namespace, which every element may have.

use super::{Checker, shown};
use crate::POLICY_NAMESPACE;
use crate::document::{Attribute, Element, XSI};
use crate::grammar::{ANYTHING, Base, Content, ElementDecl, SimpleType, Type, named_type};

const XSD: &str = "http://www.w3.org/2001/XMLSchema";

impl Checker {
    /// Whether this is one of the four; `xsi:nil` is wrong on every element of a policy.
    pub(super) fn xsi_attribute(&mut self, attribute: Attribute<'_>, declaration: &ElementDecl) -> bool {
        match attribute.local_name() {
            "schemaLocation" | "noNamespaceSchemaLocation" | "type" => true,
            "nil" => {
                if !declaration.name.is_empty() {
                    self.error("attribute-unknown", attribute.name_span(), "no element of a policy may be nil")
                        .label("not allowed")
                        .help("remove it");
                }
                true
            }
            _ => false,
        }
    }

    /// The type that `xsi:type` names, where it may stand for the declared one.
    pub(super) fn xsi_type(&mut self, element: Element<'_>, declaration: &ElementDecl) -> Option<&'static Type> {
        let is_type = |it: &Attribute<'_>| it.namespace_index() == XSI && it.local_name() == "type";
        let attribute = element.attributes().find(is_type)?;
        let named = resolve(element, attribute.value()).and_then(|(namespace, name)| match namespace {
            Some(POLICY_NAMESPACE) => substitute(declaration.ty, name),
            Some(XSD) => built_in(declaration.ty, name),
            _ => None,
        });
        if named.is_none() {
            let message = format!("`{}` is no type that `{}` may have", shown(attribute.value()), element.name());
            self.error("value-invalid", attribute.value_span(), message)
                .label("unknown or not derived from the declared type")
                .help("remove xsi:type: a policy needs none");
        }
        named
    }
}

/// A QName → namespace and local name.
fn resolve<'d>(element: Element<'d>, name: &'d str) -> Option<(Option<&'d str>, &'d str)> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    if local.is_empty() {
        return None;
    }
    let declares = |it: &Attribute<'_>| match it.name().split_once(':') {
        Some((_, declared)) => declared == prefix,
        None => prefix.is_empty(),
    };
    let holders = std::iter::successors(Some(element), |it| it.parent());
    let declared = holders.flat_map(|it| it.namespace_declarations()).find(declares).map(|it| it.value());
    match declared {
        Some(namespace) => Some(((!namespace.is_empty()).then_some(namespace), local)),
        None => prefix.is_empty().then_some((None, local)),
    }
}

/// A type of the schema in place of the declared one.
fn substitute(declared: &'static Type, name: &str) -> Option<&'static Type> {
    let text_name = declared.text_type().filter(|_| declared.attributes.is_empty()).map(|it| it.name);
    if declared.name == name || text_name == Some(name) {
        return Some(declared);
    }
    let named = named_type(name)?;
    let derives = match (declared.content, named.text_type()) {
        (Content::Anything, _) => true,
        (Content::Text(it), Some(other)) if declared.attributes.is_empty() && named.attributes.is_empty() => {
            is_plain(it) && it.base == other.base
        }
        _ => false,
    };
    derives.then_some(named)
}

/// A type of XSD itself in place of the declared one: the declared one, a string without more rules for a string, and any
/// that a policy uses where anything may stand. The others are refused, also where XSD would have them.
fn built_in(declared: &'static Type, name: &str) -> Option<&'static Type> {
    let strings = ["string", "normalizedString", "token"];
    match declared.content {
        Content::Text(it) if declared.attributes.is_empty() => {
            let is_same = it.name.strip_prefix("xs:") == Some(name);
            (is_same || (it.name == "xs:string" && strings.contains(&name))).then_some(declared)
        }
        Content::Anything if name == "anyType" => Some(&ANYTHING),
        Content::Anything => named_type(&format!("xs:{}", if strings.contains(&name) { "string" } else { name })),
        _ => None,
    }
}

fn is_plain(ty: &SimpleType) -> bool {
    ty.name.starts_with("xs:") && ty.base != Base::Integer
}
