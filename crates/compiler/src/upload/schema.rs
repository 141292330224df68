//! What breaks the schema, as the service's XML reader tells it: .NET's validator goes through the file once, expects what may
//! follow, and after a wrong element looks at nothing more in that parent. Our own check finds more, and words it for people.

use super::words;
use std::collections::HashSet;
use wayfarer_diagnostics::Span;
use wayfarer_syntax::grammar::{self, Base, Canonical, Content, ElementDecl, Key, SimpleType, Type};
use wayfarer_syntax::{Attribute, Document, Element, POLICY_NAMESPACE};

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// A file that is something else altogether would give a mistake for each element.
const MOST: usize = 100;

/// A mistake with its place.
pub(super) struct Mistake {
    pub(super) span: Span,
    pub(super) text: String,
}

/// The mistakes of a well-formed file, in the order in which they are met.
pub(super) fn mistakes(document: &Document) -> Vec<Mistake> {
    let mut walk = Walk { found: Vec::new() };
    let Some(root) = document.root() else { return walk.found };
    if root.is_policy() && root.name() == grammar::root().name {
        walk.element(root, grammar::root());
    } else {
        walk.report(root.name_span(), "schema-root", &[("element", &qualified(root.namespace(), root.name()))]);
    }
    walk.found.truncate(MOST);
    walk.found
}

struct Walk {
    found: Vec<Mistake>,
}

impl Walk {
    fn report(&mut self, span: Span, name: &'static str, values: &[(&str, &str)]) {
        let value = |place: &str| values.iter().find(|it| it.0 == place).map(|it| it.1);
        self.found.push(Mistake { span, text: words(name, value) });
    }

    /// The parser's limit on nesting bounds the recursion.
    fn element(&mut self, element: Element<'_>, declaration: &'static ElementDecl) {
        // What `xsi:type` makes of an element is left to the other check; no policy has it.
        let is_retyped = |it: Attribute<'_>| it.namespace() == Some(SCHEMA_INSTANCE) && it.local_name() == "type";
        if self.found.len() >= MOST || element.attributes().any(is_retyped) {
            return;
        }
        let ty = declaration.ty;
        self.attributes(element, ty);
        match ty.content {
            Content::Sequence(declared) => self.children(element, ty, |at| after_in_sequence(declared, at)),
            Content::Choice(declared) => self.children(element, ty, |at| after_in_choice(declared, at)),
            Content::Text(text) => self.text(element, text),
            Content::Empty => self.empty(element),
            Content::Skipped => self.no_text(element, &[]),
            Content::Anything => {}
        }
        for key in declaration.keys {
            self.key(element, ty, key);
        }
    }

    fn attributes(&mut self, element: Element<'_>, ty: &'static Type) {
        let is_anything = matches!(ty.content, Content::Anything);
        for attribute in element.attributes().filter(|it| it.namespace() != Some(SCHEMA_INSTANCE) && !is_anything) {
            let declared = ty.attribute(attribute.local_name()).filter(|_| attribute.namespace().is_none());
            match declared {
                Some(declared) => {
                    self.value(attribute.name_span(), attribute.name(), "attribute", attribute.value(), declared.ty);
                }
                None => {
                    let name = qualified(attribute.namespace(), attribute.local_name());
                    self.report(attribute.name_span(), "schema-attribute", &[("attribute", &name)]);
                }
            }
        }
        let is_missing = |name: &str| element.attribute(name).is_none() && !is_filled_in(element, name);
        for declared in ty.attributes.iter().filter(|it| it.required && is_missing(it.name)) {
            self.report(element.name_span(), "schema-attribute-missing", &[("attribute", declared.name)]);
        }
    }

    fn value(&mut self, span: Span, subject: &str, node: &str, value: &str, ty: &'static SimpleType) {
        if ty.accepts(value) {
            return;
        }
        let datatype = match ty.name.strip_prefix("xs:") {
            Some(name) => format!("http://www.w3.org/2001/XMLSchema:{name}"),
            None => qualified(Some(POLICY_NAMESPACE), ty.name),
        };
        let (value, reason) = (shown(value), reason(value, ty));
        let values =
            [("subject", subject), ("node", node), ("value", &value), ("type", &datatype), ("reason", &reason)];
        self.report(span, "schema-value", &values);
    }

    /// `after` gives what may follow the declaration at an index, or stand first.
    fn children(&mut self, parent: Element<'_>, ty: &'static Type, after: impl Fn(Option<usize>) -> Expected) {
        let declared = ty.children();
        self.no_text(parent, &after(None).elements);
        let mut at = None;
        for child in parent.children() {
            let expected = after(at);
            let next = expected.elements.iter().find(|it| it.name == child.name()).filter(|_| child.is_policy());
            let Some(next) = next else { return self.wrong_child(parent, child, &expected.elements) };
            at = declared.iter().position(|it| std::ptr::eq(it, *next));
            self.element(child, next);
        }
        let expected = after(at);
        if expected.is_required {
            let place = parent.end_tag_name().unwrap_or_else(|| parent.name_span());
            let list = listed(&expected.elements);
            let mut values = vec![("parent", parent.name()), ("namespace", POLICY_NAMESPACE)];
            values.extend(list.as_deref().map(|it| ("expected", it)));
            self.report(place, "schema-incomplete", &values);
        }
    }

