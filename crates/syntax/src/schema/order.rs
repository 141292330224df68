//! Elements in the order that their parent has them.

use super::Checker;
use crate::document::Element;
use crate::grammar::ElementDecl;
use crate::layout::{self, Side};

impl Checker {
    /// The elements of `declared`, in that order. One quick pass; only where it finds fault is the fault explained.
    pub(super) fn sequence(&mut self, parent: Element<'_>, declared: &'static [ElementDecl]) {
        let mut at = 0;
        let mut seen = 0_u64;
        let mut good = true;
        for child in parent.children() {
            let Some(index) = index_of(child, declared, at) else {
                good = false;
                continue;
            };
            let Some(declaration) = declared.get(index) else { continue };
            self.declare(child, declaration);
            let bit = 1 << index;
            good &= index >= at && (seen & bit == 0 || declaration.occurrence.is_repeatable());
            seen |= bit;
            at = at.max(index);
        }
        for (index, declaration) in declared.iter().enumerate() {
            if declaration.occurrence.is_required() && seen & (1 << index) == 0 {
                self.missing(parent, declaration);
            }
        }
        if !good {
            self.explain(parent, declared);
        }
    }

    /// Says which elements are unknown, repeated or misplaced. Misplaced are those outside a longest run in the right
    /// order, so that one element in the wrong place is one finding.
    fn explain(&mut self, parent: Element<'_>, declared: &'static [ElementDecl]) {
        let mut placed: Vec<(Element<'_>, usize)> = Vec::new();
        for child in parent.children() {
            match index_of(child, declared, 0) {
                Some(index) => placed.push((child, index)),
                None => self.not_allowed(parent, child, declared),
            }
        }
        let in_order = longest_run(&placed, declared);
        // Of each kind, where the run has its first and last one.
        let mut firsts = vec![None; declared.len()];
        let mut lasts = vec![None; declared.len()];
        for (nth, ((child, index), _)) in placed.iter().zip(&in_order).enumerate().filter(|(_, (_, keep))| **keep) {
            if let (Some(first), Some(last)) = (firsts.get_mut(*index), lasts.get_mut(*index)) {
                first.get_or_insert((nth, *child));
                *last = Some((nth, *child));
            }
        }
        for (nth, ((child, index), _)) in placed.iter().zip(&in_order).enumerate().filter(|(_, (_, keep))| !**keep) {
            let repeatable = declared.get(*index).is_some_and(|it| it.occurrence.is_repeatable());
            if let Some((_, first)) = firsts.get(*index).copied().flatten().filter(|_| !repeatable) {
                self.repeated(parent, *child, first);
                continue;
            }
            let later = firsts.iter().skip(index + 1).flatten().find(|(at, _)| *at < nth);
            let earlier = lasts.iter().take(*index).rev().flatten().find(|(at, _)| *at > nth);
            match (later, earlier) {
                (Some((_, it)), _) => self.misplaced(*child, *it, Side::Before),
                (None, Some((_, it))) => self.misplaced(*child, *it, Side::After),
                (None, None) => {}
            }
        }
    }

    fn misplaced(&mut self, child: Element<'_>, other: Element<'_>, side: Side) {
        if self.report.overflows() {
            return;
        }
        let (name, other_name) = (child.name(), other.name());
        let fix = layout::moved(child, other, side);
        let side = if side == Side::Before { "before" } else { "after" };
        self.error("element-order", child.name_span(), format!("`{name}` must come {side} `{other_name}`"))
            .label("in the wrong place")
            .help(format!("move it: the schema prescribes the order, `{name}` {side} `{other_name}`"))
            .related(other.name_span(), format!("`{other_name}` stands here"))
            .fix(fix);
    }
}

/// Which declaration is the child's; looked for from `from` on first, since most children follow the order.
fn index_of(child: Element<'_>, declared: &[ElementDecl], from: usize) -> Option<usize> {
    if !child.is_policy() {
        return None;
    }
    let name = child.name();
    let (before, after) = declared.split_at_checked(from)?;
    let later = after.iter().position(|it| it.name == name).map(|it| from + it);
    later.or_else(|| before.iter().position(|it| it.name == name))
}

/// For each child whether it belongs to a longest run in which the order is right and nothing is repeated wrongly.
fn longest_run(placed: &[(Element<'_>, usize)], declared: &[ElementDecl]) -> Vec<bool> {
    // By declaration: the longest run that ends with it, and its last child.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); declared.len()];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(placed.len());
    for (nth, (_, index)) in placed.iter().enumerate() {
        let repeatable = declared.get(*index).is_some_and(|it| it.occurrence.is_repeatable());
        let reach = if repeatable { index + 1 } else { *index };
        let (length, last) = best.iter().take(reach).copied().fold((0, None), |a, b| if b.0 > a.0 { b } else { a });
        before.push(last);
        if let Some(entry) = best.get_mut(*index).filter(|it| it.0 < length + 1) {
            *entry = (length + 1, Some(nth));
        }
    }
    let mut keep = vec![false; placed.len()];
    let (_, mut next) = best.iter().copied().fold((0, None), |a, b| if b.0 > a.0 { b } else { a });
    while let Some(nth) = next {
        if let Some(it) = keep.get_mut(nth) {
            *it = true;
        }
        next = before.get(nth).copied().flatten();
    }
    keep
}
