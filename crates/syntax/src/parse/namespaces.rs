//! Which namespace a prefix stands for (Namespaces in XML 1.0).

use std::collections::HashMap;

use super::{Parser, offset};
use crate::document::{KNOWN_NAMESPACES, NONE, XML};
use crate::uri;

/// More declarations than this in scope are refused: each prefix is looked up among them.
const MAX_IN_SCOPE: usize = 512;

const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// The declarations in scope, innermost last, and every namespace of the document.
pub(super) struct Scope<'t> {
    bindings: Vec<(&'t str, u32)>,
    namespaces: Vec<String>,
    indices: HashMap<String, u32>,
    overflow: bool,
}

impl Default for Scope<'_> {
    fn default() -> Self {
        let mut scope =
            Self { bindings: vec![("xml", XML)], namespaces: Vec::new(), indices: HashMap::new(), overflow: false };
        for known in KNOWN_NAMESPACES {
            scope.intern(known);
        }
        scope
    }
}

impl<'t> Scope<'t> {
    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.bindings.truncate(length);
    }

    pub(super) fn into_namespaces(self) -> Vec<String> {
        self.namespaces
    }

    pub(super) fn lookup(&self, prefix: &str) -> Option<u32> {
        self.bindings.iter().rev().find(|(it, _)| *it == prefix).map(|(_, namespace)| *namespace)
    }

    fn intern(&mut self, namespace: &str) -> u32 {
        if let Some(index) = self.indices.get(namespace) {
            return *index;
        }
        let index = offset(self.namespaces.len());
        self.namespaces.push(namespace.to_owned());
        self.indices.insert(namespace.to_owned(), index);
        index
    }
}

impl<'t> Parser<'t> {
    /// Takes in `xmlns="namespace"` (with an empty prefix) or `xmlns:prefix="namespace"`; the span is the attribute's.
    /// Hands back the namespace's index when it is the default one.
    pub(super) fn declare(&mut self, prefix: &'t str, namespace: &str, start: usize, end: usize) -> Option<u32> {
        let wrong = match (prefix, namespace) {
            ("xmlns", _) => Some("the prefix `xmlns` can't be declared"),
            (_, XMLNS_NAMESPACE) => Some("the namespace of `xmlns` itself can't be declared"),
            ("xml", it) if it != known(XML) => Some("the prefix `xml` always stands for the XML namespace"),
            ("xml", _) => return None,
            (_, it) if it == known(XML) => Some("the XML namespace has the prefix `xml` only"),
            ("", "") => return Some(NONE),
            (_, "") => Some("a prefix can't stand for no namespace"),
            (_, it) if !uri::is_reference(it) => Some("the namespace is not a valid URI"),
            _ => None,
        };
        if let Some(message) = wrong {
            self.error(start, end, message).label("declared here").help("correct or remove the declaration");
        }
        if prefix == "xmlns" {
            return None;
        }
        let index = self.scope.intern(namespace);
        if prefix.is_empty() {
            return Some(index);
        }
        if self.scope.len() > MAX_IN_SCOPE {
            if !self.scope.overflow {
                self.scope.overflow = true;
                self.error(start, end, format!("more than {MAX_IN_SCOPE} namespaces are declared here"))
                    .label("this one and those after it are not read")
                    .help("a policy needs one namespace; remove the declarations that nothing uses");
            }
            return None;
        }
        self.scope.bindings.push((prefix, index));
        None
    }

    /// The namespace of a prefix; a prefix that nothing declares is reported at its name.
    pub(super) fn resolve(&mut self, prefix: &str, start: usize, end: usize) -> u32 {
        if let Some(index) = self.scope.lookup(prefix) {
            return index;
        }
        if !self.scope.overflow {
            self.error(start, end, format!("the prefix `{prefix}` is not declared"))
                .label("unknown prefix")
                .help(format!("remove `{prefix}:`, or declare it with xmlns:{prefix}=\"…\""));
        }
        NONE
    }
}

fn known(index: u32) -> &'static str {
    KNOWN_NAMESPACES.get(index as usize).copied().unwrap_or_default()
}
