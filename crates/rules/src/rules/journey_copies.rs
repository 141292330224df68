//! Journeys that a policy writes again under the id of its base's journey.

use crate::rules::overrides::items;
use std::collections::{HashMap, HashSet};
use wayfarer_model::{Attribute, Element};
use wayfarer_model::{NodeRef, Text};

/// A claims exchange of the base's journey that stands in another step of the derived one.
pub(super) struct Moved<'a> {
    pub(super) exchange: Attribute<'a>,
    pub(super) step: &'a str,
    pub(super) before: Text<'a>,
    pub(super) before_step: &'a str,
}

/// The first exchange that moved, when the file writes every step of the base's journey again and not all in place.
pub(super) fn first_moved<'a>(journey: Element<'a>, before: NodeRef<'a>) -> Option<Moved<'a>> {
    let orders: HashSet<&str> = steps(journey).map(|it| it.0).collect();
    let mut earlier: HashMap<String, Vec<(&str, Text<'_>)>> = HashMap::new();
    for (order, step) in steps_before(before) {
        if !orders.contains(order) {
            return None;
        }
        for id in step.items("ClaimsExchanges", "ClaimsExchange").filter_map(|it| it.attribute("Id")) {
            earlier.entry(id.value.to_lowercase()).or_default().push((order, id));
        }
    }
    steps(journey).find_map(|(step, element)| {
        let mut ids = items(element, "ClaimsExchanges", "ClaimsExchange").filter_map(|it| it.attribute("Id"));
        ids.find_map(|exchange| {
            let places = earlier.get(&exchange.value().to_lowercase())?;
            let (before_step, before) = *places.first()?;
            let stays = places.iter().any(|it| it.0 == step);
            (!stays).then_some(Moved { exchange, step, before, before_step })
        })
    })
}

/// The steps as a file writes them, by `Order`.
pub(super) fn steps(journey: Element<'_>) -> impl Iterator<Item = (&str, Element<'_>)> {
    let steps = items(journey, "OrchestrationSteps", "OrchestrationStep");
    steps.filter_map(|it| Some((it.attribute("Order")?.value().trim(), it)))
}

/// The steps of the base's journey, by `Order`.
pub(super) fn steps_before(journey: NodeRef<'_>) -> impl Iterator<Item = (&str, NodeRef<'_>)> {
    let steps = journey.items("OrchestrationSteps", "OrchestrationStep");
    steps.filter_map(|it| Some((it.attribute("Order")?.value.trim(), it)))
}