    fn wrong_child(&mut self, parent: Element<'_>, child: Element<'_>, expected: &[&'static ElementDecl]) {
        let list = listed(expected);
        let mut values = vec![("parent", parent.name()), ("namespace", POLICY_NAMESPACE), ("element", child.name())];
        values.extend(child.namespace().map(|it| ("element namespace", it)));
        values.extend(list.as_deref().map(|it| ("expected", it)));
        self.report(child.name_span(), "schema-child", &values);
    }

    fn no_text(&mut self, element: Element<'_>, expected: &[&'static ElementDecl]) {
        let Some(span) = element.text_span().filter(|_| !is_blank(element.text())) else { return };
        let list = listed(expected);
        let mut values = vec![("parent", element.name()), ("namespace", POLICY_NAMESPACE)];
        values.extend(list.as_deref().map(|it| ("expected", it)));
        self.report(span, "schema-text", &values);
    }

    fn text(&mut self, element: Element<'_>, ty: &'static SimpleType) {
        let name = qualified(element.namespace(), element.name());
        if let Some(child) = element.children().next() {
            return self.no_child(&name, child, "text only");
        }
        let place = element.end_tag_name().unwrap_or_else(|| element.name_span());
        self.value(place, &name, "element", element.text(), ty);
    }

    fn empty(&mut self, element: Element<'_>) {
        if let Some(child) = element.children().next() {
            return self.no_child(&qualified(element.namespace(), element.name()), child, "empty");
        }
        let Some(span) = element.text_span() else { return };
        let name = if is_blank(element.text()) { "schema-white-space" } else { "schema-empty-text" };
        self.report(span, name, &[]);
    }

    fn no_child(&mut self, parent: &str, child: Element<'_>, model: &str) {
        let name = qualified(child.namespace(), child.name());
        self.report(child.name_span(), "schema-no-child", &[("parent", parent), ("child", &name), ("model", model)]);
    }

    fn key(&mut self, holder: Element<'_>, ty: &'static Type, key: &'static Key) {
        let mut elements = vec![holder];
        let mut ty = Some(ty);
        for name in key.path {
            elements = elements.into_iter().flat_map(|it| it.children_named(name)).collect();
            ty = ty.and_then(|it| it.child(name)).map(|it| it.ty);
        }
        let Some(simple) = ty.and_then(|it| it.attribute(key.attribute)).map(|it| it.ty) else { return };
        let mut seen: HashSet<Canonical<'_>> = HashSet::new();
        for element in elements {
            let Some(id) = element.attribute(key.attribute) else { continue };
            if !seen.insert(simple.canonical(id.value())) {
                let (value, constraint) = (shown(id.value()), qualified(Some(POLICY_NAMESPACE), key.name));
                self.report(element.name_span(), "duplicate-key", &[("name", &value), ("constraint", &constraint)]);
            }
        }
    }
}

/// What may stand at a place.
struct Expected {
    elements: Vec<&'static ElementDecl>,
    /// Whether one of them must.
    is_required: bool,
}

/// The element at `at` again where it may be repeated, then all up to the next one that must be there.
fn after_in_sequence(declared: &'static [ElementDecl], at: Option<usize>) -> Expected {
    let again = at.and_then(|it| declared.get(it)).filter(|it| it.occurrence.is_repeatable());
    let rest = declared.get(at.map_or(0, |it| it + 1)..).unwrap_or_default();
    let required = rest.iter().position(|it| it.occurrence.is_required());
    let reach = rest.get(..required.map_or(rest.len(), |it| it + 1)).unwrap_or_default();
    Expected { elements: again.into_iter().chain(reach).collect(), is_required: required.is_some() }
}

fn after_in_choice(declared: &'static [ElementDecl], at: Option<usize>) -> Expected {
    match at.and_then(|it| declared.get(it)) {
        Some(chosen) => {
            let elements = if chosen.occurrence.is_repeatable() { vec![chosen] } else { Vec::new() };
            Expected { elements, is_required: false }
        }
        None => Expected { elements: declared.iter().collect(), is_required: false },
    }
}

/// Names in one namespace, as the validator lists them.
fn listed(expected: &[&'static ElementDecl]) -> Option<String> {
    let names: Vec<&str> = expected.iter().map(|it| it.name).collect();
    (!names.is_empty()).then(|| format!("'{}' in namespace '{POLICY_NAMESPACE}'", names.join(", ")))
}

/// The service writes `PublicPolicyUri` itself where an upload has none (reference "graph", 2.1).
fn is_filled_in(element: Element<'_>, attribute: &str) -> bool {
    attribute == "PublicPolicyUri" && element.parent().is_none()
}

fn qualified(namespace: Option<&str>, name: &str) -> String {
    namespace.map_or_else(|| name.to_owned(), |it| format!("{it}:{name}"))
}

/// Which facet fails: patterns are compared first, then lengths, then the list of values.
fn reason(value: &str, ty: &SimpleType) -> String {
    let not_valid = |name: &str| format!("The string '{}' is not a valid {name} value.", shown(value));
    match ty.base {
        Base::Boolean => return not_valid("Boolean"),
        Base::Int => return not_valid("Int32"),
        Base::Integer => return not_valid("Integer"),
        Base::AnyUri => return not_valid("Uri"),
        Base::String => {}
    }
    if ty.pattern.is_some_and(|matches| !matches(value)) {
        return "The Pattern constraint failed.".to_owned();
    }
    let length = value.chars().count();
    if length < ty.min_length {
        return "The actual length is less than the MinLength value.".to_owned();
    }
    if length > ty.max_length {
        return "The actual length is greater than the MaxLength value.".to_owned();
    }
    "The Enumeration constraint failed.".to_owned()
}

fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
}

/// A value of a megabyte is no use in a message.
fn shown(value: &str) -> String {
    const LONGEST: usize = 300;
    match value.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}
