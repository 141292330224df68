use crate::{Kind, NodeRef, Policy, TechnicalProfile, Text};

/// The metadata item that names the journey of the client credentials grant.
pub const CLIENT_CREDENTIALS_JOURNEY: &str = "ClientCredentialsUserJourneyId";

impl Policy {
    /// The profile that issues this policy's tokens: the issuer of the default journey's first `SendClaims` step (or the
    /// journey's own default issuer); where that one names no client credentials journey, a profile that does.
    ///
    /// Which issuer the service asks is not documented for policies with several; this order is our choice.
    pub fn token_issuer(&self) -> Option<TechnicalProfile> {
        self.token_issuer.get_or_init(|| self.find_token_issuer()).clone()
    }

    fn find_token_issuer(&self) -> Option<TechnicalProfile> {
        let issuer = self.default_journey_issuer();
        let names_journey = |it: &TechnicalProfile| it.metadata(CLIENT_CREDENTIALS_JOURNEY).is_some();
        if issuer.as_ref().is_some_and(names_journey) {
            return issuer;
        }
        let profiles = self.all(Kind::TechnicalProfile);
        // Only profiles that write the item themselves: merging every profile to see costs more than all other checks.
        let mut named =
            profiles.iter().filter(|it| writes_journey(it.as_ref())).filter_map(|it| it.as_ref().attribute("Id"));
        let other = named.find_map(|id| self.technical_profile(id.value).filter(is_jwt_issuer));
        other.or(issuer)
    }

    fn default_journey_issuer(&self) -> Option<TechnicalProfile> {
        let relying_party = self.relying_party()?;
        let journey = self.user_journey(relying_party.default_user_journey()?.value)?;
        let steps = journey.steps();
        let issuer = journey.default_issuer().or_else(|| steps.iter().find_map(|it| it.issuer()))?;
        self.technical_profile(issuer.value)
    }
}

impl TechnicalProfile {
    /// `ClientCredentialsUserJourneyId`, when the profile has the item and it is not empty.
    pub fn client_credentials_journey(&self) -> Option<Text<'_>> {
        self.metadata(CLIENT_CREDENTIALS_JOURNEY).filter(|it| !it.value.is_empty())
    }
}

fn writes_journey(profile: NodeRef<'_>) -> bool {
    let keys = profile.items("Metadata", "Item").filter_map(|it| it.attribute("Key"));
    keys.into_iter().any(|it| it.value == CLIENT_CREDENTIALS_JOURNEY)
}

fn is_jwt_issuer(profile: &TechnicalProfile) -> bool {
    profile.output_token_format().is_some_and(|it| it.value == "JWT")
}
