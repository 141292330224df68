//! From an effective policy to a plan: what becomes of the pieces of a journey, and what is refused by name.

use crate::memory::{Content, Memory, policy};
use crate::pages::BASE;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use wayfarer_builtins::resolvers::JourneyKind;
use wayfarer_builtins::{DataType, Value};
use wayfarer_compiler::{Flow, Project, Scope, TenantIdentity, user_flow};
use wayfarer_diagnostics::{Severity, Span};
use wayfarer_engine::Plan;
use wayfarer_engine::plan::{
    Action, DefaultValue, Enabled, IssuanceClaimPattern, Issuer, Precondition, TechnicalProfile, Test,
};

const ID: &str = "B2C_1A_Derived";

/// The base of the pages' examples, and a policy with `content` that derives from it.
fn project(content: &str) -> Project {
    whole(&policy(ID, Some("B2C_1A_Base"), content))
}

fn whole(text: &str) -> Project {
    let mut memory = Memory::of([("set/base.xml", BASE.to_owned())]);
    memory.add("set/derived.xml", Content::Text(text.as_bytes().to_vec()));
    memory.load(&["set"], &[], Scope::All).unwrap_or_else(|error| unreachable!("{error}"))
}

fn tenant() -> TenantIdentity {
    TenantIdentity { name: "fabrikam.onmicrosoft.com".to_owned(), object_id: "guid".to_owned() }
}

/// The plan, or what refuses it: `severity [code] message`.
fn lower(project: &Project, flow: Flow, rest: &[(&str, &str)]) -> Result<Plan, Vec<String>> {
    let rest: BTreeMap<String, String> = rest.iter().map(|(id, url)| ((*id).to_owned(), (*url).to_owned())).collect();
    let file = project.find(ID).next().unwrap_or_else(|| unreachable!("the derived policy"));
    let told = |it: &wayfarer_diagnostics::Diagnostic| format!("{} [{}] {}", it.severity.as_str(), it.code, it.message);
    project.plan(file, flow, &tenant(), &rest).map_err(|found| found.iter().map(told).collect())
}

#[track_caller]
fn plan(content: &str) -> Plan {
    lower(&project(content), Flow::ClientCredentials, &[])
        .unwrap_or_else(|found| unreachable!("{found:?} in {content}"))
}

/// Each refusal must begin with what is expected of it.
#[track_caller]
fn refused(content: &str, expected: &[&str]) {
    let found = lower(&project(content), Flow::ClientCredentials, &[]).err().unwrap_or_default();
    let fits =
        found.len() == expected.len() && found.iter().zip(expected).all(|(it, expected)| it.starts_with(expected));
    assert!(fits, "found {found:?}, expected {expected:?} for {content}");
}

fn profile(content: &str) -> String {
    profile_of("Augment", content)
}

fn profile_of(id: &str, content: &str) -> String {
    format!(
        "<ClaimsProviders><ClaimsProvider><DisplayName>p</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"{id}\">{content}</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
    )
}

fn blocks(content: &str) -> String {
    format!("<BuildingBlocks>{content}</BuildingBlocks>")
}

fn claim_type(id: &str, data_type: &str) -> String {
    blocks(&format!(
        "<ClaimsSchema><ClaimType Id=\"{id}\"><DisplayName>{id}</DisplayName><DataType>{data_type}</DataType></ClaimType></ClaimsSchema>"
    ))
}

fn steps(content: &str) -> String {
    format!(
        "<UserJourneys><UserJourney Id=\"ClientCredentialsJourney\"><OrchestrationSteps>{content}</OrchestrationSteps></UserJourney></UserJourneys>"
    )
}

fn metadata(items: &[(&str, &str)]) -> String {
    let items: String = items.iter().map(|(key, value)| format!("<Item Key=\"{key}\">{value}</Item>")).collect();
    format!("<Metadata>{items}</Metadata>")
}

