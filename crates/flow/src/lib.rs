//! Claim flow: which claims are certainly, perhaps or never in the bag at each step of a journey, and from where, without
//! running it.
//!
//! The journey is walked path by path (a precondition that isn't decided by what is known splits the paths), which is
//! more than the service's own check at upload does: that one takes the union of all earlier steps. Where there are too
//! many paths they are taken together, and [`ClaimFlow::joined_at`] tells where.
//!
//! Never in here: opinions (rules have them) and execution. Start at [`ClaimFlow::of`]; `machine` walks the steps and
//! `call` says what one technical profile does.

mod call;
mod interned;
mod machine;
mod program;
mod state;
mod token;

use interned::{Claims, Texts};
use machine::Machine;
use program::{Action, Step};
use state::{Origins, State};
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_diagnostics::Span;
use wayfarer_model::{Policy, UserJourney};

pub use state::{PathTaken, Presence};
pub use token::{TokenClaim, TokenValue};

/// What is known of a journey of a policy.
#[derive(Debug)]
pub struct ClaimFlow {
    /// The id of the journey.
    pub journey: String,
    /// The kind of request that starts it.
    pub kind: JourneyKind,
    /// Its steps in the order in which they are walked, those of sub journeys where they are called.
    pub steps: Vec<StepFlow>,
    /// What technical profiles and claims transformations need of the bag, in the order in which it was met.
    pub needs: Vec<Need>,
    /// The claims of the token, in the order of the relying party's rows.
    pub token: Vec<TokenClaim>,
    /// Whether a path reaches a `SendClaims` step.
    pub completes: bool,
    /// Whether a path comes to the end of the journey without one.
    pub runs_out: bool,
    /// Where precision was given up: behind it, claims that are certain may be told as uncertain.
    pub joined_at: Option<Span>,
}

/// What is known of a step.
#[derive(Clone, Debug)]
pub struct StepFlow {
    /// `Order`, such as `3`; of a step in a sub journey with the caller's before it, such as `3.1`.
    pub order: String,
    /// Where it stands.
    pub span: Span,
    /// Whether a path runs it.
    pub ran: bool,
    /// Whether a path skips it.
    pub skipped: bool,
    /// Whether several claims exchanges are met with nothing that chose one, so that the journey fails there.
    pub no_choice: bool,
    /// Its preconditions.
    pub preconditions: Vec<PreconditionFlow>,
}

impl StepFlow {
    /// Whether a path comes to it.
    pub fn is_reached(&self) -> bool {
        self.ran || self.skipped
    }
}

/// What is known of a precondition.
#[derive(Clone, Debug)]
pub struct PreconditionFlow {
    /// When it skips the step, in words, such as "`objectId` exists".
    pub words: String,
    /// Where its claim is named.
    pub span: Span,
    /// Whether it skips the step on a path.
    pub skips: bool,
    /// Whether it lets a path go on.
    pub passes: bool,
    /// Whether a path comes to it without its claim, where it is void: a `ClaimEquals`.
    pub void: bool,
    /// The claim.
    pub claim: String,
    /// Whether it is `ClaimsExist`.
    pub asks_existence: bool,
    /// `ExecuteActionsIf`
    pub execute_actions_if: bool,
}

/// Something that reads a claim.
#[derive(Clone, Debug)]
pub struct Need {
    /// What reads it.
    pub kind: NeedKind,
    /// The technical profile or the claims transformation.
    pub by: String,
    /// The claim type.
    pub claim: String,
    /// Whether it is read while a page is validated: what fails there asks the user again.
    pub in_validation: bool,
    /// Where the claim is named.
    pub span: Span,
    /// The step, as an index of [`ClaimFlow::steps`]: the first that needs it.
    pub step: usize,
    /// A path on which it has no value, up to this step; one without a session, where there is one.
    pub absent_on: Option<PathTaken>,
    /// Whether it may have a value, depending on what the outside world answers.
    pub maybe: bool,
    /// Whether it surely has one on a path.
    pub present: bool,
}

