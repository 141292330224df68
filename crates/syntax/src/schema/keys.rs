//! Attributes that must be unique among some elements.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Checker, shown};
use crate::document::{Attribute, Element};
use crate::grammar::{Canonical, ElementDecl, Key, Type};

impl Checker {
    /// Reports each element whose key an earlier one has. Keys compare as values of their type: `01` is the order `1`.
    pub(super) fn key(&mut self, holder: Element<'_>, declaration: &ElementDecl, key: &Key) {
        let mut elements = vec![holder];
        let mut ty: Option<&'static Type> = Some(declaration.ty);
        for name in key.path {
            elements = elements.into_iter().flat_map(|it| it.children_named(name)).collect();
            ty = ty.and_then(|it| it.child(name)).map(|it| it.ty);
        }
        let Some(simple) = ty.and_then(|it| it.attribute(key.attribute)).map(|it| it.ty) else { return };
        let mut seen: HashMap<Canonical<'_>, Attribute<'_>> = HashMap::with_capacity(elements.len());
        for element in elements {
            let Some(attribute) = element.attribute(key.attribute) else { continue };
            match seen.entry(simple.canonical(attribute.value())) {
                Entry::Vacant(entry) => {
                    entry.insert(attribute);
                }
                Entry::Occupied(first) => self.duplicate(holder, element, attribute, *first.get()),
            }
        }
    }

    fn duplicate(&mut self, holder: Element<'_>, element: Element<'_>, attribute: Attribute<'_>, first: Attribute<'_>) {
        if self.report.overflows() {
            return;
        }
        let (name, key, value) = (element.name(), attribute.name(), shown(attribute.value()));
        let message = format!("two `{name}` elements have the {key} `{value}`");
        self.error("id-duplicate", attribute.value_span(), message)
            .label("the second one")
            .help(format!("give one of them another {key}: within `{}` each `{name}` needs its own", holder.name()))
            .related(first.value_span(), "the first one");
    }
}