fn exchanged(plan: &Plan) -> &TechnicalProfile {
    let exchanges = plan.steps.iter().filter_map(|it| match &it.action {
        Action::ClaimsExchange(exchanges) => exchanges.first(),
        _ => None,
    });
    exchanges.map(|it| &it.profile).find(|it| it.id == "Augment").unwrap_or_else(|| unreachable!("{plan:?}"))
}

fn issuer(plan: &Plan) -> &Issuer {
    let mut issuers = plan.steps.iter().rev().filter_map(|it| match &it.action {
        Action::SendClaims(issuer) => Some(issuer),
        _ => None,
    });
    issuers.next().unwrap_or_else(|| unreachable!("{plan:?}"))
}

#[test]
fn the_base_lowers_as_it_is_written() {
    let plan = plan("");
    assert_eq!((plan.policy.as_str(), plan.journey.as_str()), (ID, "ClientCredentialsJourney"));
    assert_eq!(plan.kind, JourneyKind::ClientCredentials);
    assert_eq!(plan.names.relying_party_tenant, "contoso.onmicrosoft.com");
    assert_eq!(plan.names.trust_framework_tenant, "contoso.onmicrosoft.com");
    assert_eq!(plan.names.tenant_object_id, "guid");
    assert_eq!(plan.names.deployment_mode, None);
    assert_eq!(plan.names.default_language, "en");
    let types: Vec<_> = plan.steps.iter().map(|it| (it.order, it.action.step_type())).collect();
    assert_eq!(types, [(1, "ClaimsExchange"), (2, "ClaimsExchange"), (3, "SendClaims")]);
    let issuer = issuer(&plan);
    assert_eq!((issuer.id.as_str(), issuer.signing_key.as_str()), ("JwtIssuer", "B2C_1A_TokenSigningKeyContainer"));
    assert_eq!(issuer.token_lifetime, SignedDuration::from_secs(3600), "the default of an access token");
    assert_eq!(issuer.pattern, IssuanceClaimPattern::AuthorityAndTenantGuid, "the default");
    assert!(issuer.json_numbers, "the default");
}

/// Documented bounds of `token_lifetime_secs`: 300 to 86400, 3600 by default.
#[test]
fn lifetimes() {
    let item = |value: &str| profile_of("JwtIssuer", &metadata(&[("token_lifetime_secs", value)]));
    for (text, seconds) in [("300", 300), ("900", 900), (" 3600 ", 3600), ("86400", 86400)] {
        assert_eq!(issuer(&plan(&item(text))).token_lifetime, SignedDuration::from_secs(seconds), "{text}");
    }
    for text in ["299", "86401", "0", "-300", "3600.0", "an hour", "99999999999999999999"] {
        refused(&item(text), &["error [token-lifetime-range]"]);
    }
}

#[test]
fn the_issuers_settings() {
    let with = |key: &str, value: &str| plan(&profile_of("JwtIssuer", &metadata(&[(key, value)])));
    for (value, pattern) in [
        ("AuthorityAndTenantGuid", IssuanceClaimPattern::AuthorityAndTenantGuid),
        ("AuthorityWithTfp", IssuanceClaimPattern::AuthorityWithTfp),
    ] {
        assert_eq!(issuer(&with("IssuanceClaimPattern", value)).pattern, pattern);
    }
    for (value, numbers) in [("true", true), ("false", false), ("False", false)] {
        assert_eq!(issuer(&with("SendTokenResponseBodyWithJsonNumbers", value)).json_numbers, numbers, "{value}");
    }
    refused(
        &profile_of("JwtIssuer", &metadata(&[("IssuanceClaimPattern", "Mine")])),
        &["error [metadata-invalid-value]"],
    );
    let bare = "<Protocol Name=\"OpenIdConnect\" /><OutputTokenFormat>JWT</OutputTokenFormat>";
    let step = |issuer: &str| {
        steps(&format!(
            "<OrchestrationStep Order=\"3\" Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"{issuer}\" />"
        ))
    };
    refused(&format!("{}{}", profile_of("Bare", bare), step("Bare")), &["error [required-key]"]);
    let saml = "<Protocol Name=\"SAML2\" /><OutputTokenFormat>SAML2</OutputTokenFormat>";
    refused(&format!("{}{}", profile_of("Saml", saml), step("Saml")), &["info [not-yet-runnable]"]);
    refused(&step("Nobody"), &["error [unresolved-technical-profile] no `TechnicalProfile` declares `Nobody`"]);
}

