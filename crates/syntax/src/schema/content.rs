//! What stands in an element: text where none may be, elements that are unknown there.

use wayfarer_diagnostics::{Fix, Span, closest, only_close};

use super::{ANY_ELEMENT, Checker, list, shown};
use crate::chars::is_blank;
use crate::document::Element;
use crate::grammar::{Content, ElementDecl, Type, parents_of, root};

impl Checker {
    /// Text in an element that holds elements only.
    pub(super) fn no_text(&mut self, element: Element<'_>) {
        let Some(span) = element.text_span() else { return };
        if is_blank(element.text()) {
            return;
        }
        let written = element.document().text().get(span.start as usize..span.end as usize).unwrap_or_default();
        let start = span.start as usize + written.len() - written.trim_ascii_start().len();
        let span = self.report.span(start..span.start as usize + written.trim_ascii_end().len());
        let parent = element.name();
        let message = format!("text is not allowed in `{parent}`: `{}`", shown(element.text().trim()));
        self.error("stray-text", span, message)
            .label("text between elements")
            .help("remove it, or make it a comment: `<!-- … -->`");
    }

    /// An element in which nothing may stand, not even white space.
    pub(super) fn empty(&mut self, element: Element<'_>) {
        let parent = element.name();
        let children: Vec<_> = element.children().take(1).collect();
        for child in children {
            self.not_allowed(element, child, &[]);
        }
        let Some(span) = element.text_span() else { return };
        let help = format!("write `<{parent} … />`");
        if is_blank(element.text()) {
            self.error("empty-element-has-space", span, format!("`{parent}` must be empty, without white space"))
                .label("white space")
                .help(help)
                .fix(as_one_tag(element));
        } else {
            self.error("stray-text", span, format!("`{parent}` must be empty")).label("text").help(help);
        }
    }

    /// Only a policy inside it would be checked (XSD calls this lax).
    pub(super) fn anything(&mut self, element: Element<'_>) {
        for child in element.children() {
            let is_root = child.is_policy() && child.name() == root().name;
            self.declare(child, if is_root { root() } else { &ANY_ELEMENT });
        }
    }

    /// Elements of one of `declared` only.
    pub(super) fn choice(&mut self, parent: Element<'_>, declared: &'static [ElementDecl]) {
        let mut chosen: Option<(Element<'_>, &ElementDecl)> = None;
        for child in parent.children() {
            let known = declared.iter().find(|it| it.name == child.name()).filter(|_| child.is_policy());
            let Some(declaration) = known else {
                self.not_allowed(parent, child, declared);
                continue;
            };
            self.declare(child, declaration);
            let Some((first, choice)) = chosen else {
                chosen = Some((child, declaration));
                continue;
            };
            if choice.name != declaration.name {
                let (name, other) = (declaration.name, choice.name);
                self.error("element-not-allowed", child.name_span(), format!("`{name}` can't stand beside `{other}`"))
                    .label("one or the other")
                    .help(format!("`{}` holds either {}", parent.name(), list(declared.iter().map(|it| it.name), "or")))
                    .related(first.name_span(), format!("`{other}` stands here"));
            } else if !declaration.occurrence.is_repeatable() {
                self.repeated(parent, child, first);
            }
        }
    }

    pub(super) fn repeated(&mut self, parent: Element<'_>, child: Element<'_>, first: Element<'_>) {
        if self.report.overflows() {
            return;
        }
        let (name, parent) = (child.name(), parent.name());
        self.error("element-repeated", child.name_span(), format!("`{parent}` holds a second `{name}`"))
            .label("may be there once")
            .help("remove one of the two, or move the content of this one into the first")
            .related(first.name_span(), "the first one");
    }

    /// An element that its parent does not know.
    pub(super) fn not_allowed(&mut self, parent: Element<'_>, child: Element<'_>, declared: &[ElementDecl]) {
        if self.report.overflows() {
            return;
        }
        let name = shown(child.name());
        let names = || declared.iter().map(|it| it.name);
        if !child.is_policy() && names().any(|it| it == child.name()) {
            let message = match child.namespace() {
                Some(other) => format!("`{name}` is in the namespace `{}`, not in that of policies", shown(other)),
                None => format!("`{name}` is in no namespace, not in that of policies"),
            };
            self.error("namespace-wrong", child.name_span(), message)
                .label("the wrong namespace")
                .help("remove the prefix, or the xmlns attribute of this element");
            return;
        }
        let elsewhere = if child.is_policy() { parents_of(child.name()) } else { Vec::new() };
        let close = closest(child.name(), names()).map(|it| format!("did you mean `{it}`?"));
        let help = if !elsewhere.is_empty() {
            let places = list(elsewhere.into_iter().take(6), "or");
            let question = close.map(|it| format!("; {it}")).unwrap_or_default();
            format!("`{name}` belongs in {places}{question}")
        } else if let Some(close) = close {
            close
        } else if declared.is_empty() {
            format!("`{}` holds no elements", parent.name())
        } else {
            format!("`{}` holds {}", parent.name(), list(names(), "and"))
        };
        let message = format!("`{name}` is not allowed in `{}`", parent.name());
        let diagnostic = self.error("element-not-allowed", child.name_span(), message);
        diagnostic.label("not expected here").help(help);
        // What belongs elsewhere was not misspelt.
        let misspelt = child.is_policy() && parents_of(child.name()).is_empty();
        if let Some(close) = only_close(child.name(), names()).filter(|_| misspelt) {
            diagnostic.fix(rename(child, close));
        }
    }

    /// A required child that is not there.
    pub(super) fn missing(&mut self, parent: Element<'_>, declaration: &ElementDecl) {
        if self.report.overflows() {
            return;
        }
        let (name, parent_name) = (declaration.name, parent.name());
        let holds = match example(declaration.ty) {
            Some(it) => format!("add `<{name}>`, which holds {it}"),
            None => format!("add `<{name}>`"),
        };
        self.error("required-element-missing", parent.name_span(), format!("`{parent_name}` lacks its `{name}`"))
            .label(format!("`{name}` is missing"))
            .help(holds);
    }
}

fn example(ty: &Type) -> Option<String> {
    match ty.content {
        Content::Text(text) if !text.values.is_empty() => Some(list(text.values.iter().copied(), "or")),
        Content::Text(text) if !text.expected.is_empty() => Some(text.expected.to_owned()),
        _ => None,
    }
}

/// An element in which only white space stands, without it.
fn as_one_tag(element: Element<'_>) -> Fix {
    let (tag, end) = (element.start_tag(), element.span().end);
    let close = Span { start: tag.end.saturating_sub(1), end, ..tag };
    let before = element.document().written(Span { end: close.start, ..tag });
    let content = if before.ends_with(|it: char| it.is_ascii_whitespace()) { "/>" } else { " />" };
    let fix = Fix::safe(format!("write `{}` as one tag", element.name()));
    match element.document().written(Span { start: tag.end, ..close }).split_once('<') {
        Some((blank, rest)) if blank.trim_ascii().is_empty() && rest.starts_with('/') => fix.replace(close, content),
        // A comment, or a CDATA section.
        _ => fix,
    }
}

/// Whoever misspells an element may have meant more by it: what stands in it was not judged yet.
fn rename(element: Element<'_>, name: &str) -> Fix {
    let written = element.name_span();
    let local = Span::new(written.file, written.end as usize - element.name().len(), written.end as usize);
    let fix = Fix::risky(format!("rename it to `{name}`")).replace(local, name);
    match element.end_tag_name() {
        Some(end) => fix.replace(end, name),
        None => fix,
    }
}
