//! Values: the text of an attribute or element against its simple type.

use wayfarer_diagnostics::{Applicability, Fix, Span, closest, only_close};

use super::{Checker, list, shown};
use crate::document::{Attribute, Element};
use crate::grammar::{Base, SimpleType};

impl Checker {
    pub(super) fn attribute_value(&mut self, attribute: Attribute<'_>, ty: &SimpleType) {
        if !ty.accepts(attribute.value()) {
            let written = attribute.document().written(attribute.value_span());
            self.wrong_value(attribute.name(), attribute.value(), (attribute.value_span(), written), ty);
        }
    }

    /// An element that holds text and nothing else.
    pub(super) fn text(&mut self, element: Element<'_>, ty: &SimpleType) {
        let mut children = element.children();
        if let Some(child) = children.next() {
            let (parent, name) = (element.name(), shown(child.name()));
            self.error("element-not-allowed", child.name_span(), format!("`{name}` is not allowed in `{parent}`"))
                .label("an element where text is expected")
                .help(format!("`{parent}` holds text only; write `&lt;` where the character `<` is meant"));
        } else if !ty.accepts(element.text()) {
            let span = element.text_span().filter(|it| it.start < it.end).unwrap_or_else(|| element.start_tag());
            let written = element.document().written(span);
            self.wrong_value(element.name(), element.text(), (span, written), ty);
        }
    }

    fn wrong_value(&mut self, name: &str, value: &str, (span, written): (Span, &str), ty: &SimpleType) {
        if self.report.overflows() {
            return;
        }
        let message = match value {
            "" => format!("`{name}` is empty"),
            _ => format!("`{}` is not valid for `{name}`", shown(value)),
        };
        let enumerated = !ty.values.is_empty();
        let expected = if enumerated { list(ty.values.iter().copied(), "or") } else { ty.expected.to_owned() };
        let code = if enumerated { "enum-invalid" } else { "value-invalid" };
        let help = suggestion(value, ty).unwrap_or_else(|| format!("expected {expected}"));
        let diagnostic = self.error(code, span, message).label(format!("expected {expected}")).help(help);
        // Where references or comments stand in the value, its author wrote it for a reason.
        if let Some((meant, applicability)) = meant(value, ty).filter(|_| written == value) {
            diagnostic.fix(Fix::new(format!("write `{meant}`"), applicability).replace(span, meant));
        }
    }
}

/// What the value most likely should have been.
fn suggestion(value: &str, ty: &SimpleType) -> Option<String> {
    if value.contains("{Settings:") {
        return Some("`{Settings:…}` stands for a value of a settings file: check with --settings FILE".to_owned());
    }
    let trimmed = value.trim();
    if trimmed != value && ty.accepts(trimmed) {
        return Some(format!("remove the white space around `{}`", shown(trimmed)));
    }
    let likely = match ty.base {
        Base::Boolean => match trimmed.to_ascii_lowercase().as_str() {
            "yes" | "on" => Some("true"),
            "no" | "off" => Some("false"),
            lower => closest(lower, ["true", "false"]),
        },
        _ => closest(trimmed, ty.values.iter().copied()),
    };
    likely.map(|it| format!("did you mean `{it}`?"))
}

/// The one value that can have been meant. A person should look at it, unless case or white space alone differ.
fn meant<'v>(value: &'v str, ty: &SimpleType) -> Option<(&'v str, Applicability)> {
    let trimmed = value.trim_ascii();
    if trimmed != value && ty.accepts(trimmed) {
        return Some((trimmed, Applicability::Safe));
    }
    let words: &'static [&'static str] = if ty.base == Base::Boolean { &["true", "false"] } else { ty.values };
    if let Some(same) = words.iter().find(|it| it.eq_ignore_ascii_case(trimmed)) {
        return Some((same, Applicability::Safe));
    }
    let likely = match trimmed.to_ascii_lowercase().as_str() {
        "yes" | "on" if ty.base == Base::Boolean => Some("true"),
        "no" | "off" if ty.base == Base::Boolean => Some("false"),
        lower => only_close(lower, words.iter().copied()),
    };
    Some((likely?, Applicability::Unsafe))
}
