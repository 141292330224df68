//! The tables of the reference "claim-resolvers".

use super::*;
use crate::providers::ProfileKind;
use crate::{Secret, Value};

const TENANT: &str = "contoso.onmicrosoft.com";

fn request(parameters: &[(&str, &str)]) -> Request {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request { parameters, password: None }
}

fn bag(name: &str) -> Option<Value> {
    match name.to_ascii_lowercase().as_str() {
        "displayname" => Some(Value::String("Emily".to_owned())),
        "isvip" => Some(Value::Boolean(true)),
        "roles" => Some(Value::StringCollection(vec!["a".to_owned(), "b".to_owned()])),
        "trap" => Some(Value::String("{Policy:PolicyId}".to_owned())),
        _ => None,
    }
}

fn context(journey: JourneyKind, request: &Request) -> ResolverContext<'_> {
    ResolverContext {
        journey,
        policy_id: "B2C_1A_signup_signin",
        relying_party_tenant: TENANT,
        tenant_object_id: "11111111-2222-3333-4444-555555555555",
        trust_framework_tenant: "base.onmicrosoft.com",
        correlation_id: "99999999-2222-3333-4444-555555555555",
        now: "2021-10-10T12:00:00Z".parse().unwrap(),
        deployment_mode: None,
        host_name: "contoso.b2clogin.com:8443",
        ip_address: Some("11.111.111.11"),
        keep_me_signed_in: false,
        build_number: "1.0.507.0",
        culture: "en-US",
        request,
        saml: None,
        token_response: None,
        claim: &bag,
    }
}

fn resolved(text: &str, journey: JourneyKind, request: &Request) -> Option<String> {
    parse(text).resolve(&context(journey, request)).unwrap()
}

