use super::Lowering;
use jiff::SignedDuration;
use wayfarer_builtins::providers::{Caller, ProfileKind};
use wayfarer_engine::plan::{Action, IssuanceClaimPattern, Issuer, Step};
use wayfarer_model::{OrchestrationStep, TechnicalProfile, Text, UserJourney};

/// `token_lifetime_secs`: default and bounds (documentation page configure-tokens).
pub(super) const LIFETIME_DEFAULT: i64 = 3600;
const LIFETIME_BOUNDS: std::ops::RangeInclusive<i64> = 300..=86400;

impl Lowering<'_> {
    pub(super) fn token_issuer(&mut self) -> Option<TechnicalProfile> {
        let issuer = self.policy.token_issuer();
        if issuer.is_none() {
            let message = "no technical profile issues tokens for this policy".to_owned();
            self.error("send-claims-without-issuer", self.policy.span(), message)
                .help("end the default user journey with a `SendClaims` step that names a JWT issuer");
        }
        issuer
    }

    /// Without a journey of its own the grant answers with system claims only.
    pub(super) fn built_in_step(&mut self) -> Option<Step> {
        let profile = self.token_issuer()?;
        let issuer = self.issuer(&profile)?;
        let span = issuer.span;
        Some(Step { order: 1, preconditions: Vec::new(), action: Action::SendClaims(issuer), span })
    }

    pub(super) fn send_claims(&mut self, journey: &UserJourney, step: &OrchestrationStep<'_>) -> Option<Issuer> {
        let Some(name) = step.issuer().or_else(|| journey.default_issuer()) else {
            let message = "this `SendClaims` step names no issuer".to_owned();
            self.error("send-claims-without-issuer", step.span(), message)
                .help("set `CpimIssuerTechnicalProfileReferenceId`");
            return None;
        };
        let Some(profile) = self.policy.technical_profile(name.value) else {
            let message = format!("no `TechnicalProfile` declares `{}`", name.value);
            self.error("unresolved-technical-profile", name.span, message);
            return None;
        };
        self.issuer(&profile)
    }

    pub(super) fn issuer(&mut self, profile: &TechnicalProfile) -> Option<Issuer> {
        let kind = profile.kind(Some(Caller::SendClaims));
        if kind != ProfileKind::JwtIssuer {
            let message = format!("`{}` ({}) can't issue anything here yet", profile.id(), kind.name());
            self.not_yet(profile.span(), message).label("not a JWT issuer");
            return None;
        }
        let token_lifetime = self.token_lifetime(profile);
        let pattern = self.pattern(profile);
        let signing_key = self.signing_key(profile);
        let json_numbers = profile
            .metadata("SendTokenResponseBodyWithJsonNumbers")
            .is_none_or(|it| !it.value.eq_ignore_ascii_case("false") && it.value != "0");
        Some(Issuer {
            id: profile.id().to_owned(),
            token_lifetime: token_lifetime?,
            pattern: pattern?,
            json_numbers,
            signing_key: signing_key?,
            span: profile.span(),
        })
    }

    fn token_lifetime(&mut self, profile: &TechnicalProfile) -> Option<SignedDuration> {
        let Some(written) = profile.metadata("token_lifetime_secs") else {
            return Some(SignedDuration::from_secs(LIFETIME_DEFAULT));
        };
        match written.value.parse::<i64>() {
            Ok(seconds) if LIFETIME_BOUNDS.contains(&seconds) => Some(SignedDuration::from_secs(seconds)),
            _ => {
                let message = format!("`token_lifetime_secs` is `{}`", written.value);
                self.error("token-lifetime-range", written.span, message)
                    .label("out of range")
                    .help("give seconds from 300 to 86400");
                None
            }
        }
    }

    fn pattern(&mut self, profile: &TechnicalProfile) -> Option<IssuanceClaimPattern> {
        let Some(Text { value, span }) = profile.metadata("IssuanceClaimPattern") else {
            return Some(IssuanceClaimPattern::default());
        };
        match value {
            "AuthorityAndTenantGuid" => Some(IssuanceClaimPattern::AuthorityAndTenantGuid),
            "AuthorityWithTfp" => Some(IssuanceClaimPattern::AuthorityWithTfp),
            _ => {
                let message = format!("`IssuanceClaimPattern` is `{value}`");
                self.error("metadata-invalid-value", span, message)
                    .label("not a pattern")
                    .help("take `AuthorityAndTenantGuid` or `AuthorityWithTfp`")
                    .refused_as(
                        "metadata-invalid",
                        &[("profile", profile.id()), ("item", "IssuanceClaimPattern"), ("value", value)],
                    );
                None
            }
        }
    }

    fn signing_key(&mut self, profile: &TechnicalProfile) -> Option<String> {
        let container = profile.cryptographic_keys().find(|it| it.key.value == "issuer_secret");
        if container.is_none() {
            let message = format!("token issuer `{}` has no key `issuer_secret`", profile.id());
            self.error("required-key", profile.span(), message)
                .label("signs no token")
                .help("add `<Key Id=\"issuer_secret\" StorageReferenceId=\"B2C_1A_TokenSigningKeyContainer\" />`");
        }
        container.map(|it| it.value.value.to_owned())
    }
}