#[test]
fn what_a_journey_needs_and_does_not_find() {
    let exchange = |profile: &str| {
        steps(&format!(
            "<OrchestrationStep Order=\"2\" Type=\"ClaimsExchange\"><ClaimsExchanges><ClaimsExchange Id=\"AugmentExchange\" TechnicalProfileReferenceId=\"{profile}\" /></ClaimsExchanges></OrchestrationStep>"
        ))
    };
    refused(&exchange("Nobody"), &["error [unresolved-technical-profile]"]);
    let list = |name: &str| {
        profile(&format!(
            "<OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"{name}\" /></OutputClaimsTransformations>"
        ))
    };
    refused(&list("Nobody"), &["error [unresolved-claims-transformation]"]);
    let claim = "<OutputClaims><OutputClaim ClaimTypeReferenceId=\"nobody\" /></OutputClaims>";
    refused(&profile(claim), &["error [unresolved-claim-type]"]);
    refused(
        &format!(
            "<RelyingParty><DefaultUserJourney ReferenceId=\"ClientCredentialsJourney\" /><TechnicalProfile Id=\"PolicyProfile\">{claim}</TechnicalProfile></RelyingParty>"
        ),
        &["error [unresolved-claim-type]"],
    );
    refused(
        &profile_of("JwtIssuer", &metadata(&[("ClientCredentialsUserJourneyId", "Nobody")])),
        &["error [unresolved-metadata-journey]"],
    );
    refused(&steps("<OrchestrationStep Order=\"4\" Type=\"SendClaims\" />"), &["error [send-claims-without-issuer]"]);
    // Each piece is named once, however often it is used.
    let twice = format!(
        "{}{}",
        list("Nobody"),
        steps(
            "<OrchestrationStep Order=\"4\" Type=\"ClaimsExchange\"><ClaimsExchanges><ClaimsExchange Id=\"Again\" TechnicalProfileReferenceId=\"Augment\" /></ClaimsExchanges></OrchestrationStep>"
        )
    );
    refused(&twice, &["error [unresolved-claims-transformation]"]);
}

#[test]
fn what_cannot_be_run_yet_is_named_and_is_no_error() {
    for step_type in
        ["CombinedSignInAndSignUp", "ClaimsProviderSelection", "InvokeSubJourney", "GetClaims", "ReviewScreen"]
    {
        let content = steps(&format!("<OrchestrationStep Order=\"4\" Type=\"{step_type}\" />"));
        refused(&content, &[&format!("info [not-yet-runnable] a `{step_type}` step")]);
    }
    let handler = |name: &str| profile(&format!("<Protocol Name=\"Proprietary\" Handler=\"{name}\" />"));
    for name in ["Web.TPEngine.Providers.SelfAssertedAttributeProvider, Web.TPEngine", "Contoso.Odd"] {
        refused(&handler(name), &["info [not-yet-runnable] technical profile `Augment`"]);
    }
    let method = format!(
        "{}{}",
        blocks(
            "<ClaimsTransformations><ClaimsTransformation Id=\"T\" TransformationMethod=\"Levitate\" /></ClaimsTransformations>"
        ),
        profile(
            "<OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"T\" /></OutputClaimsTransformations>"
        )
    );
    refused(&method, &["error [claims-transformation-unknown-method] no transformation method is called `Levitate`"]);
    let certificate = format!(
        "<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, Web.TPEngine\" />{}<CryptographicKeys><Key Id=\"ClientCertificate\" StorageReferenceId=\"B2C_1A_Cert\" /></CryptographicKeys>",
        metadata(&[("ServiceUrl", "https://api.contoso.com"), ("AuthenticationType", "ClientCertificate")])
    );
    refused(&profile(&certificate), &["info [not-yet-runnable] technical profile `Augment`"]);
}

