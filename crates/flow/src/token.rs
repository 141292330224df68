//! The token at the end: each row of the relying party's technical profile, over all paths that issue one.

use crate::Origin;
use crate::interned::{ClaimId, Claims, TextId, Texts};
use crate::machine::Machine;
use crate::program::{self, DefaultValue, Yields};
use crate::state::{PathTaken, Presence, Ran, State};
use std::collections::HashSet;
use wayfarer_builtins::DataType;
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Span;
use wayfarer_model::{NamedBy, Policy};

/// A row of the relying party's technical profile.
#[derive(Clone, Debug)]
pub struct TokenClaim {
    /// The name in the token.
    pub name: String,
    /// Why it has that name.
    pub named_by: NamedBy,
    /// The claim type.
    pub claim: String,
    /// Its data type.
    pub data_type: Option<DataType>,
    /// The row.
    pub span: Span,
    /// Whether the token has it: an empty text is not issued.
    pub presence: Presence,
    /// The values that it has on the paths that issue it, each once.
    pub values: Vec<TokenValue>,
    /// Where values come from that are not the row's default.
    pub origins: Vec<Origin>,
    /// What decides whether it is there, in words, such as "step 3 runs".
    pub conditions: Vec<String>,
    /// A path on which the journey sets no value; one without a session, where there is one.
    pub unset_on: Option<PathTaken>,
    /// Whether a path sets a value.
    pub is_set: bool,
    /// Whether a technical profile of the journey names it as an output claim, or a claims transformation that one runs
    /// afterwards: all that the service asks for at upload.
    pub is_declared: bool,
    /// `DefaultValue`, as written.
    pub default: Option<String>,
    /// `AlwaysUseDefaultValue`
    pub always_use_default: bool,
}

/// A value of the token's claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenValue {
    /// Known before a run: its text.
    Text(String),
    /// What the claim resolver stands for.
    Resolver(String),
    /// Known when it runs.
    Unknown,
}

/// A row as the analysis reads it.
pub(crate) struct Row {
    claim: ClaimId,
    name: String,
    named_by: NamedBy,
    default: Option<DefaultValue>,
    written: Option<String>,
    always_use_default: bool,
    span: Span,
}

pub(crate) fn rows(policy: &Policy, kind: JourneyKind, claims: &mut Claims, texts: &mut Texts) -> Vec<Row> {
    let Some(profile) = policy.relying_party().and_then(|it| it.technical_profile()) else { return Vec::new() };
    let protocol = profile.protocol().map_or("OpenIdConnect", |it| it.name.value);
    let mut rows = Vec::new();
    for row in profile.output_claims() {
        let claim = claims.intern(policy, row.claim_type.value);
        let (name, named_by) = policy.external_name(&row, protocol);
        let default = row.default_value();
        rows.push(Row {
            claim,
            name,
            named_by,
            written: default.map(|it| it.value.to_owned()),
            default: default.and_then(|it| program::relying_party_default(policy, kind, claims, texts, it, claim)),
            always_use_default: row.always_use_default_value(),
            span: row.claim_type.span,
        });
    }
    rows
}

/// The relying party's input claims: they come with the request, in an `id_token_hint`.
pub(crate) fn asked_for(policy: &Policy, claims: &mut Claims) -> Vec<ClaimId> {
    let profile = policy.relying_party().and_then(|it| it.technical_profile());
    let rows = profile.iter().flat_map(|it| it.input_claims().map(|it| it.claim_type.value));
    rows.map(|it| claims.intern(policy, it)).collect()
}

/// What one path's end says of a row.
struct AtEnd {
    presence: Presence,
    value: TokenValue,
    /// Whether the journey's claim is what counts, and not the default.
    from_bag: Presence,
}

pub(crate) fn claims(machine: &Machine<'_>, rows: &[Row], declared: &HashSet<ClaimId>) -> Vec<TokenClaim> {
    rows.iter().map(|it| TokenClaim { is_declared: declared.contains(&it.claim), ..token_claim(machine, it) }).collect()
}