impl Need {
    fn new(kind: NeedKind, by: &str, claim: String, span: Span, step: usize) -> Self {
        let by = by.to_owned();
        Self { kind, by, claim, in_validation: false, span, step, absent_on: None, maybe: false, present: false }
    }

    /// Whether no path gives it a value.
    pub fn is_never_met(&self) -> bool {
        self.absent_on.is_some() && !self.maybe && !self.present
    }
}

/// What reads a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedKind {
    /// An `InputClaim` with `Required="true"`: without a value the call fails.
    RequiredInput,
    /// Another `InputClaim` without a default.
    OptionalInput,
    /// An input of a claims transformation that fails without it.
    TransformationInput,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// What sets it.
    pub kind: OriginKind,
    /// The step, as an index of [`ClaimFlow::steps`].
    pub step: usize,
    /// The row that names the claim, or the claims transformation.
    pub span: Span,
}

/// What sets a claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OriginKind {
    /// The `DefaultValue` of an output claim.
    Default {
        /// The profile.
        technical_profile: String,
    },
    /// The `DefaultValue` of an input claim.
    InputDefault {
        /// The profile.
        technical_profile: String,
    },
    /// A claim resolver in a `DefaultValue`.
    Resolver {
        /// The profile.
        technical_profile: String,
        /// As written.
        resolver: String,
    },
    /// What a technical profile answers.
    Returned {
        /// The profile.
        technical_profile: String,
        /// What it is, such as `RESTful service`.
        provider: &'static str,
        /// The member of the answer.
        partner: String,
    },
    /// What the user fills in.
    Entered {
        /// The profile.
        technical_profile: String,
    },
    /// What a session kept.
    Session {
        /// The session's profile.
        technical_profile: String,
    },
    /// A claims transformation.
    Transformation {
        /// The profile that calls it.
        technical_profile: String,
        /// Its id.
        transformation: String,
        /// Its method.
        method: String,
    },
}

impl OriginKind {
    /// The same, from a claim resolver.
    fn resolver(self, written: &str) -> Self {
        match self {
            Self::Default { technical_profile } | Self::InputDefault { technical_profile } => {
                Self::Resolver { technical_profile, resolver: written.to_owned() }
            }
            other => other,
        }
    }
}

/// What the walk notes down.
#[derive(Default)]
struct Journal {
    steps: Vec<StepFlow>,
    /// A sub journey of type Transfer came to its end without a token.
    unfinished: bool,
}

impl Journal {
    fn note(&mut self, step: usize, precondition: usize, result: Option<bool>) {
        let Some(it) = self.steps.get_mut(step).and_then(|it| it.preconditions.get_mut(precondition)) else { return };
        let skips = result == Some(it.execute_actions_if);
        it.skips |= skips;
        it.passes |= !skips;
        it.void |= result.is_none();
    }
}

impl ClaimFlow {
    /// Analyses a journey of a policy. It ends on every journey, however it branches.
    pub fn of(policy: &Policy, journey: &UserJourney, kind: JourneyKind) -> Self {
        let (mut claims, mut texts) = (Claims::default(), Texts::new());
        let program = program::compile(policy, journey, kind, &mut claims, &mut texts);
        let rows = token::rows(policy, kind, &mut claims, &mut texts);
        let asked = token::asked_for(policy, &mut claims);
        let mut journal = Journal::default();
        describe(&program.steps, "", &claims, &mut journal.steps);
        let mut machine = Machine {
            policy,
            claims: &claims,
            texts,
            origins: Origins::new(),
            journal,
            needs: indexmap::IndexMap::new(),
            validating: false,
            ends: Vec::new(),
            joined_at: program.too_deep,
        };
        let out = machine.walk(&program.steps, vec![State::new(claims.len(), program.count)]);
        let mut declared = program.declared;
        // What the request brings counts as well (reference "journeys", 9.3).
        declared.extend(asked.iter().copied());
        let token = token::claims(&machine, &rows, &declared);
        Self {
            journey: journey.id().to_owned(),
            kind,
            token,
            completes: !machine.ends.is_empty(),
            runs_out: !out.is_empty() || machine.journal.unfinished,
            steps: machine.journal.steps,
            needs: machine.needs.into_values().collect(),
            joined_at: machine.joined_at,
        }
    }

