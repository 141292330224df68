//! Issuers, and what reads tokens.

use crate::providers::planned::Planned;
use crate::providers::spec::{flag, ignored, key, optional_key, required_key};
use crate::providers::{Caller, Interaction, MetadataValue, ProfileKind, ProviderSpec};

/// Bearer authorization.
pub(super) static BEARER_AUTHORIZATION: Planned = Planned {
    kind: ProfileKind::BearerAuthorization,
    needs: "the UserInfo endpoint",
    spec: ProviderSpec {
        title: "bearer authorization",
        protocols: &["None"],
        handler: None,
        metadata: &[
            key("issuer", "the issuer that a token must have").required(),
            key("audience", "the audiences that are accepted"),
            key("IdTokenAudience", "the audiences that are accepted"),
            key("client_assertion_type", "a constant"),
        ],
        keys: &[required_key("issuer_secret", "verifies the token")],
        interaction: Interaction::None,
        callers: &[Caller::Authorization],
        docs: "",
    },
};

/// Engine default.
pub(super) static ENGINE_DEFAULT: Planned = Planned {
    kind: ProfileKind::EngineDefault,
    needs: "nothing",
    spec: ProviderSpec {
        title: "engine default",
        protocols: &["None"],
        handler: None,
        metadata: &[ignored("url", "a constant of the service")],
        keys: &[],
        interaction: Interaction::None,
        callers: &[],
        docs: "",
    },
};

/// Id_token_hint.
pub(super) static ID_TOKEN_HINT: Planned = Planned {
    kind: ProfileKind::IdTokenHint,
    needs: "an authorization request",
    spec: ProviderSpec {
        title: "id_token_hint",
        protocols: &["None"],
        handler: None,
        metadata: &[
            key("issuer", "the issuer that the hint must have"),
            key("IdTokenAudience", "the audience that the hint must have"),
            key("METADATA", "the issuer's discovery document").value(MetadataValue::Url),
        ],
        keys: &[optional_key("client_secret", "", "verifies a hint signed with HS256")],
        interaction: Interaction::None,
        callers: &[Caller::GetClaims],
        docs: "",
    },
};

/// JSON issuer.
pub(super) static JSON_ISSUER: Planned = Planned {
    kind: ProfileKind::JsonIssuer,
    needs: "the UserInfo endpoint",
    spec: ProviderSpec {
        title: "JSON issuer",
        protocols: &["None"],
        handler: None,
        metadata: &[],
        keys: &[optional_key("issuer_secret", "", "unused for plain JSON")],
        interaction: Interaction::Issuer,
        callers: &[Caller::SendClaims],
        docs: "",
    },
};

/// OAuth 2 error issuer.
pub(super) static OAUTH2_ERROR_ISSUER: Planned = Planned {
    kind: ProfileKind::OAuth2ErrorIssuer,
    needs: "custom errors of journeys",
    spec: ProviderSpec {
        title: "OAuth 2 error issuer",
        protocols: &["OAuth2", "None"],
        handler: None,
        metadata: &[],
        keys: &[optional_key("issuer_secret", "", "documented; unused")],
        interaction: Interaction::Issuer,
        callers: &[Caller::SendClaims],
        docs: "",
    },
};

/// SAML issuer.
pub(super) static SAML_ISSUER: Planned = Planned {
    kind: ProfileKind::SamlIssuer,
    needs: "SAML",
    spec: ProviderSpec {
        title: "SAML issuer",
        protocols: &["SAML2", "None"],
        handler: None,
        metadata: &[
            key("IssuerUri", "the issuer's name"),
            key("XmlSignatureAlgorithm", "how assertions are signed")
                .value(MetadataValue::OneOf(&["Sha256", "Sha384", "Sha512", "Sha1"])),
            key("TokenNotBeforeSkewInSeconds", "moves `NotBefore` back")
                .value(MetadataValue::Integer(0, 3600))
                .default("0"),
            key("TokenLifeTimeInSeconds", "how long an assertion is good")
                .value(MetadataValue::Integer(1, 2147483647))
                .default("300"),
            flag("RemoveMillisecondsFromDateTime", "times have whole seconds"),
        ],
        keys: &[
            required_key("MetadataSigning", "signs the metadata"),
            required_key("SamlMessageSigning", "signs messages"),
            optional_key("SamlAssertionSigning", "", "signs assertions"),
            optional_key("SamlAssertionDecryption", "", "old"),
        ],
        interaction: Interaction::Issuer,
        callers: &[Caller::SendClaims],
        docs: "",
    },
};