/// Bases that are only looked up have not been checked against the schema: what is broken there is not left out in silence.
#[test]
fn what_breaks_the_schema_is_refused_too() {
    let exchange =
        "<ClaimsExchanges><ClaimsExchange Id=\"X\" TechnicalProfileReferenceId=\"Setup\" /></ClaimsExchanges>";
    let step = |attributes: &str, content: &str| {
        steps(&format!("<OrchestrationStep {attributes}>{content}{exchange}</OrchestrationStep>"))
    };
    refused(
        &step("Order=\"4\" Type=\"ClaimExchange\"", ""),
        &["error [value-invalid] `ClaimExchange` is not valid for `Type`"],
    );
    refused(&step("Order=\"4\"", ""), &["error [required-attribute-missing]"]);
    refused(
        &step("Order=\"last\" Type=\"ClaimsExchange\"", ""),
        &["error [value-invalid] `last` is not valid for `Order`"],
    );
    refused(
        &step("Order=\"-1\" Type=\"ClaimsExchange\"", ""),
        &["error [value-invalid] `-1` is not valid for `Order`"],
    );
    let odd = |kind: &str| {
        format!(
            "<Preconditions><Precondition {kind} ExecuteActionsIf=\"true\"><Value>ticket</Value></Precondition></Preconditions>"
        )
    };
    refused(
        &step("Order=\"4\" Type=\"ClaimsExchange\"", &odd("Type=\"ClaimExists\"")),
        &["error [value-invalid] `ClaimExists`"],
    );
    refused(&step("Order=\"4\" Type=\"ClaimsExchange\"", &odd("")), &["error [required-attribute-missing]"]);
    let nameless = format!(
        "{}{}",
        blocks("<ClaimsTransformations><ClaimsTransformation Id=\"T\" /></ClaimsTransformations>"),
        profile(
            "<OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"T\" /></OutputClaimsTransformations>"
        )
    );
    refused(
        &nameless,
        &["error [required-attribute-missing] `ClaimsTransformation` lacks its attribute `TransformationMethod`"],
    );
    // `check` tells the slip once, where the schema check finds it.
    let project = project(&step("Order=\"4\" Type=\"ClaimExchange\"", ""));
    let codes: Vec<_> =
        project.check(Scope::All).iter().map(|it| it.code).filter(|it| it.contains("invalid")).collect();
    assert_eq!(codes, ["enum-invalid"]);
}

/// A step that a policy replaces is not looked at any more: nothing of what it would need is asked for.
#[test]
fn other_journeys_do_not_matter() {
    let other = "<UserJourneys><UserJourney Id=\"Other\"><OrchestrationSteps><OrchestrationStep Order=\"1\" Type=\"UserDialog\" /></OrchestrationSteps></UserJourney></UserJourneys>";
    plan(other);
}