    /// The journey of the client credentials grant, where the token issuer names one that exists.
    pub fn client_credentials(policy: &Policy) -> Option<Self> {
        let issuer = policy.token_issuer()?;
        let journey = policy.user_journey(issuer.client_credentials_journey()?.value)?;
        Some(Self::of(policy, &journey, JourneyKind::ClientCredentials))
    }

    /// The relying party's default journey.
    pub fn default_journey(policy: &Policy) -> Option<Self> {
        let relying_party = policy.relying_party()?;
        let journey = policy.user_journey(relying_party.default_user_journey()?.value)?;
        let protocol = relying_party.technical_profile().and_then(|it| Some(it.protocol()?.name.value.to_owned()));
        let kind = if protocol.as_deref() == Some("SAML2") { JourneyKind::SamlSso } else { JourneyKind::Authorize };
        Some(Self::of(policy, &journey, kind))
    }

    /// The journey that redeems refresh tokens: the one of the relying party's `Token` endpoint, else the one that the token
    /// issuer names (reference "journeys", 8).
    pub fn refresh(policy: &Policy) -> Option<Self> {
        let relying_party = policy.relying_party()?;
        let endpoint = relying_party.endpoints().find(|it| it.key.value.eq_ignore_ascii_case("Token"));
        let journey = match endpoint {
            Some(endpoint) => policy.user_journey(endpoint.value.value)?,
            None => policy.user_journey(policy.token_issuer()?.metadata("RefreshTokenUserJourneyId")?.value)?,
        };
        Some(Self::of(policy, &journey, JourneyKind::Refresh))
    }

    /// A path as a person reads it: "steps 1, 3 and 5", "steps 1, 2 (from the session) and 3".
    pub fn path(&self, path: &PathTaken) -> String {
        let named = path.steps.iter().filter_map(|it| Some((it, self.steps.get(*it)?)));
        let orders: Vec<String> = named
            .map(|(at, step)| match path.from_session.contains(at) {
                true => format!("{} (from the session)", step.order),
                false => step.order.clone(),
            })
            .collect();
        match &orders[..] {
            [] => "no step".to_owned(),
            [only] => format!("step {only}"),
            [first @ .., last] => format!("steps {} and {last}", first.join(", ")),
        }
    }

    /// A step as a person names it: "step 3".
    pub fn step(&self, step: usize) -> String {
        format!("step {}", self.steps.get(step).map_or("?", |it| it.order.as_str()))
    }
}

/// The steps with the numbers that people know them by.
fn describe(steps: &[Step], prefix: &str, claims: &Claims, into: &mut Vec<StepFlow>) {
    for step in steps {
        let order = format!("{prefix}{}", step.order);
        let preconditions = step.preconditions.iter().map(|it| PreconditionFlow {
            words: it.words.clone(),
            span: it.span,
            skips: false,
            passes: false,
            void: false,
            claim: claims.id(it.claim).to_owned(),
            asks_existence: it.literal.is_none(),
            execute_actions_if: it.execute_actions_if,
        });
        into.push(StepFlow {
            order: order.clone(),
            span: step.span,
            ran: false,
            skipped: false,
            no_choice: false,
            preconditions: preconditions.collect(),
        });
        if let Action::Call(inner) | Action::Transfer(inner) = &step.action {
            describe(inner, &format!("{order}."), claims, into);
        }
    }
}