#[test]
fn resolvers_stand_for_what_the_reference_says() {
    let request = request(&[
        ("client_id", "app"),
        ("scope", "openid https://contoso.onmicrosoft.com/api/.default"),
        ("login_hint", "someone@contoso.com"),
        ("acr_values", "mfa"),
        ("campaignId", "hawaii"),
    ]);
    let cases = [
        ("{Policy:PolicyId}", Some("B2C_1A_signup_signin")),
        ("{policy:policyid}", Some("B2C_1A_signup_signin")),
        ("{Policy:RelyingPartyTenantId}", Some(TENANT)),
        ("{Policy:TenantObjectId}", Some("11111111-2222-3333-4444-555555555555")),
        ("{Policy:TrustFrameworkTenantId}", Some("base.onmicrosoft.com")),
        ("{Context:CorrelationId}", Some("99999999-2222-3333-4444-555555555555")),
        ("{Context:DateTimeInUtc}", Some("10/10/2021 12:00:00 PM")),
        ("{Context:DeploymentMode}", Some("Production")),
        ("{Context:HostName}", Some("contoso.b2clogin.com")),
        ("{Context:IPAddress}", Some("11.111.111.11")),
        ("{CONTEXT:KMSI}", Some("false")),
        ("{Context:BuildNumber}", Some("1.0.507.0")),
        ("{Culture:LanguageName}", Some("en")),
        ("{Culture:LCID}", Some("1033")),
        ("{Culture:RegionName}", Some("US")),
        ("{Culture:RFC5646}", Some("en-US")),
        ("{Claim:displayName}", Some("Emily")),
        ("{claim:isVip}", Some("True")),
        ("{Claim:roles}", Some(r#"["a","b"]"#)),
        ("{Claim:unset}", None),
        ("{Claim:trap}", Some("{Policy:PolicyId}")),
        ("{OIDC:ClientId}", Some("app")),
        ("{OIDC:scope}", Some("openid https://contoso.onmicrosoft.com/api/.default")),
        ("{OIDC:LoginHint}", Some("someone@contoso.com")),
        ("{OIDC:AuthenticationContextReferences}", Some("mfa")),
        ("{OIDC:Nonce}", None),
        ("{OAUTH-KV:campaignId}", Some("hawaii")),
        ("{oauth-kv:campaignid}", Some("hawaii")),
        ("{OAUTH-KV:login_hint}", None),
        ("{OAUTH-KV:CLIENT_ID}", None),
        ("{SAML:Issuer}", None),
        ("{oauth2:access_token}", None),
        ("{policy}", Some("B2C_1A_signup_signin")),
        ("{tenant}", Some(TENANT)),
        ("plain", Some("plain")),
        ("", Some("")),
        ("x{Policy:PolicyId}", Some("x{Policy:PolicyId}")),
        ("{Policy:PolicyId}{Policy:PolicyId}", Some("{Policy:PolicyId}{Policy:PolicyId}")),
        (r#"{"key":"email","value":"x"}"#, Some(r#"{"key":"email","value":"x"}"#)),
        ("{SAML-KV:x}", Some("{SAML-KV:x}")),
        ("{QueryString:x}", Some("{QueryString:x}")),
        ("{0}", Some("{0}")),
        ("{}", Some("{}")),
    ];
    for (text, expected) in cases {
        assert_eq!(resolved(text, JourneyKind::Authorize, &request).as_deref(), expected, "{text}");
    }
}

/// Section 4 of the reference: the sources that a journey has.
#[test]
fn a_source_that_the_journey_lacks_has_nothing() {
    use JourneyKind::{Authorize, ClientCredentials, Password, Refresh, SamlSso, UserInfo};
    let everything = [
        ("client_id", "c"),
        ("scope", "s"),
        ("username", "u"),
        ("nonce", "n"),
        ("resource", "r"),
        ("prompt", "p"),
        ("option", "o"),
        ("login_hint", "l"),
    ];
    let request = request(&everything);
    let cases: &[(&str, &[JourneyKind])] = &[
        ("{Policy:PolicyId}", JourneyKind::ALL),
        ("{Context:CorrelationId}", JourneyKind::ALL),
        ("{Culture:LanguageName}", JourneyKind::ALL),
        ("{Claim:displayName}", JourneyKind::ALL),
        ("{OIDC:ClientId}", &[Authorize, ClientCredentials, Password, Refresh]),
        ("{OIDC:Scope}", &[Authorize, ClientCredentials, Password, Refresh]),
        ("{OIDC:Username}", &[Password]),
        ("{OIDC:Nonce}", &[Authorize, Password]),
        ("{OIDC:Resource}", &[Authorize, Password, Refresh]),
        ("{OIDC:Prompt}", &[Authorize]),
        ("{OIDC:LoginHint}", &[Authorize]),
        ("{OAUTH-KV:option}", &[Authorize, ClientCredentials, Password, Refresh]),
    ];
    for (text, journeys) in cases {
        for journey in [Authorize, ClientCredentials, Password, Refresh, SamlSso, UserInfo] {
            let there = resolved(text, journey, &request).is_some();
            assert_eq!(there, journeys.contains(&journey), "{text} in {journey:?}");
        }
    }
}

#[test]
fn an_unknown_name_is_aadb2c90044() {
    let request = Request::default();
    for text in ["{OIDC:ClientIdentifier}", "{Policy:}", "{Context:Time}", "{oauth2:id_token}", "{SAML:x}"] {
        let error = parse(text).resolve(&context(JourneyKind::Authorize, &request));
        assert!(matches!(error, Err(ResolverError { .. })), "{text}");
    }
    let error = parse("{OIDC:Clientid2}").resolve(&context(JourneyKind::Authorize, &request)).unwrap_err();
    assert_eq!(error.to_string(), "The claim 'Clientid2' is not supported by the claim resolver 'OIDC'.");
    assert!(Namespace::Oidc.names().any(|it| it == "ClientId"));
}

#[test]
fn braces_that_are_no_resolver_are_told_apart() {
    let cases = [
        ("{policy}", Braces::Policy),
        ("{service:te}", Braces::Service),
        ("{RelyingPartyTenantId}", Braces::RelyingPartyTenantId),
        ("{property:loyalty}", Braces::Property("loyalty")),
        ("{Settings:Tenant}", Braces::Settings("Tenant")),
        ("{settings:tenant}", Braces::Settings("tenant")),
        ("{TRUSTFRAMEWORK}", Braces::TrustFramework),
        ("{RELYINGPARTY}", Braces::RelyingParty),
        ("{1}", Braces::Position(1)),
        ("{Contoso:ClientId}", Braces::UnknownNamespace("Contoso")),
        ("{AuthenticatorIssuer}", Braces::Name("AuthenticatorIssuer")),
        ("{objectId}", Braces::Name("objectId")),
    ];
    for (text, expected) in cases {
        let found = parse(text);
        assert!(matches!(found, Resolver::Braces { braces, .. } if braces == expected), "{text}: {found:?}");
    }
}

#[test]
fn times_are_printed_in_english() {
    let cases = [
        ("2021-10-10T12:00:00Z", "10/10/2021 12:00:00 PM"),
        ("2026-01-02T00:05:09Z", "1/2/2026 12:05:09 AM"),
        ("2026-12-31T23:59:59.9Z", "12/31/2026 11:59:59 PM"),
    ];
    let request = Request::default();
    for (now, expected) in cases {
        let context =
            ResolverContext { now: now.parse().unwrap(), ..context(JourneyKind::ClientCredentials, &request) };
        assert_eq!(parse("{Context:DateTimeInUtc}").resolve(&context), Ok(Some(expected.to_owned())));
    }
}

#[test]
fn cultures() {
    let request = Request::default();
    let cases = [
        ("en", "{Culture:LCID}", Some("9")),
        ("en", "{Culture:RegionName}", None),
        ("en", "{Culture:RFC5646}", Some("en")),
        ("tlh", "{Culture:LCID}", Some("4096")),
        ("zh-Hant-TW", "{Culture:RegionName}", Some("TW")),
        ("pt-BR", "{Culture:LanguageName}", Some("pt")),
        ("de-DE", "{Culture:LCID}", Some("1031")),
    ];
    for (culture, text, expected) in cases {
        let context = ResolverContext { culture, ..context(JourneyKind::Authorize, &request) };
        assert_eq!(parse(text).resolve(&context).unwrap().as_deref(), expected, "{culture} {text}");
    }
}

#[test]
fn requests_that_hold_traps_give_nothing() {
    let long = "x".repeat(2_049);
    let request = request(&[("a", "line\r\nbreak"), ("b", &long), ("c", "first"), ("c", "second"), ("code", "secret")]);
    for (text, expected) in [("{OAUTH-KV:a}", None), ("{OAUTH-KV:b}", None), ("{OAUTH-KV:c}", Some("first"))] {
        assert_eq!(resolved(text, JourneyKind::ClientCredentials, &request).as_deref(), expected, "{text}");
    }
    assert_eq!(resolved("{OAUTH-KV:code}", JourneyKind::ClientCredentials, &request), None);
    assert_eq!(format!("{request:?}"), r#"["a", "b", "c", "c", "code"]"#, "names only");
}

#[test]
fn secrets_of_identity_providers_are_read_and_not_shown() {
    let request = Request { parameters: Vec::new(), password: Some(Secret::new("marker-1")) };
    let tokens = TokenResponse {
        access_token: Some(Secret::new("marker-2")),
        expires_in: Some(3_600),
        ..TokenResponse::default()
    };
    let password = context(JourneyKind::Password, &request);
    assert_eq!(parse("{OIDC:Password}").resolve(&password).unwrap().as_deref(), Some("marker-1"));
    let federated = ResolverContext { token_response: Some(&tokens), ..context(JourneyKind::Authorize, &request) };
    assert_eq!(parse("{oauth2:access_token}").resolve(&federated).unwrap().as_deref(), Some("marker-2"));
    assert_eq!(parse("{oauth2:expires_in}").resolve(&federated).unwrap().as_deref(), Some("3600"));
    assert!(!format!("{federated:?} {tokens:?} {request:?}").contains("marker"));
}

#[test]
fn saml_requests() {
    let (request, saml) = (Request::default(), SamlRequest { force_authn: Some(true), ..SamlRequest::default() });
    let context = ResolverContext { saml: Some(&saml), ..context(JourneyKind::SamlSso, &request) };
    assert_eq!(parse("{SAML:ForceAuthn}").resolve(&context).unwrap().as_deref(), Some("True"));
    assert_eq!(parse("{SAML:AllowCreate}").resolve(&context).unwrap(), None);
}

/// Section 2 of the reference, rules 1 to 3.
#[test]
fn resolvers_work_where_the_table_says() {
    use Place::{Elsewhere, InputClaim, LoadUri, OutputClaim, PartnerClaimType, PersistedClaim, RelyingPartyOutput};
    use PlaceRule::{Literal, LiteralWithoutFlag, Resolves, ResolvesTokenResponse};
    use ProfileKind as Kind;
    use ResolvingFlag::{Set, Unset};
    let cases = [
        (Kind::ApplicationInsights, InputClaim, Unset, Resolves),
        (Kind::Directory, InputClaim, Unset, LiteralWithoutFlag),
        (Kind::Directory, OutputClaim, Set, Resolves),
        (Kind::Directory, PersistedClaim, Set, Literal),
        (Kind::OAuth2, InputClaim, Unset, Resolves),
        (Kind::OAuth2, OutputClaim, Unset, LiteralWithoutFlag),
        (Kind::OAuth2, PartnerClaimType, Unset, ResolvesTokenResponse),
        (Kind::PasswordLogin, InputClaim, Unset, Resolves),
        (Kind::ClaimsTransformation, OutputClaim, Set, Resolves),
        (Kind::ClaimsTransformation, OutputClaim, Unset, LiteralWithoutFlag),
        (Kind::Restful, InputClaim, Set, Resolves),
        (Kind::Restful, InputClaim, Unset, LiteralWithoutFlag),
        (Kind::Restful, PartnerClaimType, Set, Literal),
        (Kind::Restful, Elsewhere, Set, Literal),
        (Kind::Setup, OutputClaim, Unset, LiteralWithoutFlag),
        (Kind::JwtIssuer, RelyingPartyOutput, Unset, Resolves),
        (Kind::SelfAsserted, LoadUri, Unset, Resolves),
    ];
    for (kind, place, flag, expected) in cases {
        assert_eq!(place_rule(&kind, place, flag), expected, "{kind:?} {place:?} {flag:?}");
    }
}

#[test]
fn every_row_parses_to_itself() {
    for row in RESOLVERS {
        let text = row.text();
        assert!(matches!(parse(&text), Resolver::Claim { spec, .. } if std::ptr::eq(spec, row)), "{text}");
        assert!(!row.doc.is_empty() && !row.journeys.is_empty(), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_resolver_or_stands_for_itself(text in "\\{?[A-Za-z:{}\"-]{0,12}\\}?") {
        let request = Request::default();
        let found = parse(&text);
        let resolved = found.resolve(&context(JourneyKind::ClientCredentials, &request));
        if let Resolver::Literal(literal) = found {
            proptest::prop_assert_eq!(literal, text.as_str());
            proptest::prop_assert_eq!(resolved, Ok(Some(text)));
        }
    }
}