#[test]
fn defaults_are_read_as_the_claims_type() {
    let row = |claim: &str, data_type: &str, default: &str, flag: &str| {
        format!(
            "{}{}",
            claim_type(claim, data_type),
            profile(&format!(
                "{}<OutputClaims><OutputClaim ClaimTypeReferenceId=\"{claim}\" DefaultValue=\"{default}\" /></OutputClaims>",
                metadata(&[("IncludeClaimResolvingInClaimsHandling", flag)])
            ))
        )
    };
    let literal = |data_type: &str, text: &str, flag: &str| {
        let plan = plan(&row("c", data_type, text, flag));
        let output = exchanged(&plan).output_claims.first().cloned();
        let Some(output) = output else { unreachable!("one row") };
        assert_eq!(output.claim.data_type.as_str(), data_type);
        output.default
    };
    let value = |data_type: &str, text: &str| match literal(data_type, text, "true") {
        Some(DefaultValue::Literal(value)) => Some(value),
        _ => None,
    };
    assert_eq!(value("int", "-7"), Some(Value::Int(-7)));
    assert_eq!(value("boolean", "true"), Some(Value::Boolean(true)));
    assert_eq!(value("string", ""), Some(Value::String(String::new())), "the empty text is a text");
    assert_eq!(value("string", "{nothing known}"), Some(Value::String("{nothing known}".to_owned())));
    assert!(literal("int", "", "true").is_none(), "there is no empty number, and it is no error");
    for (data_type, text) in [("int", "ten"), ("boolean", "yes"), ("date", "31.12.2024"), ("int", "2147483648")] {
        refused(&row("c", data_type, text, "true"), &["error [default-type-mismatch]"]);
    }
    // A resolver is one where the profile says so; elsewhere it is its own text, which fits no number.
    let resolver = |data_type: &str, flag: &str| literal(data_type, "{Context:CorrelationId}", flag);
    assert!(
        matches!(resolver("string", "true"), Some(DefaultValue::Resolver(text)) if text == "{Context:CorrelationId}")
    );
    assert!(matches!(resolver("int", "True"), Some(DefaultValue::Resolver(_))), "read when the journey runs");
    assert!(matches!(resolver("string", "false"), Some(DefaultValue::Literal(Value::String(_)))));
    refused(&row("c", "int", "{Context:CorrelationId}", "false"), &["error [default-type-mismatch]"]);
}

/// Token names: `PartnerClaimType`, else the claim type's default for the relying party's protocol, else its id.
#[test]
fn names_in_the_token() {
    let relying_party = |protocol: &str, rows: &str| {
        format!(
            "{}<RelyingParty><DefaultUserJourney ReferenceId=\"ClientCredentialsJourney\" /><TechnicalProfile Id=\"PolicyProfile\">{protocol}<OutputClaims>{rows}</OutputClaims></TechnicalProfile></RelyingParty>",
            claim_type("plan", "string")
        )
    };
    let names = |protocol: &str, rows: &str| -> Vec<String> {
        plan(&relying_party(protocol, rows)).output_claims.into_iter().map(|it| it.partner).collect()
    };
    let row = |id: &str| format!("<OutputClaim ClaimTypeReferenceId=\"{id}\" />");
    let renamed = "<OutputClaim ClaimTypeReferenceId=\"ticket\" PartnerClaimType=\"tkt\" />";
    assert_eq!(names("", ""), ["tid"], "inherited, by the protocol of the base");
    assert_eq!(names("<Protocol Name=\"OAuth2\" />", ""), ["oauth_tid"]);
    assert_eq!(
        names("", &format!("{}{renamed}", row("PLAN"))),
        ["plan", "tkt", "tid"],
        "the spelling of the definition"
    );
    assert_eq!(names("", "<OutputClaim ClaimTypeReferenceId=\"tenantId\" PartnerClaimType=\"t\" />"), ["t"]);
    let project = project(&relying_party("", renamed));
    let file = project.find(ID).next().unwrap_or_else(|| unreachable!());
    assert_eq!(project.token_claims(file), ["tkt", "tid"]);
}

