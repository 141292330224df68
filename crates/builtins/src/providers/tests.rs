//! The kinds of reference "technical-profiles", A3, and the lists that must stay whole.

use super::*;

const SUFFIX: &str = ", Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null";

fn proprietary(class: &str) -> ProfileKind {
    let handler = format!("Web.TPEngine.{class}{SUFFIX}");
    kind_of(&ProfileShape { protocol: Some("Proprietary"), handler: Some(&handler), ..ProfileShape::default() })
}

#[test]
fn handlers_name_their_kind() {
    let cases = [
        ("Providers.SelfAssertedAttributeProvider", ProfileKind::SelfAsserted),
        ("Providers.AzureActiveDirectoryProvider", ProfileKind::Directory),
        ("Providers.ClaimsTransformationProtocolProvider", ProfileKind::ClaimsTransformation),
        ("Providers.RestfulProvider", ProfileKind::Restful),
        ("Providers.OneTimePasswordProtocolProvider", ProfileKind::OneTimePassword),
        ("Providers.AzureMfaProtocolProvider", ProfileKind::AzureMfa),
        ("Providers.AadSsprProtocolProvider", ProfileKind::Sspr),
        ("Providers.PhoneFactorProtocolProvider", ProfileKind::PhoneFactor),
        ("Providers.ConditionalAccessProtocolProvider", ProfileKind::ConditionalAccess),
        ("Providers.CaptchaProvider", ProfileKind::Captcha),
        ("Providers.Insights.AzureApplicationInsightsProvider", ProfileKind::ApplicationInsights),
        ("Providers.UserJourneyContextProvider", ProfileKind::UserJourneyContext),
        ("SSO.NoopSSOSessionProvider", ProfileKind::SessionNoop),
        ("SSO.DefaultSSOSessionProvider", ProfileKind::SessionDefault),
        ("SSO.ExternalLoginSSOSessionProvider", ProfileKind::SessionExternalLogin),
        ("SSO.OAuthSSOSessionProvider", ProfileKind::SessionOAuth),
        ("SSO.SamlSSOSessionProvider", ProfileKind::SessionSaml),
        ("providers.restfulPROVIDER ", ProfileKind::Restful),
    ];
    for (class, expected) in cases {
        assert_eq!(proprietary(class), expected, "{class}");
    }
    assert_eq!(proprietary("Providers.Rest"), ProfileKind::Unknown("Web.TPEngine.Providers.Rest".to_owned()));
}

#[test]
fn protocols_formats_and_callers_decide_the_rest() {
    use Caller::{Authorization, ClaimsExchange, GetClaims, SendClaims, ValidationTechnicalProfile};
    let cases = [
        ("None", None, Some(ClaimsExchange), ProfileKind::Setup),
        ("None", None, None, ProfileKind::Setup),
        ("None", Some("JWT"), Some(SendClaims), ProfileKind::JwtIssuer),
        ("None", Some("JWT"), None, ProfileKind::JwtIssuer),
        ("None", Some("SAML2"), Some(SendClaims), ProfileKind::SamlIssuer),
        ("None", Some("JSON"), Some(SendClaims), ProfileKind::JsonIssuer),
        ("None", Some("OAuth2Error"), Some(SendClaims), ProfileKind::OAuth2ErrorIssuer),
        ("None", None, Some(GetClaims), ProfileKind::IdTokenHint),
        ("None", None, Some(Authorization), ProfileKind::BearerAuthorization),
        ("OpenIdConnect", Some("JWT"), Some(SendClaims), ProfileKind::JwtIssuer),
        ("OpenIdConnect", Some("JWT"), None, ProfileKind::JwtIssuer),
        ("OpenIdConnect", Some("JWT"), Some(ClaimsExchange), ProfileKind::OpenIdConnect),
        ("OpenIdConnect", None, Some(ClaimsExchange), ProfileKind::OpenIdConnect),
        ("OpenIdConnect", None, Some(ValidationTechnicalProfile), ProfileKind::PasswordLogin),
        ("OAuth2", None, Some(ClaimsExchange), ProfileKind::OAuth2),
        ("OAuth2", Some("OAuth2Error"), Some(SendClaims), ProfileKind::OAuth2ErrorIssuer),
        ("OAuth1", None, Some(ClaimsExchange), ProfileKind::OAuth1),
        ("SAML2", None, Some(ClaimsExchange), ProfileKind::SamlIdentityProvider),
        ("SAML2", Some("SAML2"), Some(SendClaims), ProfileKind::SamlIssuer),
        ("WsFed", None, None, ProfileKind::WsFed),
        ("WsTrust", None, None, ProfileKind::WsTrust),
        ("Carrier", None, None, ProfileKind::Unknown("Carrier".to_owned())),
    ];
    for (protocol, output_token_format, caller, expected) in cases {
        let shape = ProfileShape { protocol: Some(protocol), output_token_format, caller, ..ProfileShape::default() };
        assert_eq!(kind_of(&shape), expected, "{protocol} {output_token_format:?} {caller:?}");
    }
    assert_eq!(kind_of(&ProfileShape::default()), ProfileKind::Undeclared);
}

