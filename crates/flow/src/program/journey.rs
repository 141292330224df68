use super::{Action, DefaultValue, Exchange, Precondition, Profile, Program, Step};
use crate::interned::{ClaimId, Claims, Texts};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use wayfarer_builtins::providers::{Caller, ProfileKind};
use wayfarer_builtins::resolvers::{JourneyKind, Place, ResolvingFlag};
use wayfarer_diagnostics::Span;
use wayfarer_model::{self as model, OrchestrationStep, Policy, StepType, UserJourney};

/// Deeper nesting of sub journeys is not followed; public policies reach three.
const DEEPEST: usize = 8;

/// More steps than any policy has, sub journeys called from several places included.
const MOST_STEPS: usize = 2_000;

/// Reads a journey with everything that it reaches.
pub(crate) fn compile(
    policy: &Policy,
    journey: &UserJourney,
    kind: JourneyKind,
    claims: &mut Claims,
    texts: &mut Texts,
) -> Program {
    let mut compiler =
        Compiler { policy, kind, claims, texts, profiles: HashMap::new(), count: 0, open: Vec::new(), too_deep: None };
    let steps = compiler.steps(journey);
    let mut declared = HashSet::new();
    collect(&steps, &mut declared);
    Program { steps, count: compiler.count, too_deep: compiler.too_deep, declared }
}

/// What the profiles of these steps declare to set, validation profiles left out: their claims count only where the page
/// names them (reference "validation", 1.3).
fn collect(steps: &[Step], declared: &mut HashSet<ClaimId>) {
    for step in steps {
        let profiles: Vec<&Profile> = match &step.action {
            Action::Exchange(exchanges) | Action::Select { local: exchanges, .. } => {
                exchanges.iter().map(|it| &*it.profile).collect()
            }
            Action::Get(profile) => vec![&**profile],
            Action::Call(inner) | Action::Transfer(inner) => {
                collect(inner, declared);
                Vec::new()
            }
            Action::Nothing | Action::Send => Vec::new(),
        };
        for profile in profiles {
            declared.extend(profile.outputs.iter().map(|it| it.claim));
            declared.extend(profile.after.iter().flat_map(|it| &it.outputs).map(|it| it.claim));
        }
    }
}

/// What the default of a row of the relying party stands for.
pub(crate) fn relying_party_default(
    policy: &Policy,
    kind: JourneyKind,
    claims: &mut Claims,
    texts: &mut Texts,
    default: model::Text<'_>,
    claim: ClaimId,
) -> Option<DefaultValue> {
    let mut compiler =
        Compiler { policy, kind, claims, texts, profiles: HashMap::new(), count: 0, open: Vec::new(), too_deep: None };
    compiler.default(default, &ProfileKind::Undeclared, Place::RelyingPartyOutput, ResolvingFlag::Unset, claim)
}

pub(super) struct Compiler<'a> {
    pub(super) policy: &'a Policy,
    pub(super) kind: JourneyKind,
    pub(super) claims: &'a mut Claims,
    pub(super) texts: &'a mut Texts,
    pub(super) profiles: HashMap<(String, Caller), Option<Rc<Profile>>>,
    count: usize,
    /// The sub journeys that are being read.
    open: Vec<String>,
    too_deep: Option<Span>,
}