#[test]
fn preconditions() {
    let step = |precondition: &str| {
        steps(&format!(
            "<OrchestrationStep Order=\"2\" Type=\"ClaimsExchange\"><Preconditions>{precondition}</Preconditions></OrchestrationStep>"
        ))
    };
    let written = |kind: &str, on: &str, values: &[&str]| {
        let values: String = values.iter().map(|it| format!("<Value>{it}</Value>")).collect();
        format!(
            "<Precondition Type=\"{kind}\" ExecuteActionsIf=\"{on}\">{values}<Action>SkipThisOrchestrationStep</Action></Precondition>"
        )
    };
    let both =
        format!("{}{}", written("ClaimsExist", "true", &["TICKET"]), written("ClaimEquals", "false", &["odd", " A "]));
    let plan = plan(&step(&both));
    let expected = [
        Precondition { test: Test::ClaimsExist("ticket".to_owned()), execute_actions_if: true },
        Precondition { test: Test::ClaimEquals("odd".to_owned(), " A ".to_owned()), execute_actions_if: false },
    ];
    assert_eq!(plan.steps[1].preconditions, expected, "ids in their spelling, literals to the letter");
    for (kind, values) in [
        ("ClaimsExist", &[][..]),
        ("ClaimsExist", &["ticket", "plan"]),
        ("ClaimEquals", &[]),
        ("ClaimEquals", &["ticket"]),
        ("ClaimEquals", &["ticket", "A", "B"]),
    ] {
        refused(&step(&written(kind, "true", values)), &["error [precondition-arity]"]);
    }
}

/// Reference "technical-profiles", A7.
#[test]
fn enabled_for_user_journeys() {
    let enabled = |word: &str, items: &[(&str, &str)]| {
        let element = if word.is_empty() {
            String::new()
        } else {
            format!("<EnabledForUserJourneys>{word}</EnabledForUserJourneys>")
        };
        exchanged(&plan(&profile(&format!("{}{element}", metadata(items))))).enabled.clone()
    };
    let on = ("ClaimTypeOnWhichToEnable", "TICKET");
    let value = ("ClaimValueOnWhichToEnable", "x");
    let (ticket, x) = ("ticket".to_owned(), "x".to_owned());
    for word in ["", "Always", "true"] {
        assert_eq!(enabled(word, &[]), Enabled::Always, "{word}");
    }
    for word in ["Never", "false"] {
        assert_eq!(enabled(word, &[]), Enabled::Never, "{word}");
    }
    assert_eq!(enabled("OnClaimsExistence", &[on]), Enabled::OnClaimsExistence(ticket.clone(), None));
    assert_eq!(enabled("OnClaimsExistence", &[on, value]), Enabled::OnClaimsExistence(ticket.clone(), Some(x.clone())));
    let existence = enabled("OnItemExistenceInStringCollectionClaim", &[on, value]);
    assert_eq!(existence, Enabled::OnItemExistence(ticket.clone(), x.clone()));
    assert_eq!(enabled("OnItemAbsenceInStringCollectionClaim", &[on, value]), Enabled::OnItemAbsence(ticket, x));
}

#[test]
fn names_of_tenants_and_modes() {
    let with = |attributes: &str, content: &str| {
        let text = policy(ID, Some("B2C_1A_Base"), content);
        lower(
            &whole(&text.replace("TenantId=\"contoso.onmicrosoft.com\" PolicyId", &format!("{attributes} PolicyId"))),
            Flow::ClientCredentials,
            &[],
        )
        .unwrap_or_else(|found| unreachable!("{found:?}"))
        .names
    };
    assert_eq!(with("TenantId=\"other.onmicrosoft.com\"", "").relying_party_tenant, "other.onmicrosoft.com");
    assert_eq!(
        with("TenantId=\"other.onmicrosoft.com\"", "").trust_framework_tenant,
        "contoso.onmicrosoft.com",
        "the root's"
    );
    for placeholder in ["yourtenant.onmicrosoft.com", "YourTenant.onmicrosoft.com"] {
        let names = with(&format!("TenantId=\"{placeholder}\""), "");
        assert_eq!(names.relying_party_tenant, "fabrikam.onmicrosoft.com", "the running tenant's");
    }
    let own = "TenantId=\"contoso.onmicrosoft.com\"";
    assert_eq!(
        with(&format!("{own} DeploymentMode=\"Development\""), "").deployment_mode.as_deref(),
        Some("Development")
    );
    let languages = blocks(
        "<Localization Enabled=\"true\"><SupportedLanguages DefaultLanguage=\"es\"><SupportedLanguage>es</SupportedLanguage></SupportedLanguages></Localization>",
    );
    assert_eq!(with(own, &languages).default_language, "es");
}

