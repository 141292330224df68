//! The vectors of the reference "claim-resolvers".

use super::*;
use crate::providers::ProfileKind;
use crate::{Secret, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    resolver: Vec<ResolverCase>,
    text: Vec<TextCase>,
    availability: Vec<AvailabilityCase>,
    place: Vec<PlaceCase>,
}

/// A text that is one resolver, or none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResolverCase {
    text: String,
    /// What it stands for; without it there is nothing.
    value: Option<String>,
    /// AADB2C90044
    error: Option<String>,
    #[serde(flatten)]
    world: World,
}

/// A text with resolvers in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    text: String,
    #[serde(default)]
    url: bool,
    value: Option<String>,
    error: Option<String>,
    #[serde(flatten)]
    world: World,
}

/// What the resolvers see; what is not said is as [`World::context`] has it.
#[derive(Deserialize, Default)]
struct World {
    journey: Option<String>,
    culture: Option<String>,
    now: Option<String>,
    host: Option<String>,
    deployment_mode: Option<String>,
    #[serde(default)]
    keep_me_signed_in: bool,
    #[serde(default)]
    no_ip_address: bool,
    #[serde(default)]
    parameters: Vec<(String, String)>,
    password: Option<String>,
    #[serde(default)]
    claims: Map<String, Json>,
    saml: Option<Map<String, Json>>,
    token_response: Option<Map<String, Json>>,
}

/// The kinds of journey in which a resolver has a value, when every source has one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AvailabilityCase {
    text: String,
    journeys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceCase {
    kind: String,
    place: String,
    #[serde(default)]
    flag: bool,
    rule: String,
}

