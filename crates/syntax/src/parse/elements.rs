//! Elements as they join the tree, and leave the list of open ones.

use super::{MAX_DEPTH, Open, Parser, offset};
use crate::chars::Name;
use crate::document::{ElementData, NONE, Value};

impl<'t> Parser<'t> {
    /// Adds an element to the tree, or only to what is open when it is no part of the tree.
    pub(super) fn open_element(&mut self, start: usize, name: Name, end: usize) {
        let Name { end: name_end, colon } = name;
        let name = self.slice(start + 1, name_end);
        let bindings = self.scope.len();
        let mut default_namespace = self.open.last().map_or(NONE, |it| it.default_namespace);
        let first_attribute = self.attributes.len();
        self.push_attributes(start, name_end, &mut default_namespace);
        let (namespace, local_start) = match self.split(start + 1, name_end, colon) {
            Some((prefix, local_start)) => (self.resolve(prefix, start + 1, name_end), local_start),
            None => (default_namespace, start + 1),
        };
        let parent = self.open.last().map_or(NONE, |it| it.element);
        let in_tree = self.belongs_to_tree(start, name_end);
        let mut element = NONE;
        if in_tree {
            element = offset(self.elements.len());
            let data = ElementData {
                parent,
                first_child: NONE,
                next_sibling: NONE,
                namespace,
                start: offset(start),
                start_tag_end: offset(end),
                end: offset(end),
                name_end: offset(name_end),
                local_start: offset(local_start),
                first_attribute: offset(first_attribute),
                end_attribute: offset(self.attributes.len()),
                text: Value::EMPTY,
                text_span: (NONE, NONE),
            };
            self.link(element);
            self.elements.push(data);
        } else {
            self.attributes.truncate(first_attribute);
        }
        if let Some(names) = &mut self.open_names {
            *names.entry(name).or_default() += 1;
        }
        let first_chunk = self.chunks.len();
        let last_child = NONE;
        let open =
            Open { name, start, start_tag_end: end, element, last_child, first_chunk, bindings, default_namespace };
        self.open.push(open);
    }

    /// A second root and what is nested too deep are read, and left out of the tree.
    fn belongs_to_tree(&mut self, start: usize, name_end: usize) -> bool {
        let Some(parent) = self.open.last() else {
            if std::mem::replace(&mut self.seen_root, true) {
                let name = self.slice(start + 1, name_end);
                self.error(start, name_end, format!("`<{name}>` is a second root element"))
                    .label("the root element has ended before")
                    .help("a file holds one policy: move this one to a file of its own");
                return false;
            }
            return true;
        };
        if parent.element == NONE {
            return false;
        }
        if self.open.len() < MAX_DEPTH {
            return true;
        }
        if !std::mem::replace(&mut self.too_deep, true) {
            self.error(start, name_end, format!("elements are nested deeper than {MAX_DEPTH} levels"))
                .label("this element is left out")
                .help("no policy is nested deeper than 20 levels: look for missing end tags above");
        }
        false
    }

    /// Makes an element the last child of the open one.
    fn link(&mut self, element: u32) {
        let Some(parent) = self.open.last_mut() else { return };
        let before = std::mem::replace(&mut parent.last_child, element);
        let parent = parent.element;
        if before != NONE {
            if let Some(sibling) = self.elements.get_mut(before as usize) {
                sibling.next_sibling = element;
            }
        } else if let Some(parent) = self.elements.get_mut(parent as usize) {
            parent.first_child = element;
        }
    }

    /// Ends the innermost open element.
    pub(super) fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let (text, text_span) = self.take_text(&open);
        if let Some(element) = self.elements.get_mut(open.element as usize) {
            (element.end, element.text, element.text_span) = (offset(end), text, text_span);
        }
        self.scope.truncate(open.bindings);
        if let Some(count) = self.open_names.as_mut().and_then(|it| it.get_mut(open.name)) {
            *count = count.saturating_sub(1);
        }
    }
}