#[test]
fn metadata_tells_apart_what_else_looks_alike() {
    let kind = |protocol, format, key: &str, value: &str| {
        let metadata = [(key.to_owned(), value.to_owned())];
        let shape = ProfileShape { protocol: Some(protocol), output_token_format: format, ..ProfileShape::default() };
        kind_of(&ProfileShape { metadata: &metadata, ..shape })
    };
    assert_eq!(kind("None", None, "url", "{service:te}"), ProfileKind::EngineDefault);
    assert_eq!(kind("OpenIdConnect", None, "grant_type", "password"), ProfileKind::PasswordLogin);
    assert_eq!(kind("OpenIdConnect", Some("JWT"), "METADATA", "https://idp"), ProfileKind::OpenIdConnect);
    assert_eq!(kind("OpenIdConnect", Some("JWT"), "client_id", "{service:te}"), ProfileKind::JwtIssuer);
    assert_eq!(kind("SAML2", Some("SAML2"), "PartnerEntity", "https://idp"), ProfileKind::SamlIdentityProvider);
}

#[test]
fn nobody_is_silent_about_a_kind() {
    let order = |kinds: Vec<String>| kinds.is_sorted();
    assert!(order(PROVIDERS.iter().map(|(kind, _)| format!("{kind:?}")).collect()), "alphabetical");
    assert!(order(PLANNED.iter().map(|it| format!("{:?}", it.kind)).collect()), "alphabetical");
    for (kind, spec) in kinds() {
        assert_eq!(kind.name(), spec.title);
        assert!(!matches!(kind.support(), Support::Unknown), "{kind:?}");
        assert_eq!(spec.handler.is_some(), spec.protocols == ["Proprietary"], "{kind:?}");
        let mut names: Vec<_> = spec.metadata.iter().map(|it| it.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|it| it[0] != it[1]), "{kind:?}: {names:?}");
    }
    for planned in PLANNED {
        assert!(planned.kind.provider().is_none() && !planned.needs.is_empty(), "{:?}", planned.kind);
    }
    for planned in PLANNED.iter().filter(|it| matches!(it.kind.support(), Support::Issues)) {
        assert!(planned.spec.docs.contains("```xml"), "{:?} has no example", planned.kind);
    }
    for (kind, provider) in PROVIDERS {
        assert!(provider.spec().docs.contains("```xml"), "{kind:?} has no example");
    }
}

#[test]
fn kinds_are_classified() {
    let classes = |it: &ProfileKind| (it.is_interactive(), it.is_session_provider(), it.is_issuer());
    let cases = [
        (ProfileKind::Restful, (false, false, false)),
        (ProfileKind::SelfAsserted, (true, false, false)),
        (ProfileKind::OpenIdConnect, (true, false, false)),
        (ProfileKind::PasswordLogin, (false, false, false)),
        (ProfileKind::SessionNoop, (false, true, false)),
        (ProfileKind::JwtIssuer, (false, false, true)),
        (ProfileKind::Undeclared, (false, false, false)),
    ];
    for (kind, expected) in cases {
        assert_eq!(classes(&kind), expected, "{kind:?}");
    }
    assert!(matches!(ProfileKind::JwtIssuer.support(), Support::Issues));
    assert!(matches!(ProfileKind::SessionDefault.support(), Support::KeepsSession));
    assert!(matches!(ProfileKind::Directory.support(), Support::Planned { needs: "a directory of users" }));
    assert!(matches!(ProfileKind::Setup.support(), Support::Runs(_)));
}

#[test]
fn kinds_that_do_not_run_are_checked_too() {
    let settings = ProfileSettings {
        id: "JwtIssuer".to_owned(),
        metadata: vec![("token_lifetime_secs".to_owned(), "299".to_owned()), ("x".to_owned(), String::new())],
        ..ProfileSettings::default()
    };
    let found: Vec<_> = ProfileKind::JwtIssuer.check(&settings).into_iter().map(|it| (it.rule, it.message)).collect();
    let expected = [
        ("required-metadata", "`JwtIssuer` has no metadata item `issuer_refresh_token_user_identity_claim_type`"),
        ("required-key", "`JwtIssuer` has no cryptographic key `issuer_secret`"),
        ("required-key", "`JwtIssuer` has no cryptographic key `issuer_refresh_token_key`"),
        ("metadata-invalid-value", "the value of `token_lifetime_secs` is not a whole number from 300 to 86400"),
        ("metadata-unknown-key", "`x` is no metadata key of a JWT issuer that is known, and is ignored"),
    ];
    assert_eq!(found, expected.map(|(rule, message)| (rule, message.to_owned())));
}
