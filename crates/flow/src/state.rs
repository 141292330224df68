//! What is known of the claims bag at one point of one group of paths.

use crate::Origin;
use crate::interned::{ClaimId, TextId, Texts};
use crate::program::StepId;
use indexmap::IndexSet;

/// Whether a claim is in the bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Presence {
    /// On no path that is meant.
    Never,
    /// It depends on what is not known before a run.
    Maybe,
    /// On each path that is meant.
    Always,
}

impl Presence {
    /// What holds where either may be.
    pub fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Maybe }
    }
}

/// What is known of one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fact {
    pub(crate) presence: Presence,
    /// Its text, where every path sets the same.
    pub(crate) text: TextId,
    /// A text that it doesn't hold.
    pub(crate) not: TextId,
    pub(crate) origins: OriginSet,
}

impl Fact {
    pub(crate) const ABSENT: Self =
        Self { presence: Presence::Never, text: Texts::UNKNOWN, not: Texts::UNKNOWN, origins: OriginSet(0) };

    pub(crate) fn set(text: TextId, origins: OriginSet) -> Self {
        Self { presence: Presence::Always, text, not: Texts::UNKNOWN, origins }
    }
}

/// Where values come from; the empty set is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OriginSet(u32);

/// All origins that were met, and sets of them.
pub(crate) struct Origins {
    all: IndexSet<Origin>,
    sets: IndexSet<Vec<u32>>,
}

impl Origins {
    pub(crate) fn new() -> Self {
        Self { all: IndexSet::new(), sets: IndexSet::from([Vec::new()]) }
    }

    pub(crate) fn one(&mut self, origin: Origin) -> OriginSet {
        let (at, _) = self.all.insert_full(origin);
        self.set(vec![u32::try_from(at).unwrap_or(u32::MAX)])
    }

    fn set(&mut self, members: Vec<u32>) -> OriginSet {
        let (at, _) = self.sets.insert_full(members);
        OriginSet(u32::try_from(at).unwrap_or(0))
    }

    fn union(&mut self, a: OriginSet, b: OriginSet) -> OriginSet {
        if a == b {
            return a;
        }
        let mut members: Vec<u32> = self.members(a).chain(self.members(b)).collect();
        members.sort_unstable();
        members.dedup();
        self.set(members)
    }

    fn members(&self, set: OriginSet) -> impl Iterator<Item = u32> {
        self.sets.get_index(set.0 as usize).into_iter().flatten().copied()
    }

    pub(crate) fn of(&self, set: OriginSet) -> impl Iterator<Item = &Origin> {
        self.members(set).filter_map(|it| self.all.get_index(it as usize))
    }

    pub(crate) fn join(&mut self, a: Fact, b: Fact) -> Fact {
        let same = |a: TextId, b: TextId| if a == b { a } else { Texts::UNKNOWN };
        let (text, not) = match (a.presence, b.presence) {
            // A claim that isn't there says nothing about its text.
            (Presence::Never, _) => (b.text, b.not),
            (_, Presence::Never) => (a.text, a.not),
            _ => (same(a.text, b.text), same(a.not, b.not)),
        };
        Fact { presence: a.presence.or(b.presence), text, not, origins: self.union(a.origins, b.origins) }
    }
}

/// Which exchange a selection step has chosen for the next step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    /// There was no selection.
    None,
    /// A form within the selection step was submitted.
    Local,
    /// An exchange of the next step, by its id.
    Target(String),
}

/// Whether a step ran on the paths of a state: both where paths have met again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) yes: bool,
    pub(crate) no: bool,
}

/// A way through a journey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTaken {
    /// The steps that run, as indices of the journey's steps.
    pub steps: Vec<usize>,
    /// Those of them in which a session stands in for the call.
    pub from_session: Vec<usize>,
}

impl PathTaken {
    /// Takes the place of an example that is less plain.
    pub(crate) fn shown_for(&self, example: &mut Option<Self>) {
        if example.as_ref().is_none_or(|it| it.from_session.len() > self.from_session.len()) {
            *example = Some(self.clone());
        }
    }
}

/// A group of paths that can't be told apart by their claims.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) facts: Vec<Fact>,
    pub(crate) choice: Choice,
    pub(crate) ran: Vec<Ran>,
    /// One of its paths.
    pub(crate) path: PathTaken,
    /// Whether a validation failed on it that may fail: what it lacks then is not held against the policy.
    pub(crate) doubtful: bool,
}

impl State {
    pub(crate) fn new(claims: usize, steps: usize) -> Self {
        Self {
            facts: vec![Fact::ABSENT; claims],
            choice: Choice::None,
            ran: vec![Ran::default(); steps],
            path: PathTaken::default(),
            doubtful: false,
        }
    }

    #[expect(clippy::indexing_slicing, reason = "INVARIANT: every claim was interned before the first state was made")]
    pub(crate) fn fact(&self, claim: ClaimId) -> Fact {
        self.facts[claim.0]
    }

    #[expect(clippy::indexing_slicing, reason = "INVARIANT: every claim was interned before the first state was made")]
    pub(crate) fn put(&mut self, claim: ClaimId, fact: Fact) {
        self.facts[claim.0] = fact;
    }

    pub(crate) fn mark(&mut self, step: StepId, ran: bool) {
        if let Some(it) = self.ran.get_mut(step) {
            *it = Ran { yes: ran, no: !ran };
        }
        if ran {
            self.path.steps.push(step);
        }
    }

    /// Adds the paths of a state whose claims are the same.
    pub(crate) fn absorb(&mut self, other: &Self) {
        if self.doubtful && !other.doubtful {
            self.path = other.path.clone();
        }
        self.doubtful &= other.doubtful;
        for (own, other) in self.ran.iter_mut().zip(&other.ran) {
            *own = Ran { yes: own.yes || other.yes, no: own.no || other.no };
        }
    }

    /// Adds the paths of a state whose claims are others: what differs is no longer known.
    pub(crate) fn join(&mut self, other: &Self, origins: &mut Origins) {
        for (own, other) in self.facts.iter_mut().zip(&other.facts) {
            if own != other {
                *own = origins.join(*own, *other);
            }
        }
        self.absorb(other);
    }
}
