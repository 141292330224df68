//! Identity providers, and password login.

use crate::providers::planned::Planned;
use crate::providers::spec::{flag, ignored, key, optional_key, required_key};
use crate::providers::{Caller, Interaction, MetadataValue, ProfileKind, ProviderSpec};

/// OAuth 1 identity provider.
pub(super) static OAUTH1: Planned = Planned {
    kind: ProfileKind::OAuth1,
    needs: "a browser and the identity provider",
    spec: ProviderSpec {
        title: "OAuth 1 identity provider",
        protocols: &["OAuth1"],
        handler: None,
        metadata: &[
            key("client_id", "the application at the identity provider").required(),
            key("ProviderName", "a name, shown nowhere"),
            key("request_token_endpoint", "where a request token is fetched").value(MetadataValue::Url).required(),
            key("authorization_endpoint", "where the browser is sent").value(MetadataValue::Url).required(),
            key("access_token_endpoint", "where the access token is fetched").value(MetadataValue::Url).required(),
            key("ClaimsEndpoint", "where the user's claims are read").value(MetadataValue::Url),
            key("ClaimsResponseFormat", "the format of those claims"),
        ],
        keys: &[required_key("client_secret", "the application's secret at the identity provider")],
        interaction: Interaction::Redirect,
        callers: &[Caller::ClaimsExchange, Caller::CombinedSignInAndSignUp],
        docs: "",
    },
};

