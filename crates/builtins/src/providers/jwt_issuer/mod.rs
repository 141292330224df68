//! The JWT issuer: reference "technical-profiles", B21. The engine hands it the claims; it is not called.

use crate::providers::planned::Planned;
use crate::providers::settings::parse_flag;
use crate::providers::spec::{flag, ignored, key, required_key};
use crate::providers::{Caller, Interaction, MetadataValue, ProfileKind, ProfileSettings, ProviderSpec};
use std::time::Duration;

/// The JWT issuer: no step calls it, so it is in the list of kinds that have no exchange.
pub(super) static JWT_ISSUER: Planned = Planned {
    kind: ProfileKind::JwtIssuer,
    needs: "nothing",
    spec: ProviderSpec {
        title: "JWT issuer",
        protocols: &["OpenIdConnect", "None"],
        handler: None,
        metadata: &[
            key("issuer_refresh_token_user_identity_claim_type", "the claim that codes and refresh tokens remember")
                .value(MetadataValue::ClaimType)
                .required(),
            flag("SendTokenResponseBodyWithJsonNumbers", "numbers of the token response are JSON numbers")
                .default("true"),
            key("token_lifetime_secs", "how long an access token is good")
                .value(MetadataValue::Integer(300, 86400))
                .default("3600"),
            key("id_token_lifetime_secs", "how long an id token is good")
                .value(MetadataValue::Integer(300, 86400))
                .default("3600"),
            key("refresh_token_lifetime_secs", "how long a refresh token is good")
                .value(MetadataValue::Integer(86400, 7776000))
                .default("1209600"),
            key("rolling_refresh_token_lifetime_secs", "how long refreshing may go on")
                .value(MetadataValue::Integer(86400, 31536000))
                .default("7776000"),
            flag("allow_infinite_rolling_refresh_token", "refreshing may go on for ever"),
            key("IssuanceClaimPattern", "the form of `iss`")
                .value(MetadataValue::OneOf(&["AuthorityAndTenantGuid", "AuthorityWithTfp"]))
                .default("AuthorityAndTenantGuid"),
            key("AuthenticationContextReferenceClaimPattern", "whether `acr` is sent")
                .value(MetadataValue::OneOf(&["None", "PolicyId"])),
            key("RefreshTokenUserJourneyId", "the journey that a refresh runs").value(MetadataValue::UserJourney),
            key("ClientCredentialsUserJourneyId", "the journey that client credentials run")
                .value(MetadataValue::UserJourney),
            ignored("client_id", "a constant of the service"),
        ],
        keys: &[
            required_key("issuer_secret", "signs tokens"),
            required_key("issuer_refresh_token_key", "encrypts codes and refresh tokens"),
        ],
        interaction: Interaction::Issuer,
        callers: &[Caller::SendClaims],
        docs: include_str!("docs.md"),
    },
};

/// The settings of a JWT issuer, with the documented defaults for what is absent or malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtIssuerSettings {
    /// How long an access token is good, also that of client credentials.
    pub token_lifetime: Duration,
    /// How long an id token is good.
    pub id_token_lifetime: Duration,
    /// How long a refresh token is good.
    pub refresh_token_lifetime: Duration,
    /// How long refreshing may go on; `None` for ever.
    pub rolling_refresh_token_lifetime: Option<Duration>,
    /// `IssuanceClaimPattern`: `AuthorityAndTenantGuid` or `AuthorityWithTfp`, spelled as the documentation does.
    pub issuance_claim_pattern: &'static str,
    /// Whether tokens carry `acr`: `AuthenticationContextReferenceClaimPattern` is not `None`.
    pub sends_acr: bool,
    /// Whether numbers of the token response are JSON numbers.
    pub json_numbers: bool,
    /// The claim that codes and refresh tokens remember.
    pub user_identity_claim_type: Option<String>,
    /// The journey that client credentials run.
    pub client_credentials_user_journey: Option<String>,
    /// The journey that a refresh runs.
    pub refresh_token_user_journey: Option<String>,
    /// The key container that signs tokens.
    pub issuer_secret: Option<String>,
    /// The key container that encrypts codes and refresh tokens.
    pub issuer_refresh_token_key: Option<String>,
}