#[test]
fn without_a_journey_of_its_own_the_grant_has_built_in_behaviour() {
    let none = profile_of("JwtIssuer", &metadata(&[("ClientCredentialsUserJourneyId", "")]));
    let plan = plan(&none);
    assert_eq!(plan.journey, "built-in client credentials");
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(issuer(&plan).id, "JwtIssuer");
    assert!(plan.output_claims.is_empty(), "system claims only");
    // What the default journey could not do does not matter.
    let page = format!("{none}{}", steps("<OrchestrationStep Order=\"2\" Type=\"UserDialog\" />"));
    assert_eq!(lower(&project(&page), Flow::ClientCredentials, &[]).map(|it| it.steps.len()), Ok(1));
    let default = lower(&project(&page), Flow::Default, &[]).err().unwrap_or_default();
    assert!(default.iter().all(|it| it.starts_with("info [not-yet-runnable]")) && default.len() == 1, "{default:?}");
}

#[test]
fn the_default_journey() {
    let other = format!(
        "<UserJourneys><UserJourney Id=\"SignIn\"><OrchestrationSteps><OrchestrationStep Order=\"2\" Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"JwtIssuer\" /><OrchestrationStep Order=\"1\" Type=\"Noop\" /></OrchestrationSteps></UserJourney></UserJourneys>\
         <RelyingParty><DefaultUserJourney ReferenceId=\"{}\" /></RelyingParty>",
        "signin"
    );
    let plan = lower(&project(&other), Flow::Default, &[]).unwrap_or_else(|found| unreachable!("{found:?}"));
    assert_eq!((plan.journey.as_str(), plan.kind), ("SignIn", JourneyKind::Authorize));
    assert_eq!(plan.steps.iter().map(|it| it.order).collect::<Vec<_>>(), [1, 2], "by Order");
    let nobody = other.replace("\"signin\"", "\"Nobody\"");
    let found = lower(&project(&nobody), Flow::Default, &[]).err().unwrap_or_default();
    assert!(found.first().is_some_and(|it| it.starts_with("error [unresolved-user-journey]")), "{found:?}");
}

#[test]
fn a_policy_without_an_issuer() {
    let memory = Memory::of([(
        "set/x.xml",
        policy(ID, None, "<RelyingParty><DefaultUserJourney ReferenceId=\"J\" /></RelyingParty>"),
    )]);
    let project = memory.load(&["set"], &[], Scope::All).unwrap_or_else(|error| unreachable!("{error}"));
    let found = lower(&project, Flow::ClientCredentials, &[]).err().unwrap_or_default();
    assert!(found.len() == 1 && found[0].starts_with("error [send-claims-without-issuer]"), "{found:?}");
    let file = &project.files()[0];
    assert!(project.token_issuer(file).is_err_and(|it| it.len() == 1));
}

/// `--rest PROFILE=URL` replaces the address, by any case of the name; the trace tells it.
#[test]
fn a_replaced_service_address() {
    let rest = "<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, Web.TPEngine\" />";
    let content = profile(&format!(
        "{rest}{}",
        metadata(&[("AuthenticationType", "None"), ("AllowInsecureAuthInProduction", "true")])
    ));
    refused(&content, &["error [required-metadata]"]);
    let replaced = lower(&project(&content), Flow::ClientCredentials, &[("AUGMENT", "http://127.0.0.1:1/x")]);
    let plan = replaced.unwrap_or_else(|found| unreachable!("{found:?}"));
    assert_eq!(exchanged(&plan).notes, ["ServiceUrl replaced by `http://127.0.0.1:1/x`"]);
    assert!(lower(&project(&content), Flow::ClientCredentials, &[("Other", "http://127.0.0.1:1/x")]).is_err());
}