/// OAuth 2 identity provider.
pub(super) static OAUTH2: Planned = Planned {
    kind: ProfileKind::OAuth2,
    needs: "a browser and the identity provider",
    spec: ProviderSpec {
        title: "OAuth 2 identity provider",
        protocols: &["OAuth2"],
        handler: None,
        metadata: &[
            key("client_id", "the application at the identity provider").required(),
            key("authorization_endpoint", "where the browser is sent").required(),
            key("AccessTokenEndpoint", "where the code is redeemed").required(),
            key("ClaimsEndpoint", "where the user's claims are read").required(),
            key(
                "AdditionalRequestQueryParameters",
                "extra parameters of the authorization request, separated by commas",
            ),
            key("response_mode", "how the answer comes back")
                .value(MetadataValue::OneOf(&["query", "form_post", "fragment"]))
                .default("form_post"),
            key("scope", "the scopes that are asked for"),
            flag("UsePolicyInRedirectUri", "the redirect URI contains the policy's name"),
            key("HttpBinding", "the verb of the token request")
                .value(MetadataValue::OneOf(&["GET", "POST"]))
                .default("POST"),
            key("AccessTokenResponseFormat", "the format of the token response")
                .value(MetadataValue::OneOf(&["Default", "Json", "JsonP"])),
            key("ExtraParamsInAccessTokenEndpointResponse", "members of the token response to keep"),
            key("ExtraParamsInClaimsEndpointRequest", "members to send to the claims endpoint"),
            key("token_endpoint_auth_method", "how the application proves itself")
                .value(MetadataValue::OneOf(&["client_secret_post", "client_secret_basic", "private_key_jwt"]))
                .default("client_secret_post"),
            key("token_signing_algorithm", "how `private_key_jwt` signs")
                .value(MetadataValue::OneOf(&["RS256", "RS512"]))
                .default("RS256"),
            key("ClaimsEndpointAccessTokenName", "the query parameter that carries the access token")
                .default("access_token"),
            key("ClaimsEndpointFormatName", "the name of an extra query parameter"),
            key("ClaimsEndpointFormat", "the value of that parameter"),
            key("BearerTokenTransmissionMethod", "how the access token travels"),
            key("end_session_endpoint", "called when the user signs out"),
            flag("SingleLogoutEnabled", "the user is signed out at the provider too").default("true"),
            key("IdTokenAudience", "the audience that an id token must have"),
            key("ProviderName", "a name, shown nowhere"),
            key("ResponseErrorCodeParamName", "the member that tells of an error in an answer with status 200"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            flag("ResolveJsonPathsInJsonTokens", "partner claim types are JSON paths"),
            key("UserAgentForClaimsExchange", "the `User-Agent` of the claims request"),
            ignored("external_user_identity_claim_id", "seen in real policies; ignored"),
            ignored("ClaimsResponseFormat", "seen in real policies; ignored"),
            ignored("response_types", "seen in real policies; ignored"),
        ],
        keys: &[
            optional_key(
                "client_secret",
                "token_endpoint_auth_method=client_secret_post",
                "the application's secret at the identity provider",
            ),
            optional_key(
                "assertion_signing_key",
                "token_endpoint_auth_method=private_key_jwt",
                "signs the client assertion",
            ),
        ],
        interaction: Interaction::Redirect,
        callers: &[Caller::ClaimsExchange, Caller::CombinedSignInAndSignUp],
        docs: "",
    },
};

/// OpenID Connect identity provider.
pub(super) static OPEN_ID_CONNECT: Planned = Planned {
    kind: ProfileKind::OpenIdConnect,
    needs: "a browser and the identity provider",
    spec: ProviderSpec {
        title: "OpenID Connect identity provider",
        protocols: &["OpenIdConnect"],
        handler: None,
        metadata: &[
            key("client_id", "the application at the identity provider").required(),
            key("METADATA", "the provider's discovery document; `{tenant}` is replaced"),
            key("authorization_endpoint", "overrides the discovered one"),
            key("end_session_endpoint", "overrides the discovered one"),
            key("issuer", "the issuer that a token must have"),
            key("IdTokenAudience", "the audience that a token must have"),
            key("ProviderName", "a name, shown nowhere"),
            key("response_types", "what is asked for, such as `code`"),
            key("response_mode", "how the answer comes back")
                .value(MetadataValue::OneOf(&["query", "form_post", "fragment"]))
                .default("form_post"),
            key("scope", "the scopes that are asked for"),
            key("HttpBinding", "the verb of the token request").value(MetadataValue::OneOf(&["GET", "POST"])),
            flag("UsePolicyInRedirectUri", "the redirect URI contains the policy's name"),
            key("ValidTokenIssuerPrefixes", "what a token's issuer may begin with, separated by commas"),
            flag("DiscoverMetadataByTokenIssuer", "the discovery document is the token issuer's"),
            key("token_endpoint_auth_method", "how the application proves itself")
                .value(MetadataValue::OneOf(&["client_secret_post", "client_secret_basic", "private_key_jwt"]))
                .default("client_secret_post"),
            key("token_signing_algorithm", "how `private_key_jwt` signs")
                .value(MetadataValue::OneOf(&["RS256", "RS512"]))
                .default("RS256"),
            flag("SingleLogoutEnabled", "the user is signed out at the provider too").default("true"),
            key("ReadBodyClaimsOnIdpRedirect", "claims to read from the posted answer"),
            flag("MarkAsFailureOnStatusCode5xx", "a status of 500 and above is a failure"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            key("DefaultMessage", "a text for the user"),
            key("grant_type", "`password` marks a profile for the password grant"),
            ignored("resource", "sent as a parameter"),
            ignored("BearerTokenTransmissionMethod", "seen in real policies; ignored"),
            ignored("redirect_uri", "seen in real policies; ignored"),
            ignored("external_user_identity_claim_id", "seen in real policies; ignored"),
            ignored("GetClaimsFromIdTokenIfNotFoundInAccessToken", "seen in real policies; ignored"),
            ignored("LocalAccountProfile", "seen in real policies; ignored"),
        ],
        keys: &[
            optional_key("client_secret", "response_types=code", "the application's secret at the identity provider"),
            optional_key(
                "assertion_signing_key",
                "token_endpoint_auth_method=private_key_jwt",
                "signs the client assertion",
            ),
            optional_key("issuer_secret", "", "seen in real policies; never used"),
        ],
        interaction: Interaction::Redirect,
        callers: &[Caller::ClaimsExchange, Caller::CombinedSignInAndSignUp],
        docs: "",
    },
};

/// Password login.
pub(super) static PASSWORD_LOGIN: Planned = Planned {
    kind: ProfileKind::PasswordLogin,
    needs: "a directory of users",
    spec: ProviderSpec {
        title: "password login",
        protocols: &["OpenIdConnect"],
        handler: None,
        metadata: &[
            key("client_id", "the application at the identity provider"),
            key("METADATA", "the provider's discovery document; `{tenant}` is replaced"),
            key("authorization_endpoint", "overrides the discovered one"),
            key("end_session_endpoint", "overrides the discovered one"),
            key("issuer", "the issuer that a token must have"),
            key("IdTokenAudience", "the audience that a token must have"),
            key("ProviderName", "a name, shown nowhere"),
            key("response_types", "what is asked for, such as `code`"),
            key("response_mode", "how the answer comes back")
                .value(MetadataValue::OneOf(&["query", "form_post", "fragment"]))
                .default("form_post"),
            key("scope", "the scopes that are asked for"),
            key("HttpBinding", "the verb of the token request").value(MetadataValue::OneOf(&["GET", "POST"])),
            flag("UsePolicyInRedirectUri", "the redirect URI contains the policy's name"),
            key("ValidTokenIssuerPrefixes", "what a token's issuer may begin with, separated by commas"),
            flag("DiscoverMetadataByTokenIssuer", "the discovery document is the token issuer's"),
            key("token_endpoint_auth_method", "how the application proves itself")
                .value(MetadataValue::OneOf(&["client_secret_post", "client_secret_basic", "private_key_jwt"]))
                .default("client_secret_post"),
            key("token_signing_algorithm", "how `private_key_jwt` signs")
                .value(MetadataValue::OneOf(&["RS256", "RS512"]))
                .default("RS256"),
            flag("SingleLogoutEnabled", "the user is signed out at the provider too").default("true"),
            key("ReadBodyClaimsOnIdpRedirect", "claims to read from the posted answer"),
            flag("MarkAsFailureOnStatusCode5xx", "a status of 500 and above is a failure"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            key("DefaultMessage", "a text for the user"),
            key("grant_type", "`password` marks a profile for the password grant"),
            ignored("resource", "sent as a parameter"),
            ignored("BearerTokenTransmissionMethod", "seen in real policies; ignored"),
            ignored("redirect_uri", "seen in real policies; ignored"),
            ignored("external_user_identity_claim_id", "seen in real policies; ignored"),
            ignored("GetClaimsFromIdTokenIfNotFoundInAccessToken", "seen in real policies; ignored"),
            ignored("LocalAccountProfile", "seen in real policies; ignored"),
        ],
        keys: &[optional_key("issuer_secret", "", "seen in real policies; never used")],
        interaction: Interaction::None,
        callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile],
        docs: "",
    },
};

/// SAML identity provider.
pub(super) static SAML_IDENTITY_PROVIDER: Planned = Planned {
    kind: ProfileKind::SamlIdentityProvider,
    needs: "a browser and SAML",
    spec: ProviderSpec {
        title: "SAML identity provider",
        protocols: &["SAML2"],
        handler: None,
        metadata: &[
            key("PartnerEntity", "the provider's metadata, or its address").required(),
            flag("WantsSignedRequests", "requests are signed").default("true"),
            key("XmlSignatureAlgorithm", "how requests are signed")
                .value(MetadataValue::OneOf(&["Sha256", "Sha384", "Sha512", "Sha1"]))
                .default("Sha1"),
            flag("WantsSignedAssertions", "assertions must be signed").default("true"),
            flag("ResponsesSigned", "responses must be signed").default("true"),
            flag("WantsEncryptedAssertions", "assertions must be encrypted"),
            key("NameIdPolicyFormat", "the format of the name identifier"),
            flag("NameIdPolicyAllowCreate", "`AllowCreate` of the name identifier policy"),
            key("AuthenticationRequestExtensions", "XML that goes into the request"),
            key("IncludeAuthnContextClassReferences", "authentication contexts to ask for"),
            flag("IncludeKeyInfo", "the request carries the public key"),
            flag(
                "IncludeClaimResolvingInClaimsHandling",
                "claim resolvers work in the profile's input and output claims",
            ),
            flag("SingleLogoutEnabled", "the user is signed out at the provider too").default("true"),
            flag("ForceAuthN", "the provider must ask the user again"),
            key("ProviderName", "an attribute of the request"),
        ],
        keys: &[
            required_key("SamlMessageSigning", "signs requests"),
            optional_key("SamlAssertionDecryption", "WantsEncryptedAssertions=true", "decrypts assertions"),
            optional_key("MetadataSigning", "", "signs the metadata"),
            optional_key("SamlAssertionSigning", "", "seen in real policies"),
        ],
        interaction: Interaction::Redirect,
        callers: &[Caller::ClaimsExchange, Caller::CombinedSignInAndSignUp],
        docs: "",
    },
};

/// U-Prove profile.
pub(super) static UPROVE: Planned = Planned {
    kind: ProfileKind::UProve,
    needs: "a protocol that was never released",
    spec: ProviderSpec {
        title: "U-Prove profile",
        protocols: &["UProve11"],
        handler: None,
        metadata: &[],
        keys: &[],
        interaction: Interaction::None,
        callers: &[],
        docs: "",
    },
};

/// WS-Federation identity provider.
pub(super) static WS_FED: Planned = Planned {
    kind: ProfileKind::WsFed,
    needs: "a protocol that was never released",
    spec: ProviderSpec {
        title: "WS-Federation identity provider",
        protocols: &["WsFed"],
        handler: None,
        metadata: &[],
        keys: &[],
        interaction: Interaction::Redirect,
        callers: &[],
        docs: "",
    },
};

/// WS-Trust profile.
pub(super) static WS_TRUST: Planned = Planned {
    kind: ProfileKind::WsTrust,
    needs: "a protocol that was never released",
    spec: ProviderSpec {
        title: "WS-Trust profile",
        protocols: &["WsTrust"],
        handler: None,
        metadata: &[],
        keys: &[],
        interaction: Interaction::None,
        callers: &[],
        docs: "",
    },
};