impl JwtIssuerSettings {
    /// Reads what [`ProfileKind::check`] has judged.
    pub fn read(settings: &ProfileSettings) -> Self {
        let text = |key| settings.text(key).map(str::to_owned);
        let for_ever = is_set(settings, "allow_infinite_rolling_refresh_token");
        Self {
            token_lifetime: seconds(settings, "token_lifetime_secs"),
            id_token_lifetime: seconds(settings, "id_token_lifetime_secs"),
            refresh_token_lifetime: seconds(settings, "refresh_token_lifetime_secs"),
            rolling_refresh_token_lifetime: (!for_ever)
                .then(|| seconds(settings, "rolling_refresh_token_lifetime_secs")),
            issuance_claim_pattern: word(settings, "IssuanceClaimPattern").unwrap_or("AuthorityAndTenantGuid"),
            sends_acr: word(settings, "AuthenticationContextReferenceClaimPattern") != Some("None"),
            json_numbers: is_set(settings, "SendTokenResponseBodyWithJsonNumbers"),
            user_identity_claim_type: text("issuer_refresh_token_user_identity_claim_type"),
            client_credentials_user_journey: text("ClientCredentialsUserJourneyId"),
            refresh_token_user_journey: text("RefreshTokenUserJourneyId"),
            issuer_secret: settings.key("issuer_secret").map(str::to_owned),
            issuer_refresh_token_key: settings.key("issuer_refresh_token_key").map(str::to_owned),
        }
    }
}

fn seconds(settings: &ProfileSettings, name: &str) -> Duration {
    let Some((known, MetadataValue::Integer(min, max))) = JWT_ISSUER.spec.metadata_key(name).map(|it| (it, it.value))
    else {
        return Duration::ZERO;
    };
    let written = settings.text(name).and_then(|it| it.parse::<i64>().ok()).filter(|it| (min..=max).contains(it));
    let seconds = written.or_else(|| known.default?.parse().ok()).unwrap_or(min);
    Duration::from_secs(seconds.unsigned_abs())
}

/// One of the documented words, in the documented spelling.
fn word(settings: &ProfileSettings, name: &str) -> Option<&'static str> {
    let MetadataValue::OneOf(words) = JWT_ISSUER.spec.metadata_key(name)?.value else {
        return None;
    };
    let written = settings.text(name)?;
    words.iter().copied().find(|it| it.eq_ignore_ascii_case(written))
}

fn is_set(settings: &ProfileSettings, name: &str) -> bool {
    let default = || JWT_ISSUER.spec.metadata_key(name)?.default.and_then(parse_flag);
    settings.flag(name).or_else(default).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(metadata: &[(&str, &str)]) -> JwtIssuerSettings {
        let metadata = metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        JwtIssuerSettings::read(&ProfileSettings { metadata, ..ProfileSettings::default() })
    }

    #[test]
    fn what_is_absent_has_the_documented_default() {
        let settings = read(&[]);
        assert_eq!(settings.token_lifetime, Duration::from_secs(3_600));
        assert_eq!(settings.id_token_lifetime, Duration::from_secs(3_600));
        assert_eq!(settings.refresh_token_lifetime, Duration::from_secs(1_209_600));
        assert_eq!(settings.rolling_refresh_token_lifetime, Some(Duration::from_secs(7_776_000)));
        assert_eq!(settings.issuance_claim_pattern, "AuthorityAndTenantGuid");
        assert!(settings.sends_acr && settings.json_numbers);
        assert_eq!(settings.client_credentials_user_journey, None);
    }

    #[test]
    fn what_is_written_counts_within_its_bounds() {
        let settings = read(&[
            ("token_lifetime_secs", " 300 "),
            ("id_token_lifetime_secs", "86401"),
            ("allow_infinite_rolling_refresh_token", "True"),
            ("IssuanceClaimPattern", "authoritywithtfp"),
            ("AuthenticationContextReferenceClaimPattern", "None"),
            ("SendTokenResponseBodyWithJsonNumbers", "false"),
            ("ClientCredentialsUserJourneyId", "ClientCredentialsJourney"),
        ]);
        assert_eq!(settings.token_lifetime, Duration::from_secs(300));
        assert_eq!(settings.id_token_lifetime, Duration::from_secs(3_600), "out of bounds");
        assert_eq!(settings.rolling_refresh_token_lifetime, None);
        assert_eq!(settings.issuance_claim_pattern, "AuthorityWithTfp");
        assert!(!settings.sends_acr && !settings.json_numbers);
        assert_eq!(settings.client_credentials_user_journey.as_deref(), Some("ClientCredentialsJourney"));
    }
}
