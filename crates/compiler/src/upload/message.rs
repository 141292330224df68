//! Messages while they are gathered: what several findings say of one thing is one message.

use std::collections::HashMap;
use wayfarer_rules::azure::{self, Template};

/// A message that is put together when all of it is known.
pub(super) struct Said {
    template: Option<&'static Template>,
    /// The first value of a place counts.
    values: Vec<(&'static str, String)>,
}

impl Said {
    pub(super) fn new(name: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self { template: azure::find(name), values }
    }

    pub(super) fn own(text: String) -> Self {
        Self { template: None, values: vec![("", text)] }
    }

    fn is_list(&self, place: &str) -> bool {
        self.template.is_some_and(|it| it.is_list(place))
    }

    /// What tells it from others: all but what is listed in it.
    fn identity(&self) -> Identity {
        let values = self.values.iter().filter(|it| !self.is_list(it.0)).cloned().collect();
        (self.template.map(|it| it.name), values)
    }

    fn take(&mut self, other: Self) {
        for (place, value) in other.values {
            if !self.is_list(place) {
                continue;
            }
            match self.values.iter_mut().find(|it| it.0 == place) {
                Some((_, list)) => *list = format!("{list}, {value}"),
                None => self.values.push((place, value)),
            }
        }
    }

    fn text(self) -> String {
        let value = |place: &str| self.values.iter().find(|it| it.0 == place).map(|it| it.1.as_str());
        match self.template {
            Some(template) => template.write(value),
            None => value("").unwrap_or_default().to_owned(),
        }
    }
}

/// What tells a message from others: its text, and what stands in it.
type Identity = (Option<&'static str>, Vec<(&'static str, String)>);

/// Messages in their order, each once; what is wrong with one claims transformation's list is one message.
#[derive(Default)]
pub(super) struct SaidOnce {
    list: Vec<Said>,
    known: HashMap<Identity, usize>,
}

impl SaidOnce {
    pub(super) fn add(&mut self, said: Said) {
        let at = *self.known.entry(said.identity()).or_insert(self.list.len());
        match self.list.get_mut(at) {
            Some(known) => known.take(said),
            None => self.list.push(said),
        }
    }

    pub(super) fn texts(self) -> Vec<String> {
        self.list.into_iter().map(Said::text).collect()
    }
}
