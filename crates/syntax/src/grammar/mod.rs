//! The grammar of a policy: one static table of every element and attribute, and the check of a document against it.
//! Completion, hover and fixes read the same table.
//!
//! Start reading at [`root`]; [`declaration`] finds what the table says about an element of a document.

mod declare;
mod patterns;
mod simple;
mod table;
mod word;

pub use declare::{ANYTHING, AttributeDecl, Content, ElementDecl, Key, Occurrence, Type};
pub use simple::{Base, Canonical, SimpleType};

use std::sync::OnceLock;

use crate::Element;

pub use crate::schema::check_schema;

/// The one element that a policy file begins with.
pub fn root() -> &'static ElementDecl {
    &ROOT
}

static ROOT: ElementDecl = declare::one("TrustFrameworkPolicy", &table::TRUST_FRAMEWORK_POLICY);

/// What the table says about an element; `None` when the element, or one that it stands in, has no business there.
pub fn declaration(element: Element<'_>) -> Option<&'static ElementDecl> {
    let mut path: Vec<Element<'_>> = std::iter::successors(Some(element), |it| it.parent()).collect();
    let top = path.pop()?;
    let mut found = (top.is_policy() && top.name() == ROOT.name).then_some(&ROOT)?;
    while let Some(next) = path.pop() {
        found = found.ty.child(next.name()).filter(|_| next.is_policy())?;
    }
    Some(found)
}

/// Every declaration of an element, with the name of the element that it stands in (empty for the root), each type once,
/// from the top down.
pub fn declarations() -> impl Iterator<Item = (&'static str, &'static ElementDecl)> {
    static ALL: OnceLock<Vec<(&'static str, &'static ElementDecl)>> = OnceLock::new();
    ALL.get_or_init(collect).iter().copied()
}

fn collect() -> Vec<(&'static str, &'static ElementDecl)> {
    let mut found = vec![("", root())];
    let mut seen: Vec<*const Type> = Vec::new();
    let mut next = 0;
    while let Some((_, declaration)) = found.get(next).copied() {
        next += 1;
        let ty = std::ptr::from_ref(declaration.ty);
        if !seen.contains(&ty) {
            seen.push(ty);
            found.extend(declaration.ty.children().iter().map(|it| (declaration.name, it)));
        }
    }
    found
}

/// The names of the elements that an element of this name may stand in; none for the root.
pub fn parents_of(name: &str) -> Vec<&'static str> {
    let mut parents: Vec<&str> =
        declarations().filter(|(parent, it)| it.name == name && !parent.is_empty()).map(|(parent, _)| parent).collect();
    parents.sort_unstable();
    parents.dedup();
    parents
}

/// The types that the schema names, for `xsi:type`.
pub(crate) fn named_type(name: &str) -> Option<&'static Type> {
    let is_named = |it: &&'static Type| {
        it.name == name
            || it.text_type().is_some_and(|text| it.name.is_empty() && text.name == name && it.attributes.is_empty())
    };
    declarations().map(|(_, it)| it.ty).find(is_named)
}
