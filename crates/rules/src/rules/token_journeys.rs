//! The journeys that answer a request without a user: for a refresh token, and for the UserInfo endpoint. The journey of the
//! client credentials grant has rules of its own.

use std::fmt;
use wayfarer_model::{Policy, UserJourney};

/// What a journey without a user is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `Endpoint` `Token`, or `RefreshTokenUserJourneyId` of the issuer.
    Refresh,
    /// `Endpoint` `UserInfo`.
    UserInfo,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refresh => "refresh token",
            Self::UserInfo => "UserInfo",
        })
    }
}

/// The journeys of a policy that names them itself.
pub(super) fn of(policy: &Policy) -> Vec<(Purpose, UserJourney)> {
    let has_own = policy.document().root().is_some_and(|it| it.child("RelyingParty").is_some());
    let Some(relying_party) = policy.relying_party().filter(|_| has_own && policy.is_complete()) else {
        return Vec::new();
    };
    let purpose_of = |endpoint: &str| match endpoint {
        "Token" => Some(Purpose::Refresh),
        "UserInfo" => Some(Purpose::UserInfo),
        _ => None,
    };
    let journeys = relying_party
        .endpoints()
        .filter_map(|it| Some((purpose_of(it.key.value)?, policy.user_journey(it.value.value)?)));
    journeys.collect()
}
