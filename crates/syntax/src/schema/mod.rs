//! The check of a document against the grammar.

mod attributes;
mod content;
mod keys;
mod order;
mod values;
mod xsi;

use wayfarer_diagnostics::{Diagnostic, Diagnostics, Span};

use crate::document::{Document, Element};
use crate::grammar::{ANYTHING, Content, ElementDecl, Occurrence, Type, root};
use crate::report::{Report, shown};

/// What an element is inside one that may hold anything.
static ANY_ELEMENT: ElementDecl =
    ElementDecl { name: "", ty: &ANYTHING, occurrence: Occurrence::ZeroOrMore, keys: &[] };

/// Checks a whole document against the grammar: elements, attributes, values and keys, each finding with its place.
/// What stands where nothing is known about it is reported once, not in its parts.
pub fn check_schema(document: &Document, diagnostics: &mut Diagnostics) {
    // Without a root there is nothing to check, and `parse` has said so.
    let Some(top) = document.root() else { return };
    let mut checker = Checker { report: Report::new(document.file), known: vec![None; document.elements.len()] };
    if checker.is_root(top) {
        checker.declare(top, root());
        for element in document.elements() {
            if let Some(declaration) = checker.known.get(element.id().index()).copied().flatten() {
                checker.element(element, declaration);
            }
        }
    }
    let mut found = checker.report.finish("value-invalid", document.text.len());
    // In a file that is not well-formed nobody knows what an edit would hit.
    if !document.is_well_formed() {
        found.iter_mut().for_each(|it| it.fix = None);
    }
    if let Some(policy) = top.attribute("PolicyId") {
        found.iter_mut().for_each(|it| it.policy = Some(policy.value().to_owned()));
    }
    diagnostics.extend(found);
}

struct Checker {
    report: Report,
    /// By element: what the grammar says about it. `None` for what has no business where it stands.
    known: Vec<Option<&'static ElementDecl>>,
}

impl Checker {
    fn is_root(&mut self, top: Element<'_>) -> bool {
        let name = root().name;
        let span = top.name_span();
        if top.name() != name {
            self.error("root-not-policy", span, format!("the root element is `{}`, not `{name}`", shown(top.name())))
                .label("not a policy")
                .help(format!("a policy file holds one `{name}` element"));
            return false;
        }
        if !top.is_policy() {
            let help = format!("write <{name} xmlns=\"{}\" …>", crate::POLICY_NAMESPACE);
            let message = match top.namespace() {
                Some(other) => format!("`{name}` is in the namespace `{}`, not in that of policies", shown(other)),
                None => format!("`{name}` is in no namespace"),
            };
            let declared = top.namespace_declarations().find(|it| it.name() == "xmlns").map(|it| it.value_span());
            self.error("namespace-wrong", declared.unwrap_or(span), message).label("the namespace").help(help);
            return false;
        }
        true
    }

    fn declare(&mut self, element: Element<'_>, declaration: &'static ElementDecl) {
        if let Some(known) = self.known.get_mut(element.id().index()) {
            *known = Some(declaration);
        }
    }

    fn element(&mut self, element: Element<'_>, declaration: &'static ElementDecl) {
        let ty = self.xsi_type(element, declaration).unwrap_or(declaration.ty);
        self.attributes(element, declaration, ty);
        self.content(element, ty);
        for key in declaration.keys {
            self.key(element, declaration, key);
        }
    }

    fn content(&mut self, element: Element<'_>, ty: &'static Type) {
        match ty.content {
            Content::Sequence(children) => {
                self.no_text(element);
                self.sequence(element, children);
            }
            Content::Text(text) => self.text(element, text),
            Content::Empty => self.empty(element),
            Content::Choice(children) => {
                self.no_text(element);
                self.choice(element, children);
            }
            Content::Skipped => self.no_text(element),
            Content::Anything => self.anything(element),
        }
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.report.error(code, span, message)
    }
}

/// `A`, `B` or `C`, each in backticks.
fn list<'a>(names: impl IntoIterator<Item = &'a str>, last_word: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {last_word} {last}", rest.join(", ")),
    }
}