fn vectors() -> Vectors {
    toml::from_str(include_str!("vectors.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn journey(name: &str) -> JourneyKind {
    let name_of = |it: &JourneyKind| format!("{it:?}");
    JourneyKind::ALL.iter().copied().find(|it| name_of(it) == name).unwrap_or_else(|| panic!("{name}"))
}

impl World {
    /// Calls `read` with everything that the world says.
    fn read<T>(&self, read: impl FnOnce(&ResolverContext<'_>) -> T) -> T {
        let request =
            Request { parameters: self.parameters.clone(), password: self.password.as_deref().map(Secret::new) };
        let claim = |id: &str| {
            let (_, json) = self.claims.iter().find(|(name, _)| name.eq_ignore_ascii_case(id))?;
            Some(match json {
                Json::Bool(it) => Value::Boolean(*it),
                Json::Number(it) => Value::Long(it.as_i64()?),
                Json::Array(items) => {
                    Value::StringCollection(items.iter().filter_map(Json::as_str).map(str::to_owned).collect())
                }
                other => Value::String(other.as_str()?.to_owned()),
            })
        };
        let saml = self.saml.as_ref().map(saml_request);
        let token_response = self.token_response.as_ref().map(token_response);
        read(&ResolverContext {
            journey: self.journey.as_deref().map_or(JourneyKind::Authorize, journey),
            policy_id: "B2C_1A_signup_signin",
            relying_party_tenant: "contoso.onmicrosoft.com",
            tenant_object_id: "11111111-2222-3333-4444-555555555555",
            trust_framework_tenant: "base.onmicrosoft.com",
            correlation_id: "99999999-2222-3333-4444-555555555555",
            now: self.now.as_deref().unwrap_or("2021-10-10T12:00:00Z").parse().unwrap(),
            deployment_mode: self.deployment_mode.as_deref(),
            host_name: self.host.as_deref().unwrap_or("contoso.b2clogin.com"),
            ip_address: (!self.no_ip_address).then_some("11.111.111.11"),
            keep_me_signed_in: self.keep_me_signed_in,
            build_number: "1.0.507.0",
            culture: self.culture.as_deref().unwrap_or("en-US"),
            request: &request,
            saml: saml.as_ref(),
            token_response: token_response.as_ref(),
            claim: &claim,
        })
    }
}

fn saml_request(said: &Map<String, Json>) -> SamlRequest {
    let text = |name: &str| said.get(name).and_then(Json::as_str).map(str::to_owned);
    let boolean = |name: &str| said.get(name).and_then(Json::as_bool);
    let classes = said.get("authn_context_class_references").and_then(Json::as_array);
    SamlRequest {
        authn_context_class_references: classes
            .map(|it| it.iter().filter_map(Json::as_str).map(str::to_owned).collect())
            .unwrap_or_default(),
        name_id_policy_format: text("name_id_policy_format"),
        issuer: text("issuer"),
        allow_create: boolean("allow_create"),
        force_authn: boolean("force_authn"),
        provider_name: text("provider_name"),
        relay_state: text("relay_state"),
        subject: text("subject"),
        binding: text("binding"),
    }
}

fn token_response(said: &Map<String, Json>) -> TokenResponse {
    let text = |name: &str| said.get(name).and_then(Json::as_str);
    TokenResponse {
        access_token: text("access_token").map(Secret::new),
        token_type: text("token_type").map(str::to_owned),
        expires_in: said.get("expires_in").and_then(Json::as_i64),
        refresh_token: text("refresh_token").map(Secret::new),
    }
}

#[test]
fn resolvers_stand_for_what_the_reference_says() {
    for case in vectors().resolver {
        let resolved = case.world.read(|context| parse(&case.text).resolve(context));
        let expected = case.error.map_or(Ok(case.value), Err);
        assert_eq!(resolved.map_err(|it| it.to_string()), expected, "{}", case.text);
    }
}

#[test]
fn resolvers_inside_a_text_are_replaced() {
    for case in vectors().text {
        let target = if case.url { Target::Url } else { Target::Text };
        let resolved = case.world.read(|context| resolve_within(&case.text, target, context));
        let expected = case.error.map_or_else(|| Ok(case.value.unwrap_or_default()), Err);
        assert_eq!(resolved.map_err(|it| it.to_string()), expected, "{}", case.text);
    }
}

/// Section 4 of the reference.
#[test]
fn a_source_that_the_journey_lacks_has_nothing() {
    let everything = [
        "acr_values",
        "client_id",
        "domain_hint",
        "login_hint",
        "max_age",
        "nonce",
        "prompt",
        "redirect_uri",
        "resource",
        "scope",
        "username",
        "option",
    ];
    let saml = ["name_id_policy_format", "issuer", "provider_name", "relay_state", "subject", "binding"];
    let mut saml: Map<String, Json> = saml.into_iter().map(|it| (it.to_owned(), Json::from("x"))).collect();
    saml.insert("authn_context_class_references".to_owned(), Json::from(vec!["x"]));
    saml.extend(["allow_create", "force_authn"].map(|it| (it.to_owned(), Json::from(true))));
    let mut tokens: Map<String, Json> = ["access_token", "token_type", "refresh_token"]
        .into_iter()
        .map(|it| (it.to_owned(), Json::from("x")))
        .collect();
    tokens.insert("expires_in".to_owned(), Json::from(3600));
    let cases = vectors().availability;
    for case in &cases {
        for kind in JourneyKind::ALL {
            let world = World {
                journey: Some(format!("{kind:?}")),
                parameters: everything.map(|it| (it.to_owned(), "x".to_owned())).to_vec(),
                password: Some("x".to_owned()),
                claims: [("displayName".to_owned(), Json::from("x"))].into_iter().collect(),
                saml: Some(saml.clone()),
                token_response: Some(tokens.clone()),
                ..World::default()
            };
            let there = world.read(|context| parse(&case.text).resolve(context)).unwrap().is_some();
            assert_eq!(there, case.journeys.contains(&format!("{kind:?}")), "{} in {kind:?}", case.text);
        }
    }
    // Every row of the table has its case.
    for row in RESOLVERS {
        let has_case =
            |it: &AvailabilityCase| matches!(parse(&it.text), Resolver::Claim { spec, .. } if std::ptr::eq(spec, row));
        assert!(cases.iter().any(has_case), "{}", row.text());
    }
}

/// Section 2 of the reference, rules 1 to 3.
#[test]
fn resolvers_work_where_the_table_says() {
    use Place::{
        ContentDefinitionParameter, Elsewhere, InputClaim, LoadUri, OutputClaim, PartnerClaimType, PersistedClaim,
        RelyingPartyOutput,
    };
    let places = [
        InputClaim,
        OutputClaim,
        RelyingPartyOutput,
        PersistedClaim,
        PartnerClaimType,
        LoadUri,
        ContentDefinitionParameter,
        Elsewhere,
    ];
    for case in vectors().place {
        let kind = match case.kind.as_str() {
            "ApplicationInsights" => ProfileKind::ApplicationInsights,
            "ClaimsTransformation" => ProfileKind::ClaimsTransformation,
            "Directory" => ProfileKind::Directory,
            "OAuth2" => ProfileKind::OAuth2,
            "OpenIdConnect" => ProfileKind::OpenIdConnect,
            "PasswordLogin" => ProfileKind::PasswordLogin,
            "Restful" => ProfileKind::Restful,
            "SamlIdentityProvider" => ProfileKind::SamlIdentityProvider,
            "SelfAsserted" => ProfileKind::SelfAsserted,
            "Setup" => ProfileKind::Setup,
            "JwtIssuer" => ProfileKind::JwtIssuer,
            other => panic!("{other}"),
        };
        let place = places.into_iter().find(|it| format!("{it:?}") == case.place).unwrap();
        let flag = if case.flag { ResolvingFlag::Set } else { ResolvingFlag::Unset };
        assert_eq!(format!("{:?}", place_rule(&kind, place, flag)), case.rule, "{kind:?} {place:?} {flag:?}");
    }
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
fn values_of_requests_are_not_shown() {
    let request =
        Request { parameters: vec![("a".to_owned(), "marker".to_owned())], password: Some(Secret::new("marker")) };
    assert_eq!(format!("{request:?}"), r#"["a"]"#, "names only");
    let tokens = TokenResponse { access_token: Some(Secret::new("marker")), ..TokenResponse::default() };
    let world = World { parameters: request.parameters.clone(), ..World::default() };
    let shown = world.read(|context| format!("{context:?} {tokens:?}"));
    assert!(!shown.contains("marker"), "{shown}");
}

#[test]
fn every_row_parses_to_itself() {
    for row in RESOLVERS {
        let text = row.text();
        assert!(matches!(parse(&text), Resolver::Claim { spec, .. } if std::ptr::eq(spec, row)), "{text}");
        assert!(!row.doc.is_empty() && !row.journeys.is_empty(), "{text}");
    }
    assert!(Namespace::Oidc.names().any(|it| it == "ClientId"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_resolver_or_stands_for_itself(text in "\\{?[A-Za-z:{}\"-]{0,12}\\}?") {
        let world = World::default();
        let found = parse(&text);
        let resolved = world.read(|context| found.resolve(context));
        if let Resolver::Literal(literal) = found {
            proptest::prop_assert_eq!(literal, text.as_str());
            proptest::prop_assert_eq!(resolved, Ok(Some(text.clone())));
        }
        let _ = world.read(|context| resolve_within(&text, Target::Url, context));
    }
}
