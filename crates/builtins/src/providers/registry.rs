//! The list of providers that run, and what can be done with each kind.

use super::planned::{PLANNED, Planned};
use super::{Interaction, ProfileKind, ProfileSettings, Provider, ProviderSpec, SettingProblem};
use super::{claims_transformation, none, restful};

/// The providers that can be called, by kind. One alphabetical line for each folder.
pub static PROVIDERS: &[(ProfileKind, &dyn Provider)] = &[
    (ProfileKind::ClaimsTransformation, &claims_transformation::ClaimsTransformation),
    (ProfileKind::Restful, &restful::Restful),
    (ProfileKind::Setup, &none::Setup),
];

/// What can be done with a kind of profile.
#[derive(Clone, Copy)]
pub enum Support {
    /// It can be called.
    Runs(&'static dyn Provider),
    /// It ends a journey: the engine hands the claims to the token issuer.
    Issues,
    /// It keeps a session. In a journey at the token endpoint there is none, so it does nothing there.
    KeepsSession,
    /// It is never called.
    NeverCalled,
    /// Known, and not runnable yet; `needs` completes "needs …".
    Planned {
        /// What is missing, such as `a directory of users`.
        needs: &'static str,
    },
    /// Nobody knows this kind.
    Unknown,
}

impl std::fmt::Debug for Support {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Runs(provider) => write!(f, "Runs({})", provider.spec().title),
            Self::Issues => f.write_str("Issues"),
            Self::KeepsSession => f.write_str("KeepsSession"),
            Self::NeverCalled => f.write_str("NeverCalled"),
            Self::Planned { needs } => write!(f, "Planned({needs})"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

/// Every kind that is known, with what it declares: for reference pages, completion, and the closest handler's name.
pub fn kinds() -> impl Iterator<Item = (&'static ProfileKind, &'static ProviderSpec)> {
    let running = PROVIDERS.iter().map(|(kind, provider)| (kind, provider.spec()));
    running.chain(PLANNED.iter().map(|it| (&it.kind, &it.spec)))
}

pub(super) fn support_of(kind: &ProfileKind) -> Support {
    if let Some(provider) = kind.provider() {
        return Support::Runs(provider);
    }
    let Some(&Planned { spec, needs, .. }) = PLANNED.iter().find(|it| it.kind == *kind) else {
        return Support::Unknown;
    };
    match (kind, spec.interaction) {
        (ProfileKind::EngineDefault, _) => Support::NeverCalled,
        (ProfileKind::JwtIssuer, _) => Support::Issues,
        (_, Interaction::Session) => Support::KeepsSession,
        _ => Support::Planned { needs },
    }
}

impl ProfileKind {
    /// The provider; `None` where nothing can be called, for which [`ProfileKind::support`] has the reason.
    pub fn provider(&self) -> Option<&'static dyn Provider> {
        PROVIDERS.iter().find(|(kind, _)| kind == self).map(|(_, provider)| *provider)
    }

    /// Whether a call shows a page or sends the browser elsewhere, so that a journey without a browser can't have it.
    pub fn is_interactive(&self) -> bool {
        self.spec().is_some_and(|it| matches!(it.interaction, Interaction::Page | Interaction::Redirect))
    }

    /// Whether it is one of the five session providers.
    pub fn is_session_provider(&self) -> bool {
        self.spec().is_some_and(|it| it.interaction == Interaction::Session)
    }

    /// Whether a `SendClaims` step may name it.
    pub fn is_issuer(&self) -> bool {
        self.spec().is_some_and(|it| it.interaction == Interaction::Issuer)
    }

    /// Everything that is wrong with the settings of a profile of this kind, runnable or not.
    pub fn check(&self, settings: &ProfileSettings) -> Vec<SettingProblem> {
        match (self.provider(), self.spec()) {
            (Some(provider), _) => provider.check(settings),
            (None, Some(spec)) => super::check::generic(spec, settings),
            (None, None) => Vec::new(),
        }
    }
}
