//! Attributes: namespaces among them, and whether one is repeated.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::tags::RawAttribute;
use super::{Parser, XMLNS, offset};
use crate::chars;
use crate::document::{AttributeData, NONE, Value};

/// No element of a policy has more than eight.
const MAX_ATTRIBUTES: usize = 256;

/// Up to here two loops find a repeated attribute sooner than a hash set.
const FEW: usize = 12;

impl<'t> Parser<'t> {
    pub(super) fn push_attributes(&mut self, start: usize, name_end: usize, default_namespace: &mut u32) {
        if self.raw.is_empty() {
            return;
        }
        let mut raw = std::mem::take(&mut self.raw);
        if raw.len() > MAX_ATTRIBUTES {
            let name = self.slice(start + 1, name_end);
            self.error(start, name_end, format!("`{name}` has {} attributes; {MAX_ATTRIBUTES} are allowed", raw.len()))
                .label("too many attributes")
                .help("no element of a policy has more than eight");
        }
        self.report_repeated(&raw);
        raw.truncate(MAX_ATTRIBUTES);
        let first = self.attributes.len();
        let mut prefixed = 0;
        for it in &raw {
            let value = match it.plain {
                true => Value::Written(offset(it.value_start), offset(it.value_end)),
                false => self.attribute_value(it.value_start, it.value_end),
            };
            let (mut namespace, mut local_start) = (NONE, it.name_start);
            match self.split(it.name_start, it.name_end, it.colon) {
                Some(("xmlns", local)) => {
                    (namespace, local_start) = (XMLNS, local);
                    let prefix = self.slice(local, it.name_end);
                    let uri = self.owned(value);
                    self.declare(prefix, &uri, it.name_start, it.end);
                }
                Some((_, local)) => {
                    local_start = local;
                    prefixed += 1;
                }
                None if self.slice(it.name_start, it.name_end) == "xmlns" => {
                    namespace = XMLNS;
                    let uri = self.owned(value);
                    if let Some(index) = self.declare("", &uri, it.name_start, it.end) {
                        *default_namespace = index;
                    }
                }
                None => {}
            }
            self.attributes.push(AttributeData {
                name_start: offset(it.name_start),
                name_end: offset(it.name_end),
                local_start: offset(local_start),
                namespace,
                value,
                value_start: offset(it.value_start),
                value_end: offset(it.value_end),
                end: offset(it.end),
            });
        }
        if prefixed > 0 {
            self.resolve_attributes(first);
        }
        self.raw = raw;
    }

    /// Prefixes are looked up once all declarations of the tag are known, whatever their order.
    fn resolve_attributes(&mut self, first: usize) {
        let mut seen: HashSet<(u32, &str)> = HashSet::new();
        for index in first..self.attributes.len() {
            let Some(&it) = self.attributes.get(index) else { continue };
            if it.local_start == it.name_start || it.namespace == XMLNS {
                continue;
            }
            let (start, end) = (it.name_start as usize, it.name_end as usize);
            let prefix = self.slice(start, (it.local_start as usize).saturating_sub(1));
            let namespace = self.resolve(prefix, start, end);
            if let Some(it) = self.attributes.get_mut(index) {
                it.namespace = namespace;
            }
            let local = self.slice(it.local_start as usize, end);
            let name = self.slice(start, end);
            if namespace != NONE && !seen.insert((namespace, local)) {
                self.error(start, end, format!("the attribute `{name}` is there before, under another prefix"))
                    .label("repeated")
                    .help("remove one of the two");
            }
        }
    }

    fn report_repeated(&mut self, raw: &[RawAttribute]) {
        let text = self.text;
        let name = |it: &RawAttribute| text.get(it.name_start..it.name_end).unwrap_or_default();
        // Pairs of a repeated attribute and the first of its name.
        let mut repeated = Vec::new();
        if raw.len() <= FEW {
            for (nth, it) in raw.iter().enumerate() {
                let first = raw.iter().take(nth).find(|other| name(other) == name(it));
                repeated.extend(first.map(|first| (*it, *first)));
            }
        } else {
            let mut seen: HashMap<&str, RawAttribute> = HashMap::with_capacity(raw.len());
            for it in raw {
                match seen.entry(name(it)) {
                    Entry::Occupied(first) => repeated.push((*it, *first.get())),
                    Entry::Vacant(entry) => {
                        entry.insert(*it);
                    }
                }
            }
        }
        for (it, first) in repeated {
            let first = self.report.span(first.name_start..first.end);
            self.error(it.name_start, it.name_end, format!("the attribute `{}` is repeated", name(&it)))
                .label("the second of its name")
                .help("remove one of the two")
                .related(first, "the first of its name");
        }
    }

    /// Prefix and start of the local name; a colon in a wrong place is reported.
    pub(super) fn split(&mut self, start: usize, end: usize, colon: Option<usize>) -> Option<(&'t str, usize)> {
        let colon = colon?.checked_sub(start)?;
        let name = self.slice(start, end);
        let (prefix, local) = (name.get(..colon)?, name.get(colon + 1..)?);
        if prefix.is_empty() || local.contains(':') || !local.chars().next().is_some_and(chars::is_name_start) {
            self.error(start, end, format!("`{name}` is not a name: a colon stands between prefix and local name"))
                .label("misplaced colon")
                .help("remove the colon");
            return None;
        }
        Some((prefix, start + colon + 1))
    }

    fn owned(&self, value: Value) -> String {
        match value {
            Value::Written(start, end) => self.slice(start as usize, end as usize).to_owned(),
            Value::Cooked(start, end) => self.cooked.get(start as usize..end as usize).unwrap_or_default().to_owned(),
        }
    }
}