/// What a provider finds wrong is told by `check` at the provider's own level, whether or not it keeps a profile from running.
#[test]
fn remarks_of_providers() {
    let rest = "<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, Web.TPEngine\" />";
    let items = [("ServiceUrl", "http://api.contoso.com"), ("AuthenticationType", "None"), ("serviceurl", "x")];
    let project = project(&profile(&format!("{rest}{}", metadata(&items))));
    assert!(lower(&project, Flow::ClientCredentials, &[]).is_ok(), "none of it keeps the journey from running");
    let found = project.check(Scope::All);
    let level = |code: &str| found.iter().filter(|it| it.code == code).map(|it| it.severity).collect::<Vec<_>>();
    assert_eq!(level("rest-insecure"), [Severity::Error]);
    assert_eq!(level("rest-http"), [Severity::Warning]);
    assert_eq!(level("metadata-unknown-key"), [Severity::Warning]);
}

#[test]
fn transformations_keep_their_order_and_arguments() {
    let transformation = |id: &str, claim: &str| {
        format!(
            "<ClaimsTransformation Id=\"{id}\" TransformationMethod=\"CreateStringClaim\"><InputParameters><InputParameter Id=\"value\" DataType=\"string\" Value=\"{id}\" /></InputParameters><OutputClaims><OutputClaim ClaimTypeReferenceId=\"{claim}\" TransformationClaimType=\"createdClaim\" /></OutputClaims></ClaimsTransformation>"
        )
    };
    let list = |name: &str, ids: &[&str]| {
        let items: String = ids.iter().map(|it| format!("<{name} ReferenceId=\"{it}\" />")).collect();
        format!("<{name}s>{items}</{name}s>")
    };
    let content = format!(
        "{}{}",
        blocks(&format!(
            "<ClaimsTransformations>{}{}</ClaimsTransformations>",
            transformation("A", "ticket"),
            transformation("B", "TICKET")
        )),
        profile(&format!(
            "{}{}",
            list("InputClaimsTransformation", &["b", "A"]),
            list("OutputClaimsTransformation", &["A", "B", "A"])
        ))
    );
    let plan = plan(&content);
    let ids = |list: &[wayfarer_engine::plan::Transformation]| list.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&exchanged(&plan).input_claims_transformations), ["B", "A"]);
    assert_eq!(ids(&exchanged(&plan).output_claims_transformations), ["A", "B", "A"]);
    let second = &exchanged(&plan).output_claims_transformations[1];
    assert_eq!((second.method, second.outputs.as_slice()), ("CreateStringClaim", &["ticket".to_owned()][..]));
}

#[test]
fn user_flows_have_the_built_in_behaviour() {
    let file = project("").files()[0].file;
    let plan = user_flow("B2C_1_signin", &tenant(), Span::file_start(file));
    assert_eq!((plan.policy.as_str(), plan.kind), ("B2C_1_signin", JourneyKind::ClientCredentials));
    assert_eq!((plan.steps.len(), plan.output_claims.len()), (1, 0));
    assert_eq!(issuer(&plan).token_lifetime, SignedDuration::from_secs(3600));
    assert_eq!(plan.names.relying_party_tenant, "fabrikam.onmicrosoft.com");
}

#[test]
fn data_types_of_claims_follow_the_chain() {
    let plan = plan(&format!(
        "{}{}",
        blocks("<ClaimsSchema><ClaimType Id=\"Ticket\"><DataType>long</DataType></ClaimType></ClaimsSchema>"),
        profile(
            "<InputClaims><InputClaim ClaimTypeReferenceId=\"ticket\" DefaultValue=\"5\" Required=\"true\" AlwaysUseDefaultValue=\"1\" /></InputClaims>"
        )
    ));
    let Some(row) = exchanged(&plan).input_claims.first() else { unreachable!("one row") };
    assert_eq!((row.claim.id.as_str(), row.claim.data_type), ("Ticket", DataType::Long));
    assert!(row.required && row.always_use_default);
    assert!(matches!(row.default, Some(DefaultValue::Literal(Value::Long(5)))));
}
