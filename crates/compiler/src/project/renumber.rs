//! The fix of `step-missing`: the steps of a journey numbered 1, 2, 3 … in every file that writes it, at once.

use super::{PolicyFile, Project};
use std::collections::BTreeMap;
use wayfarer_diagnostics::{Diagnostics, FileId, Fix, Span};
use wayfarer_model::{Element, Kind};

/// From the number of a step to its new one.
type Numbers = BTreeMap<i64, i64>;

impl Project {
    /// Gives each missing step its fix, where there is one.
    pub(super) fn renumber(&self, found: &mut Diagnostics) {
        for it in found.iter_mut().filter(|it| it.code == "step-missing") {
            it.fix = self.renumbered(it.primary.span);
        }
    }

    /// The fix of the journey that has a step with this `Order`. None where an override would come to stand on another
    /// step: where a policy fills the gap of its base, or where a file that writes the journey is only looked up.
    fn renumbered(&self, order: Span) -> Option<Fix> {
        let file = self.files.iter().find(|it| it.file == order.file)?;
        let is_it = |it: &Element<'_>| it.attribute("Order").is_some_and(|it| it.value_span() == order);
        let journey = file.document.elements().find(is_it)?.parent()?.parent()?;
        let kind = [Kind::UserJourney, Kind::SubJourney].into_iter().find(|it| it.element() == journey.name())?;
        let id = journey.attribute("Id")?.value();
        let root = self.chain(file).into_iter().rfind(|it| steps(it, kind, id).next().is_some())?.file;
        let below_root = |it: &&PolicyFile| self.chain(it).iter().any(|it| it.file == root);
        let writers = self.files.iter().filter(|it| steps(it, kind, id).next().is_some());
        let mut family: Vec<&PolicyFile> = writers.filter(below_root).collect();
        family.sort_by_key(|it| self.chain(it).len());
        let mut numbers: BTreeMap<FileId, Numbers> = BTreeMap::new();
        for it in &family {
            let own = self.numbers(it, kind, id).filter(|_| it.reported)?;
            let base = self.chain(it).into_iter().skip(1).find_map(|it| numbers.get(&it.file));
            let moves_base = |base: &Numbers| base.iter().any(|(old, new)| own.get(old) != Some(new));
            if base.is_some_and(moves_base) {
                return None;
            }
            numbers.insert(it.file, own);
        }
        let last = numbers.values().map(Numbers::len).max().unwrap_or_default();
        let mut fix = Fix::safe(format!("number the steps of `{id}` from 1 to {last}"));
        for it in family {
            let numbers = numbers.get(&it.file)?;
            for order in steps(it, kind, id).filter_map(|it| it.attribute("Order")) {
                let new = numbers.get(&number(order.value())?)?.to_string();
                if new != order.value().trim() {
                    fix = fix.replace(order.value_span(), new);
                }
            }
        }
        Some(fix)
    }

    /// The steps of a journey as merged for one policy, in their order, and what each is to be. `None` where a base is missing,
    /// an `Order` is no number, or two steps have one.
    fn numbers(&self, file: &PolicyFile, kind: Kind, id: &str) -> Option<Numbers> {
        let policy = self.effective(file);
        if !policy.is_complete() {
            return None;
        }
        let steps = policy.get(kind, id)?.as_ref().items("OrchestrationSteps", "OrchestrationStep");
        let mut old = steps.map(|it| number(it.attribute("Order")?.value)).collect::<Option<Vec<i64>>>()?;
        old.sort_unstable();
        let count = old.len();
        let numbers: Numbers = old.into_iter().zip(1..).collect();
        (numbers.len() == count).then_some(numbers)
    }
}

/// The steps of a journey that a file writes itself.
fn steps<'p>(file: &'p PolicyFile, kind: Kind, id: &str) -> impl Iterator<Item = Element<'p>> {
    let is_it = move |it: &Element<'_>| {
        it.name() == kind.element() && it.attribute("Id").is_some_and(|it| it.value().eq_ignore_ascii_case(id))
    };
    let lists = file.document.elements().filter(is_it).flat_map(|it| it.children_named("OrchestrationSteps"));
    lists.flat_map(|it| it.children_named("OrchestrationStep"))
}

fn number(order: &str) -> Option<i64> {
    order.trim().parse().ok()
}