impl Compiler<'_> {
    fn steps(&mut self, journey: &UserJourney) -> Vec<Step> {
        journey.steps().iter().map(|it| self.step(it)).collect()
    }

    fn step(&mut self, step: &OrchestrationStep<'_>) -> Step {
        let id = self.count;
        self.count += 1;
        let preconditions = step.preconditions().filter_map(|it| self.precondition(&it)).collect();
        let action = self.action(step);
        let order = step.order().map_or("?", |it| it.value.trim()).to_owned();
        Step { id, order, preconditions, action, span: step.span() }
    }

    /// `None` for what is no valid precondition: other findings are about it.
    pub(super) fn precondition(&mut self, written: &model::Precondition<'_>) -> Option<Precondition> {
        let (values, if_true) = (written.values(), written.execute_actions_if());
        let claim = values.first()?;
        let id = self.claims.intern(self.policy, claim.value);
        let name = self.claims.id(id);
        let (literal, words) = match (written.kind()?.value, values.get(1)) {
            ("ClaimsExist", None) => (None, format!("`{name}` {}", if if_true { "exists" } else { "does not exist" })),
            ("ClaimEquals", Some(literal)) => {
                let words = format!("`{name}` is {}`{}`", if if_true { "" } else { "not " }, literal.value);
                (Some(self.texts.intern(literal.value)), words)
            }
            _ => return None,
        };
        Some(Precondition { claim: id, literal, execute_actions_if: if_true, span: claim.span, words })
    }

    fn action(&mut self, step: &OrchestrationStep<'_>) -> Action {
        let Some(step_type) = step.step_type() else { return Action::Nothing };
        match step_type {
            StepType::Noop | StepType::ConsentScreen | StepType::ReviewScreen | StepType::UserDialog => Action::Nothing,
            StepType::ClaimsExchange => Action::Exchange(self.exchanges(step, Caller::ClaimsExchange)),
            StepType::ClaimsProviderSelection | StepType::CombinedSignInAndSignUp => self.selection(step),
            StepType::SendClaims => Action::Send,
            StepType::GetClaims => {
                let profile = step.issuer().and_then(|it| self.profile(it.value, Caller::GetClaims));
                profile.map_or(Action::Nothing, Action::Get)
            }
            StepType::InvokeSubJourney => self.sub_journey(step),
        }
    }

    fn exchanges(&mut self, step: &OrchestrationStep<'_>, caller: Caller) -> Vec<Exchange> {
        let exchanges: Vec<_> = step.claims_exchanges().collect();
        let exchange = |it: model::ClaimsExchange<'_>| {
            let profile = self.profile(it.technical_profile.value, caller)?;
            Some(Exchange { id: it.id.value.to_owned(), profile })
        };
        exchanges.into_iter().filter_map(exchange).collect()
    }

    fn selection(&mut self, step: &OrchestrationStep<'_>) -> Action {
        let selections: Vec<_> = step.node.items("ClaimsProviderSelections", "ClaimsProviderSelection").collect();
        let named = |attribute: &'static str| {
            selections.iter().filter_map(move |it| it.attribute(attribute)).map(|it| it.value.to_owned())
        };
        let mut targets: Vec<String> = named("TargetClaimsExchangeId").collect();
        let forms: Vec<String> = named("ValidationClaimsExchangeId").collect();
        let mut local = self.exchanges(step, Caller::CombinedSignInAndSignUp);
        local.retain(|it| forms.contains(&it.id));
        // Links on the form lead to exchanges of the next step, too.
        for form in step.claims_exchanges() {
            let Some(profile) = self.policy.technical_profile(form.technical_profile.value) else { continue };
            for key in ["SignUpTarget", "setting.forgotPasswordLinkOverride"] {
                let target = profile.metadata(key).map(|it| it.value.to_owned());
                targets.extend(target.filter(|it| !it.is_empty() && !targets.contains(it)));
            }
        }
        Action::Select { targets, local }
    }

    fn sub_journey(&mut self, step: &OrchestrationStep<'_>) -> Action {
        let candidate =
            step.node.items("JourneyList", "Candidate").find_map(|it| it.attribute("SubJourneyReferenceId"));
        let Some(name) = candidate else { return Action::Nothing };
        let Some(journey) = self.policy.sub_journey(name.value) else { return Action::Nothing };
        let key = name.value.to_ascii_lowercase();
        if self.open.contains(&key) || self.open.len() >= DEEPEST || self.count >= MOST_STEPS {
            self.too_deep.get_or_insert(name.span);
            return Action::Nothing;
        }
        self.open.push(key);
        let steps = self.steps(&journey);
        self.open.pop();
        match journey.node().attribute("Type").map(|it| it.value) {
            Some("Transfer") => Action::Transfer(steps),
            _ => Action::Call(steps),
        }
    }
}