fn token_claim(machine: &Machine<'_>, row: &Row) -> TokenClaim {
    let ends: Vec<(&State, Vec<AtEnd>)> = machine.ends.iter().map(|it| (it, at_end(machine, row, it))).collect();
    let mut values: Vec<TokenValue> = Vec::new();
    let mut origins: Vec<Origin> = Vec::new();
    let mut presence: Option<Presence> = None;
    let (mut unset_on, mut is_set) = (None::<PathTaken>, false);
    for (state, cases) in &ends {
        for case in cases {
            presence = Some(presence.map_or(case.presence, |it| it.or(case.presence)));
            if case.presence != Presence::Never && !values.contains(&case.value) {
                values.push(case.value.clone());
            }
            is_set |= case.from_bag != Presence::Never;
        }
        let fact = state.fact(row.claim);
        if fact.presence != Presence::Always {
            state.path.shown_for(&mut unset_on);
        }
        if !(row.always_use_default && row.default.is_some()) {
            for origin in machine.origins.of(fact.origins) {
                if !origins.contains(origin) {
                    origins.push(origin.clone());
                }
            }
        }
    }
    let info = machine.claims.info(row.claim);
    TokenClaim {
        name: row.name.clone(),
        named_by: row.named_by,
        claim: info.id.clone(),
        data_type: info.data_type,
        span: row.span,
        presence: presence.unwrap_or(Presence::Never),
        values,
        origins,
        conditions: conditions(machine, &ends),
        unset_on,
        is_set,
        is_declared: false,
        default: row.written.clone(),
        always_use_default: row.always_use_default,
    }
}

/// The cases that a path's end leaves open: the claim has a value, or the default stands in.
fn at_end(machine: &Machine<'_>, row: &Row, state: &State) -> Vec<AtEnd> {
    let fact = state.fact(row.claim);
    let by_default = |from_bag| match &row.default {
        None => AtEnd { presence: Presence::Never, value: TokenValue::Unknown, from_bag },
        Some(DefaultValue::Literal(text)) => AtEnd { from_bag, ..known(machine, *text) },
        Some(DefaultValue::Resolver { written, yields }) => {
            let presence = match yields {
                Yields::Always => Presence::Always,
                Yields::Maybe => Presence::Maybe,
                Yields::Never => Presence::Never,
                Yields::Claim(claim) => state.fact(*claim).presence,
            };
            AtEnd { presence, value: TokenValue::Resolver(written.clone()), from_bag }
        }
    };
    if row.always_use_default && row.default.is_some() {
        return vec![by_default(fact.presence)];
    }
    let held = || AtEnd { from_bag: Presence::Always, ..known(machine, fact.text) };
    match fact.presence {
        Presence::Always => vec![held()],
        Presence::Never => vec![by_default(Presence::Never)],
        Presence::Maybe => vec![held(), by_default(Presence::Never)],
    }
}

fn known(machine: &Machine<'_>, text: TextId) -> AtEnd {
    match machine.texts.get(text) {
        Some("") => AtEnd { presence: Presence::Never, value: TokenValue::Unknown, from_bag: Presence::Always },
        Some(text) => {
            AtEnd { presence: Presence::Always, value: TokenValue::Text(text.to_owned()), from_bag: Presence::Always }
        }
        None => AtEnd { presence: Presence::Always, value: TokenValue::Unknown, from_bag: Presence::Always },
    }
}

/// What all paths with the claim have in common that those without it don't: steps that run, steps that are skipped.
fn conditions(machine: &Machine<'_>, ends: &[(&State, Vec<AtEnd>)]) -> Vec<String> {
    let presence = |cases: &[AtEnd]| cases.iter().map(|it| it.presence).reduce(Presence::or).unwrap_or(Presence::Never);
    let having = ends.iter().filter(|(_, cases)| presence(cases) != Presence::Never).collect::<Vec<_>>();
    let lacking = ends.iter().filter(|(_, cases)| presence(cases) == Presence::Never).collect::<Vec<_>>();
    if having.is_empty() || lacking.is_empty() {
        return Vec::new();
    }
    let is = |state: &State, step: usize, wanted: Ran| state.ran.get(step).is_some_and(|it| *it == wanted);
    let mut conditions = Vec::new();
    for (at, step) in machine.journal.steps.iter().enumerate() {
        let (yes, no) = (Ran { yes: true, no: false }, Ran { yes: false, no: true });
        for (wanted, other, verb) in [(yes, no, "runs"), (no, yes, "is skipped")] {
            let decides = having.iter().all(|(state, _)| is(state, at, wanted))
                && lacking.iter().all(|(state, _)| is(state, at, other));
            if decides {
                let because: Vec<&str> = step.preconditions.iter().map(|it| it.words.as_str()).collect();
                let because = if because.is_empty() {
                    String::new()
                } else {
                    format!(" (it is skipped when {})", because.join(", or "))
                };
                conditions.push(format!("step {} {verb}{because}", step.order));
            }
        }
    }
    conditions
}
