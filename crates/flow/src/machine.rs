//! The walk: groups of paths go through the steps side by side. A precondition that isn't decided splits a group in two;
//! groups with the same claims become one again.

use crate::interned::{ClaimId, Claims, TextId, Texts};
use crate::program::{Action, Enabled, Exchange, Precondition, Step, StepId};
use crate::state::{Choice, Fact, Origins, Presence, State};
use crate::{Journal, Need};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::hash::BuildHasher;
use wayfarer_builtins::DataType;
use wayfarer_diagnostics::Span;
use wayfarer_model::Policy;

/// More groups of paths are made one: what they differ in becomes uncertain.
const MOST_STATES: usize = 96;

pub(crate) struct Machine<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) claims: &'p Claims,
    pub(crate) texts: Texts,
    pub(crate) origins: Origins,
    pub(crate) journal: Journal,
    pub(crate) needs: IndexMap<(Span, ClaimId), Need>,
    /// Whether a page is being validated.
    pub(crate) validating: bool,
    /// The states at each `SendClaims` that ran.
    pub(crate) ends: Vec<State>,
    /// Where precision was given up.
    pub(crate) joined_at: Option<Span>,
}

impl Machine<'_> {
    /// Walks the steps; gives the paths that come out behind the last one.
    pub(crate) fn walk(&mut self, steps: &[Step], mut states: Vec<State>) -> Vec<State> {
        for step in steps {
            let mut after = Vec::new();
            for state in states {
                self.step(step, state, &mut after);
            }
            states = self.merge(after, step.span);
        }
        states
    }

    fn step(&mut self, step: &Step, state: State, after: &mut Vec<State>) {
        let (skipped, running) = self.decide(&step.preconditions, Some(step.id), state);
        self.journal.steps[step.id].skipped |= !skipped.is_empty();
        for mut state in skipped {
            state.mark(step.id, false);
            if !matches!(step.action, Action::Select { .. }) {
                state.choice = Choice::None;
            }
            after.push(state);
        }
        for mut state in running {
            self.journal.steps[step.id].ran = true;
            state.mark(step.id, true);
            self.act(step, state, after);
        }
    }

    fn act(&mut self, step: &Step, mut state: State, after: &mut Vec<State>) {
        match &step.action {
            Action::Nothing => after.push(state),
            Action::Send => self.ends.push(state),
            Action::Exchange(exchanges) => self.exchange_step(step, exchanges, state, after),
            Action::Select { targets, local } => {
                for exchange in local {
                    let states = self.profile(&exchange.profile, step, state.clone());
                    after.extend(states.into_iter().map(|it| State { choice: Choice::Local, ..it }));
                }
                for target in targets {
                    after.push(State { choice: Choice::Target(target.clone()), ..state.clone() });
                }
                if targets.is_empty() && local.is_empty() {
                    after.push(state);
                }
            }
            Action::Get(profile) => after.extend(self.profile(profile, step, state)),
            Action::Call(steps) => {
                state.choice = Choice::None;
                let out = self.walk(steps, vec![state]);
                after.extend(out);
            }
            Action::Transfer(steps) => {
                state.choice = Choice::None;
                let out = self.walk(steps, vec![state]);
                self.journal.unfinished |= !out.is_empty();
            }
        }
    }

    fn exchange_step(&mut self, step: &Step, exchanges: &[Exchange], state: State, after: &mut Vec<State>) {
        let choice = state.choice.clone();
        let state = State { choice: Choice::None, ..state };
        let chosen: Vec<&Exchange> = match &choice {
            Choice::Target(id) => {
                let named: Vec<_> = exchanges.iter().filter(|it| it.id == *id).collect();
                // A step with one exchange runs it, whatever was chosen.
                if named.is_empty() && exchanges.len() == 1 { exchanges.iter().collect() } else { named }
            }
            Choice::None | Choice::Local => exchanges.iter().collect(),
        };
        match chosen[..] {
            // Nothing that is chosen is here: the journey fails.
            [] if !exchanges.is_empty() => self.journal.steps[step.id].no_choice |= !state.doubtful,
            [] => after.push(state),
            [only] => self.exchange(only, step, state, after),
            _ => {
                // Of several, those that are enabled: one runs, none is skipped, more fail.
                let mut enabled: Vec<&Exchange> =
                    chosen.into_iter().filter(|it| !matches!(it.profile.enabled, Enabled::Never)).collect();
                let conditional = enabled.iter().any(|it| !matches!(it.profile.enabled, Enabled::Always));
                match enabled.len() {
                    0 => after.push(state),
                    1 => self.exchange(enabled.remove(0), step, state, after),
                    _ if conditional => {
                        for exchange in enabled {
                            self.exchange(exchange, step, state.clone(), after);
                        }
                    }
                    _ => self.journal.steps[step.id].no_choice |= !state.doubtful,
                }
            }
        }
    }

    fn exchange(&mut self, exchange: &Exchange, step: &Step, state: State, after: &mut Vec<State>) {
        let (off, on) = match exchange.profile.enabled {
            Enabled::Always => (None, Some(state)),
            Enabled::Never => (Some(state), None),
            Enabled::Perhaps => (Some(state.clone()), Some(state)),
            Enabled::IfExists(claim) => {
                let (mut off, mut on) = (None, None);
                for (state, exists) in exists(claim, state) {
                    if exists { on = Some(state) } else { off = Some(state) }
                }
                (off, on)
            }
        };
        after.extend(off);
        if let Some(state) = on {
            after.extend(self.profile(&exchange.profile, step, state));
        }
    }

    /// The paths that skip the step, and those that run it. Preconditions are asked in order; the first that is satisfied
    /// skips (reference "journeys", 5).
    pub(crate) fn decide(
        &mut self,
        preconditions: &[Precondition],
        step: Option<StepId>,
        state: State,
    ) -> (Vec<State>, Vec<State>) {
        let (mut skipped, mut pending) = (Vec::new(), vec![state]);
        for (at, precondition) in preconditions.iter().enumerate() {
            let mut rest = Vec::new();
            for state in pending {
                for (state, result) in self.test(precondition, state) {
                    if let Some(step) = step {
                        self.journal.note(step, at, result);
                    }
                    if result == Some(precondition.execute_actions_if) {
                        skipped.push(state);
                    } else {
                        rest.push(state);
                    }
                }
            }
            pending = rest;
        }
        (skipped, pending)
    }

    /// The results that a test can have, each with what it says of the claim; `None`: it is ignored.
    fn test(&mut self, precondition: &Precondition, state: State) -> Vec<(State, Option<bool>)> {
        let claim = precondition.claim;
        let state = assume_of_form(claim, state);
        let Some(literal) = precondition.literal else {
            return exists(claim, state).into_iter().map(|(state, it)| (state, Some(it))).collect();
        };
        let mut results = Vec::new();
        for (state, exists) in exists(claim, state) {
            let fact = state.fact(claim);
            if !exists {
                // An absent claim makes the precondition void, for both values of `ExecuteActionsIf`.
                results.push((state, None));
            } else if fact.text != Texts::UNKNOWN {
                results.push((state, Some(fact.text == literal)));
            } else if fact.not == literal || !self.can_be(claim, literal) {
                results.push((state, Some(false)));
            } else {
                let mut equal = state.clone();
                equal.put(claim, Fact { text: literal, ..fact });
                results.push((equal, Some(true)));
                let mut other = state;
                other.put(claim, self.refuted(claim, literal, fact));
                results.push((other, Some(false)));
            }
        }
        results
    }

    /// Booleans compare as .NET prints them (reference "journeys", 5).
    fn can_be(&self, claim: ClaimId, literal: TextId) -> bool {
        let is_boolean = self.claims.info(claim).data_type == Some(DataType::Boolean);
        !is_boolean || matches!(self.texts.get(literal), Some("True" | "False"))
    }

    fn refuted(&mut self, claim: ClaimId, literal: TextId, fact: Fact) -> Fact {
        let other = match (self.claims.info(claim).data_type, self.texts.get(literal)) {
            (Some(DataType::Boolean), Some("True")) => Some("False"),
            (Some(DataType::Boolean), Some("False")) => Some("True"),
            _ => None,
        };
        match other {
            Some(other) => Fact { text: self.texts.intern(other), ..fact },
            None => Fact { not: literal, ..fact },
        }
    }

    /// Makes groups with the same claims one; where there are still too many, first those that later steps can't tell apart.
    pub(crate) fn merge(&mut self, states: Vec<State>, at: Span) -> Vec<State> {
        if states.len() <= 1 {
            return states;
        }
        let mut merged: Vec<State> = Vec::with_capacity(states.len());
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let hasher = RandomState::default();
        for state in states {
            let alike = known.entry(hasher.hash_one((&state.facts, &state.choice))).or_default();
            let same = |it: &&mut State| it.facts == state.facts && it.choice == state.choice;
            let twin = alike.iter().copied().find(|it| merged.get_mut(*it).as_ref().is_some_and(same));
            match twin.and_then(|it| merged.get_mut(it)) {
                Some(held) => held.absorb(&state),
                None => {
                    alike.push(merged.len());
                    merged.push(state);
                }
            }
        }
        if merged.len() <= MOST_STATES {
            return merged;
        }
        self.joined_at.get_or_insert(at);
        let mut by_choice: IndexMap<Choice, State> = IndexMap::new();
        for state in merged {
            match by_choice.get_mut(&state.choice) {
                Some(held) => held.join(&state, &mut self.origins),
                None => {
                    by_choice.insert(state.choice.clone(), state);
                }
            }
        }
        by_choice.into_values().collect()
    }
}

/// The step behind a form is guarded by a claim that the form's validation sets (reference "journeys", 4): whoever has
/// submitted the form has it, even where it is only known that a provider may return it.
fn assume_of_form(claim: ClaimId, mut state: State) -> State {
    let fact = state.fact(claim);
    if state.choice == Choice::Local && fact.presence == Presence::Maybe {
        state.put(claim, Fact { presence: Presence::Always, ..fact });
    }
    state
}

/// Both cases where it isn't known, each with what it says.
pub(crate) fn exists(claim: ClaimId, state: State) -> Vec<(State, bool)> {
    let fact = state.fact(claim);
    match fact.presence {
        Presence::Always => vec![(state, true)],
        Presence::Never => vec![(state, false)],
        Presence::Maybe => {
            let mut with = state.clone();
            with.put(claim, Fact { presence: Presence::Always, ..fact });
            let mut without = state;
            without.put(claim, Fact::ABSENT);
            vec![(with, true), (without, false)]
        }
    }
}
