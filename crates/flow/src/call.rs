//! One call of a technical profile, as far as it concerns which claims there are afterwards: the stages of the reference
//! "technical-profiles", A9.

use crate::interned::{ClaimId, TextId, Texts};
use crate::machine::Machine;
use crate::program::{DefaultValue, Effect, Profile, Returned, Row, Session, Step, Transformation, Validation, Yields};
use crate::state::{Fact, Presence, State};
use crate::{Need, NeedKind, Origin, OriginKind};
use wayfarer_builtins::transformations::{
    self, Declaration, DeclaredClaim, Env, NoLocalization, Options, Output, Prepared,
};
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::Span;

/// What these give depends on more than their claims, so it is never known before a run.
const NOT_CONSTANT: &[&str] = &[
    "CopyClaimIfPredicateMatch",
    "CreateOtpSecret",
    "CreateRandomString",
    "FormatLocalizedString",
    "GetAgeGroupAndConsentProvided",
    "GetAgeGroupConsentProvidedAndRequiresConsent",
    "GetCurrentDateTime",
    "GetLocalizedStringsTransformation",
    "GetMappedValueFromLocalizedCollection",
    "Hash",
    "IsTermsOfUseConsentRequired",
];

impl Machine<'_> {
    /// The paths on which the call succeeds.
    pub(crate) fn profile(&mut self, profile: &Profile, step: &Step, state: State) -> Vec<State> {
        let before = profile.session.as_ref().map(|it| (it, state.clone()));
        let mut called = self.call(profile, step, state);
        // A session keeps what a call has set.
        if let (Some((session, mut restored)), Some(first)) = (before, called.first()) {
            self.restore(session, first, step, &mut restored);
            restored.path.from_session.push(step.id);
            called.push(restored);
        }
        called
    }

    fn call(&mut self, profile: &Profile, step: &Step, mut state: State) -> Vec<State> {
        if !profile.before.iter().all(|it| self.transform(it, profile, step, &mut state)) {
            return Vec::new();
        }
        for row in &profile.inputs {
            if !self.input(row, profile, step, &mut state) {
                return Vec::new();
            }
        }
        let mut states =
            if profile.validations.is_empty() { vec![state] } else { self.validate(profile, step, &state) };
        states.retain_mut(|state| {
            for row in &profile.outputs {
                self.output(row, profile, step, state);
            }
            profile.after.iter().all(|it| self.transform(it, profile, step, state))
        });
        states
    }

    /// A session keeps what it was told to keep, and nothing runs.
    fn restore(&mut self, session: &Session, called: &State, step: &Step, state: &mut State) {
        for claim in &session.persisted {
            let fact = called.fact(*claim);
            if fact.presence != Presence::Never {
                state.put(*claim, fact);
            }
        }
        for row in &session.outputs {
            if let Some(default) = &row.default {
                let kind = OriginKind::Session { technical_profile: session.profile.clone() };
                self.apply_default(default, row, kind, step, state);
            }
        }
    }

    /// Stage 3: a default creates the claim in the bag (decisions: yes); without a value a required claim ends the journey.
    fn input(&mut self, row: &Row, profile: &Profile, step: &Step, state: &mut State) -> bool {
        let before = state.fact(row.claim).presence;
        if let Some(default) = &row.default
            && (row.always_use_default || before != Presence::Always)
        {
            let kind = OriginKind::InputDefault { technical_profile: profile.id.clone() };
            self.apply_default(default, row, kind, step, state);
        }
        let kind = if row.required { NeedKind::RequiredInput } else { NeedKind::OptionalInput };
        if row.default.is_none() {
            self.need(kind, &profile.id, row.claim, row.span, step, state);
        }
        !row.required || self.assume(row.claim, state)
    }

    /// The paths on which the claim has a value; `false` where there is none.
    fn assume(&mut self, claim: ClaimId, state: &mut State) -> bool {
        let fact = state.fact(claim);
        if fact.presence == Presence::Maybe {
            state.put(claim, Fact { presence: Presence::Always, ..fact });
        }
        fact.presence != Presence::Never
    }

    fn need(&mut self, kind: NeedKind, by: &str, claim: ClaimId, span: Span, step: &Step, state: &State) {
        let id = self.claims.id(claim).to_owned();
        let need = self.needs.entry((span, claim)).or_insert_with(|| Need::new(kind, by, id, span, step.id));
        need.in_validation |= self.validating;
        match state.fact(claim).presence {
            Presence::Always => need.present = true,
            _ if state.doubtful => need.maybe = true,
            Presence::Maybe => need.maybe = true,
            Presence::Never => state.path.shown_for(&mut need.absent_on),
        }
    }

    /// What validation profiles return reaches the page, and from there what the page's output claims name.
    fn validate(&mut self, profile: &Profile, step: &Step, state: &State) -> Vec<State> {
        let mut page = state.clone();
        for (claim, required) in &profile.collects {
            let kind = OriginKind::Entered { technical_profile: profile.id.clone() };
            let origins = self.origins.one(Origin { kind, step: step.id, span: step.span });
            let presence = if *required { Presence::Always } else { Presence::Maybe };
            self.write(*claim, Fact { presence, ..Fact::set(Texts::UNKNOWN, origins) }, &mut page);
        }
        let mut pages = vec![page];
        for validation in &profile.validations {
            let mut after = Vec::new();
            for page in pages {
                self.validation(validation, step, page, &mut after);
            }
            pages = self.merge(after, step.span);
        }
        let outcome = |page: State| {
            let mut state = State { doubtful: page.doubtful, ..state.clone() };
            for row in &profile.outputs {
                let is_password = self.claims.info(row.claim).control.as_deref() == Some("Password");
                if !is_password && row.returned == Returned::Never {
                    state.put(row.claim, page.fact(row.claim));
                }
            }
            state
        };
        pages.into_iter().map(outcome).collect()
    }

    /// A validation that fails asks the user again, so only its success goes on; unless the page goes on regardless.
    fn validation(&mut self, validation: &Validation, step: &Step, page: State, after: &mut Vec<State>) {
        let (skipped, running) = self.decide(&validation.preconditions, None, page);
        after.extend(skipped);
        for page in running {
            let validating = std::mem::replace(&mut self.validating, true);
            let failed = validation.continue_on_error.then(|| State { doubtful: true, ..page.clone() });
            let succeeded = self.call(&validation.profile, step, page);
            self.validating = validating;
            after.extend(succeeded);
            after.extend(failed);
        }
    }

    /// Stage 7: the answer, else the default where nothing is there.
    fn output(&mut self, row: &Row, profile: &Profile, step: &Step, state: &mut State) {
        match &row.default {
            Some(default) if row.always_use_default => {
                let kind = OriginKind::Default { technical_profile: profile.id.clone() };
                self.apply_default(default, row, kind, step, state);
            }
            default => {
                self.returned(row, profile, step, state);
                if let Some(default) = default.as_ref().filter(|_| state.fact(row.claim).presence != Presence::Always) {
                    let kind = OriginKind::Default { technical_profile: profile.id.clone() };
                    self.apply_default(default, row, kind, step, state);
                }
            }
        }
    }

    fn returned(&mut self, row: &Row, profile: &Profile, step: &Step, state: &mut State) {
        let (presence, kind) = match row.returned {
            Returned::Never => return,
            Returned::Entered { required } => {
                let kind = OriginKind::Entered { technical_profile: profile.id.clone() };
                (if required { Presence::Always } else { Presence::Maybe }, kind)
            }
            Returned::Always | Returned::Maybe => {
                let kind = OriginKind::Returned {
                    technical_profile: profile.id.clone(),
                    provider: profile.kind.name(),
                    partner: row.partner.clone(),
                };
                (if row.returned == Returned::Always { Presence::Always } else { Presence::Maybe }, kind)
            }
        };
        let origins = self.origins.one(Origin { kind, step: step.id, span: row.span });
        self.write(row.claim, Fact { presence, ..Fact::set(Texts::UNKNOWN, origins) }, state);
    }

    /// A claim that is perhaps written holds what it held, or the new value.
    fn write(&mut self, claim: ClaimId, fact: Fact, state: &mut State) {
        let before = state.fact(claim);
        let after = match (fact.presence, before.presence) {
            (Presence::Always, _) | (_, Presence::Never) => fact,
            _ => {
                let joined = self.origins.join(before, fact);
                Fact { presence: before.presence, ..joined }
            }
        };
        state.put(claim, after);
    }

    /// Sets a default where the claim has no value, or always.
    fn apply_default(&mut self, default: &DefaultValue, row: &Row, kind: OriginKind, step: &Step, state: &mut State) {
        let (presence, text, kind) = match default {
            DefaultValue::Literal(text) => (Presence::Always, self.canonical(row.claim, *text), kind),
            DefaultValue::Resolver { written, yields } => {
                let presence = match yields {
                    Yields::Always => Presence::Always,
                    Yields::Maybe => Presence::Maybe,
                    Yields::Never => Presence::Never,
                    Yields::Claim(claim) => state.fact(*claim).presence,
                };
                (presence, Texts::UNKNOWN, kind.resolver(written))
            }
        };
        if presence == Presence::Never {
            return;
        }
        let origins = self.origins.one(Origin { kind, step: step.id, span: row.span });
        let set = Fact { presence, ..Fact::set(text, origins) };
        let before = state.fact(row.claim);
        if row.always_use_default || before.presence == Presence::Never {
            return self.write(row.claim, set, state);
        }
        // It is there on some paths, and the default fills the others.
        let joined = self.origins.join(before, set);
        let presence = if presence == Presence::Always { Presence::Always } else { Presence::Maybe };
        state.put(row.claim, Fact { presence, ..joined });
    }

    /// The text by which a value of the claim compares.
    fn canonical(&mut self, claim: ClaimId, text: TextId) -> TextId {
        let data_type = self.claims.info(claim).data_type.unwrap_or(DataType::String);
        let written = self.texts.get(text).unwrap_or_default().to_owned();
        Value::parse(data_type, &written).map_or(Texts::UNKNOWN, |it| self.text_of(&it))
    }

    /// Collections and identities have no text that they could be read from again.
    fn text_of(&mut self, value: &Value) -> TextId {
        match value {
            Value::StringCollection(_)
            | Value::UserIdentity(_)
            | Value::UserIdentityCollection(_)
            | Value::AlternativeSecurityIdCollection(_) => Texts::UNKNOWN,
            _ => self.texts.intern(&value.to_text()),
        }
    }

    /// `false` where a transformation is sure to fail.
    fn transform(&mut self, it: &Transformation, profile: &Profile, step: &Step, state: &mut State) -> bool {
        for argument in it.inputs.iter().filter(|it| it.needed) {
            self.need(NeedKind::TransformationInput, &it.id, argument.claim, argument.span, step, state);
            if !self.assume(argument.claim, state) {
                return false;
            }
        }
        let kind = OriginKind::Transformation {
            technical_profile: profile.id.clone(),
            transformation: it.id.clone(),
            method: it.method.clone(),
        };
        let origins = self.origins.one(Origin { kind, step: step.id, span: it.span });
        if let Some(outputs) = self.constant(it, profile, state) {
            for (output, result) in it.outputs.iter().zip(outputs) {
                match result {
                    Output::Set(value) => {
                        let text = self.text_of(&value);
                        state.put(output.claim, Fact::set(text, origins));
                    }
                    Output::Clear => state.put(output.claim, Fact::ABSENT),
                    Output::Untouched => {}
                }
            }
            return true;
        }
        let tolerated = it.inputs.iter().filter(|it| !it.needed);
        let complete = tolerated.into_iter().all(|it| state.fact(it.claim).presence == Presence::Always);
        for output in &it.outputs {
            match output.effect {
                Effect::Clears => state.put(output.claim, Fact::ABSENT),
                Effect::Copies(input) => {
                    let held = state.fact(input);
                    if held.presence != Presence::Never {
                        self.write(output.claim, Fact { origins, ..held }, state);
                    }
                }
                Effect::Sets if complete || is_total(&it.method) => {
                    state.put(output.claim, Fact::set(Texts::UNKNOWN, origins));
                }
                Effect::Sets => {
                    let fact = Fact { presence: Presence::Maybe, ..Fact::set(Texts::UNKNOWN, origins) };
                    self.write(output.claim, fact, state);
                }
                Effect::MaySet => {
                    // Some methods clear their output when there is no match.
                    let before = state.fact(output.claim);
                    let set = Fact { presence: Presence::Maybe, ..Fact::set(Texts::UNKNOWN, origins) };
                    let joined = self.origins.join(before, set);
                    state.put(output.claim, Fact { presence: Presence::Maybe, ..joined });
                }
            }
        }
        true
    }

    /// What the transformation gives, where that is known before a run: every input has a known text or none.
    fn constant(&mut self, it: &Transformation, profile: &Profile, state: &State) -> Option<Vec<Output>> {
        let facts: Vec<Fact> = it.inputs.iter().map(|it| state.fact(it.claim)).collect();
        let known = |fact: &Fact| {
            fact.presence == Presence::Never || (fact.presence == Presence::Always && fact.text != Texts::UNKNOWN)
        };
        if NOT_CONSTANT.iter().any(|name| name.eq_ignore_ascii_case(&it.method)) || !facts.iter().all(known) {
            return None;
        }
        let (prepared, types) = self.prepare(&it.id)?;
        let value = |(fact, data_type): (&Fact, &DataType)| match self.texts.get(fact.text) {
            Some(text) if fact.presence == Presence::Always => Value::parse(*data_type, text).map(Some),
            _ => Ok(None),
        };
        let inputs: Vec<Option<Value>> = facts.iter().zip(&types).map(value).collect::<Result<_, _>>().ok()?;
        // The tenant is known when it runs: what differs between two tenants is no constant.
        let run = |tenant: &str| {
            let env = Env {
                now: jiff::Timestamp::UNIX_EPOCH,
                random: &|_: &mut [u8]| {},
                technical_profile: &profile.id,
                relying_party_tenant: tenant,
                trust_framework_tenant: tenant,
                authenticator_issuer: tenant,
                keys: &|_: &str| None,
                localization: &NoLocalization,
                options: Options::default(),
                remark: &|_| {},
            };
            prepared.run(&inputs, &env).ok()
        };
        run("a").filter(|it| run("b").as_ref() == Some(it))
    }

    fn prepare(&self, id: &str) -> Option<(Prepared, Vec<DataType>)> {
        let declared = self.policy.claims_transformation(id)?;
        let transformation = transformations::find(declared.method()?.value)?;
        let argument = |it: wayfarer_model::TransformationArgument<'_>| {
            let data_type = self.policy.claim_type(it.claim_type.value)?.data_type()?;
            Some(DeclaredClaim::new(it.slot.value, it.claim_type.value, data_type))
        };
        let inputs: Vec<DeclaredClaim> = declared.input_claims().map(argument).collect::<Option<_>>()?;
        let types = inputs.iter().map(|it| it.data_type).collect();
        let declaration = Declaration {
            id: id.to_owned(),
            inputs,
            parameters: declared.declared_parameters().map(|it| it.1).collect(),
            outputs: declared.output_claims().map(argument).collect::<Option<_>>()?,
        };
        Some((transformation.prepare(&declaration).ok()?, types))
    }
}

/// These set their output whether their inputs have values or not.
fn is_total(method: &str) -> bool {
    ["DoesClaimExist", "IsTermsOfUseConsentRequired", "CompareClaims", "CompareClaimToValue"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(method))
}
