use wayfarer_builtins::Value;
use wayfarer_diagnostics::Span;

/// What a run did, step by step. Claim values are in it: it is for the policy's author, never for a log.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// One entry for each step that was looked at.
    pub steps: Vec<StepTrace>,
    kept: Kept,
}

/// Whether a run is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kept {
    #[default]
    Yes,
    No,
}

impl Trace {
    /// A trace that stays empty: for a service, whose clients wait and never see it.
    pub fn off() -> Self {
        Self { steps: Vec::new(), kept: Kept::No }
    }

    /// Whether steps are recorded.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept == Kept::Yes
    }
}

/// What one step did.
#[derive(Clone, Debug)]
pub struct StepTrace {
    /// `Order`
    pub order: u32,
    /// `Type`
    pub step_type: &'static str,
    /// Where the step is written.
    pub span: Span,
    /// Why the step did not run.
    pub skipped: Option<String>,
    /// `ClaimsExchange/@Id`
    pub claims_exchange: Option<String>,
    /// The technical profile that ran, or the issuer.
    pub technical_profile: Option<String>,
    /// What that profile is.
    pub provider: Option<&'static str>,
    /// Where the profile is written.
    pub profile_span: Option<Span>,
    /// What the provider tells, such as a request line and a status.
    pub notes: Vec<String>,
    /// What changed in the claims bag, in order.
    pub changes: Vec<Change>,
}

/// One change of the claims bag.
#[derive(Clone, Debug)]
pub struct Change {
    /// The claim type's id.
    pub claim: String,
    /// The value before.
    pub before: Option<Value>,
    /// The value after.
    pub after: Option<Value>,
    /// What did it, in words.
    pub by: String,
    /// Where that is written.
    pub span: Span,
}
