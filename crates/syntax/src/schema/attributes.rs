//! Attributes: which there may be, which there must be, and their values.

use wayfarer_diagnostics::{Applicability, Fix, closest, only_close};

use super::{Checker, list, shown};
use crate::document::{Attribute, Element, NONE, XSI};
use crate::grammar::{Content, ElementDecl, Type};

impl Checker {
    pub(super) fn attributes(&mut self, element: Element<'_>, declaration: &ElementDecl, ty: &'static Type) {
        let anything = matches!(ty.content, Content::Anything);
        let mut present = 0_u64;
        for attribute in element.attributes() {
            let name = attribute.name();
            match attribute.namespace_index() {
                NONE if anything => {}
                NONE => match ty.attributes.iter().position(|it| it.name == name) {
                    Some(at) => {
                        present |= 1 << at;
                        if let Some(declared) = ty.attributes.get(at) {
                            self.attribute_value(attribute, declared.ty);
                        }
                    }
                    None => self.unknown_attribute(element, attribute, ty),
                },
                XSI if self.xsi_attribute(attribute, declaration) => {}
                _ if anything => {}
                _ => self.unknown_attribute(element, attribute, ty),
            }
        }
        for (at, declared) in ty.attributes.iter().enumerate() {
            if declared.required && present & (1 << at) == 0 {
                self.missing_attribute(element, declared.name, ty);
            }
        }
    }

    fn unknown_attribute(&mut self, element: Element<'_>, attribute: Attribute<'_>, ty: &'static Type) {
        if self.report.overflows() {
            return;
        }
        let (name, parent) = (attribute.name(), element.name());
        let names = || ty.attributes.iter().map(|it| it.name);
        let help = if ty.child(name).is_some() {
            format!("`{name}` is an element inside `{parent}`, not an attribute")
        } else if let Some(close) = closest(attribute.local_name(), names()) {
            format!("did you mean `{close}`?")
        } else if ty.attributes.is_empty() {
            format!("`{parent}` has no attributes: remove it")
        } else {
            format!("`{parent}` may have {}", list(names(), "and"))
        };
        let message = format!("`{parent}` has no attribute `{}`", shown(name));
        let diagnostic = self.error("attribute-unknown", attribute.name_span(), message);
        diagnostic.label("not an attribute of this element").help(help);
        let free = |it: &&str| element.attribute(it).is_none() && attribute.namespace().is_none();
        if let Some(close) = only_close(name, names()).filter(free) {
            let sound = ty.attribute(close).is_some_and(|it| it.ty.accepts(attribute.value()));
            let same = close.eq_ignore_ascii_case(name) && sound;
            let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
            diagnostic.fix(Fix::new(format!("write `{close}`"), applicability).replace(attribute.name_span(), close));
        }
    }

    fn missing_attribute(&mut self, element: Element<'_>, name: &str, ty: &'static Type) {
        if self.report.overflows() {
            return;
        }
        let parent = element.name();
        let declared = ty.attribute(name).map(|it| it.ty);
        let example = match declared.map(|it| (it.values, it.expected)) {
            Some((values @ [_, ..], _)) => format!(": {}", list(values.iter().copied(), "or")),
            Some((_, expected)) if !expected.is_empty() => format!(": {expected}"),
            _ => String::new(),
        };
        self.error(
            "required-attribute-missing",
            element.name_span(),
            format!("`{parent}` lacks its attribute `{name}`"),
        )
        .label(format!("`{name}` is missing"))
        .help(format!("add {name}=\"…\"{example}"));
    }
}
