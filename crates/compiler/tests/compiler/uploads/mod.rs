//! What the service says of an upload, word by word: the templates of the reference "graph" 2.4, and of "validation" 1.2 where
//! that one has none. Expected texts are those references' with the names of the policy at hand; those of broken schemas are the
//! published ones of .NET's validator.

mod schema;

use crate::memory::{Content, Memory, policy};
use wayfarer_compiler::upload::{self, Refused};
use wayfarer_compiler::{Project, Scope, TenantBaseline, TenantIdentity};

fn tenant() -> TenantIdentity {
    TenantIdentity {
        name: "contoso.onmicrosoft.com".to_owned(),
        object_id: "775527ff-9a37-4307-8b3d-cc311f58d925".to_owned(),
    }
}

/// A set in one folder, `id base content` each; what is no policy of that id is taken as it stands.
fn set(files: &[(&str, Option<&str>, &str)]) -> Project {
    let mut memory = Memory::default();
    for (nth, (id, base, content)) in files.iter().enumerate() {
        let text =
            if content.contains("<TrustFrameworkPolicy") { (*content).to_owned() } else { policy(id, *base, content) };
        memory.add(&format!("set/{nth:02}.xml"), Content::Text(text.into_bytes()));
    }
    let project = memory.load(&["set"], &[], Scope::All).unwrap_or_else(|error| unreachable!("{error}"));
    let keys = Some(vec!["B2C_1A_TokenSigningKeyContainer".to_owned()]);
    project.with_tenant(TenantBaseline { name: tenant().name, policy_keys: keys, ..TenantBaseline::default() })
}

/// What the upload of the last file of a set is answered with.
fn uploaded(files: &[(&str, Option<&str>, &str)]) -> Result<(), Refused> {
    let project = set(files);
    let last = project.files().last();
    last.map_or_else(|| unreachable!("a file"), |it| upload::judge(&project, it, &tenant()))
}

#[track_caller]
fn refused(files: &[(&str, Option<&str>, &str)], messages: &[&str]) {
    let found = uploaded(files).err();
    assert_eq!(found.as_ref().map_or(&[][..], Refused::messages), messages);
}

/// One policy without a base.
#[track_caller]
fn alone(content: &str, messages: &[&str]) {
    refused(&[("B2C_1A_Test", None, content)], messages);
}

#[track_caller]
fn taken(files: &[(&str, Option<&str>, &str)]) {
    assert_eq!(uploaded(files), Ok(()));
}

fn claims(types: &[(&str, &str)]) -> String {
    let claim = |(id, ty): &(&str, &str)| {
        format!("<ClaimType Id=\"{id}\"><DisplayName>{id}</DisplayName><DataType>{ty}</DataType></ClaimType>")
    };
    let types: String = types.iter().map(claim).collect();
    format!("<BuildingBlocks><ClaimsSchema>{types}</ClaimsSchema></BuildingBlocks>")
}

fn profile(id: &str, content: &str) -> String {
    format!("<TechnicalProfile Id=\"{id}\"><DisplayName>{id}</DisplayName>{content}</TechnicalProfile>")
}

fn providers(profiles: &str) -> String {
    format!(
        "<ClaimsProviders><ClaimsProvider><DisplayName>P</DisplayName><TechnicalProfiles>{profiles}</TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
    )
}

fn journey(steps: &str) -> String {
    format!(
        "<UserJourneys><UserJourney Id=\"SignIn\"><OrchestrationSteps>{steps}</OrchestrationSteps></UserJourney></UserJourneys>"
    )
}

fn exchange(order: usize, profiles: &[&str]) -> String {
    let exchange = |it: &&str| format!("<ClaimsExchange Id=\"{it}{order}\" TechnicalProfileReferenceId=\"{it}\" />");
    let exchanges: String = profiles.iter().map(exchange).collect();
    format!(
        "<OrchestrationStep Order=\"{order}\" Type=\"ClaimsExchange\"><ClaimsExchanges>{exchanges}</ClaimsExchanges></OrchestrationStep>"
    )
}

fn send(order: usize) -> String {
    format!(
        "<OrchestrationStep Order=\"{order}\" Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"JwtIssuer\" />"
    )
}

fn relying_party(rows: &str) -> String {
    format!(
        "<RelyingParty><DefaultUserJourney ReferenceId=\"SignIn\" /><TechnicalProfile Id=\"PolicyProfile\">\
         <DisplayName>PolicyProfile</DisplayName><Protocol Name=\"OpenIdConnect\" /><OutputClaims>{rows}</OutputClaims>\
         </TechnicalProfile></RelyingParty>"
    )
}

const REST: &str = "<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null\" />";

/// Two REST profiles and an issuer, all sound.
fn profiles() -> String {
    let issuer = "<Protocol Name=\"OpenIdConnect\" /><OutputTokenFormat>JWT</OutputTokenFormat><CryptographicKeys>\
                  <Key Id=\"issuer_secret\" StorageReferenceId=\"B2C_1A_TokenSigningKeyContainer\" /></CryptographicKeys>";
    providers(&[profile("One", REST), profile("Two", REST), profile("JwtIssuer", issuer)].concat())
}

#[test]
fn what_is_sound_is_taken_and_so_is_what_fails_only_when_it_runs() {
    let whole = [profiles(), journey(&[exchange(1, &["One"]), send(2)].concat())].concat();
    taken(&[("B2C_1A_Test", None, &whole)]);
    // No default journey: no request to the policy can succeed, and the upload says nothing (reference "validation", 1.4).
    let no_journey = whole
        + &relying_party("")
            .replace("<DefaultUserJourney ReferenceId=\"SignIn\" />", "")
            .replace("<OutputClaims></OutputClaims>", "");
    let project = set(&[("B2C_1A_Test", None, &no_journey)]);
    assert!(project.check(Scope::All).has_errors(), "`check` does say something");
    taken(&[("B2C_1A_Test", None, &no_journey)]);
}

#[test]
fn the_whole_answer() {
    let content = [profiles(), journey(&[exchange(1, &["Nobody", "Other"]), send(3)].concat())].concat();
    let answer = uploaded(&[("B2C_1A_Test", None, &content)]).map_err(|it| it.to_string());
    let reference = |name: &str| {
        format!(
            "Policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" makes a reference to TechnicalProfile with id \"{name}\" but neither the policy nor any of its base policies contain such an element."
        )
    };
    let expected = [
        "Validation failed: 4 validation error(s) found in policy \"B2C_1A_TEST\" of tenant \"contoso.onmicrosoft.com\".",
        "User journey \"SignIn\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" has step 1 with 2 claims exchanges. It must be preceded by a claims provider selection in order to determine which claims exchange can be used.",
        &reference("Nobody"),
        &reference("Other"),
        "User journey \"SignIn\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" was expected to have step with order \"2\" but it was not found.",
    ];
    assert_eq!(answer, Err(expected.concat()));
}

#[test]
fn a_broken_schema_is_all_that_is_told_of_it() {
    let content = "<BuildingBlocks><x /></BuildingBlocks><RelyingParty />";
    let found = uploaded(&[("B2C_1A_Test", Some("B2C_1A_Nobody"), content)]);
    let all_schema =
        found.as_ref().is_err_and(|it| it.messages().iter().all(|it| it.starts_with("Schema validation error")));
    assert!(all_schema, "{found:?}");
}

#[test]
fn tenants() {
    let other = policy("B2C_1A_Test", None, "").replace("TenantId=\"contoso", "TenantId=\"yourtenant");
    alone(
        &other,
        &[
            "TenantId in the policy xml 'yourtenant.onmicrosoft.com' is not same as the one in login tenant 'contoso.onmicrosoft.com'.",
        ],
    );
    let base = policy("B2C_1A_Base", None, "");
    let with_base = |text: &str| [("", None, &*base), ("", None, text)].map(|it| (it.0, it.1, it.2.to_owned()));
    let judge = |text: &str| {
        let files = with_base(text);
        let files: Vec<_> = files.iter().map(|it| (it.0, it.1, it.2.as_str())).collect();
        uploaded(&files).map_err(|it| it.messages().to_vec())
    };
    let text = policy("B2C_1A_Test", Some("B2C_1A_Base"), "");
    assert_eq!(judge(&text), Ok(()));
    assert_eq!(
        judge(&text.replace("<TenantId>contoso", "<TenantId>fabrikam")),
        Err(vec!["User is currently logged as a user of 'contoso.onmicrosoft.com' tenant. In order to manage 'fabrikam.onmicrosoft.com', please login as a user of 'fabrikam.onmicrosoft.com' tenant".to_owned()])
    );
    // It is not the base that is in another tenant.
    assert_eq!(
        judge(&text.replace("TenantId=\"contoso", "TenantId=\"fabrikam")),
        Err(vec!["TenantId in the policy xml 'fabrikam.onmicrosoft.com' is not same as the one in login tenant 'contoso.onmicrosoft.com'.".to_owned()])
    );
}

#[test]
fn a_base_that_is_missing() {
    refused(
        &[("B2C_1A_Test", Some("B2C_1A_TrustFrameworkExtensions"), "")],
        &[
            "Policy with 'policyId': B2C_1A_TrustFrameworkExtensions cannot be found in the directory '775527ff-9a37-4307-8b3d-cc311f58d925'.",
        ],
    );
}

#[test]
fn a_base_from_which_nothing_may_be_derived() {
    refused(
        &[("B2C_1A_Test", Some("B2C_1_susi"), "")],
        &[
            "Policy 'B2C_1A_Test' of tenant 'contoso.onmicrosoft.com' is not allowed to inherit from the specified base policy. Inheritance chain: {\"TenantId\":\"contoso.onmicrosoft.com\",\"PolicyId\":\"B2C_1_susi\",\"TenantObjectId\":null,\"Root\":true,\"Derived\":{\"TenantId\":\"contoso.onmicrosoft.com\",\"PolicyId\":\"B2C_1A_Test\",\"TenantObjectId\":null,\"Rule\":\"All\",\"InheritanceAllowed\":false,\"Reason\":\"the base policy is a user flow\"}}",
        ],
    );
    let deny = "<PolicyConstraints><Inheritance DerivingPolicies=\"DenyList\"><Tenants><Tenant ReferenceId=\"11111111-1111-1111-1111-111111111111\" /></Tenants></Inheritance></PolicyConstraints>";
    let text = policy("B2C_1A_Test", Some("B2C_1A_Base"), "").replace(
        " PolicyId=\"B2C_1A_Test\"",
        " TenantObjectId=\"11111111-1111-1111-1111-111111111111\" PolicyId=\"B2C_1A_Test\"",
    );
    refused(
        &[("B2C_1A_Base", None, deny), ("", None, &text)],
        &[
            "Policy 'B2C_1A_Test' of tenant 'contoso.onmicrosoft.com' is not allowed to inherit from the specified base policy. Inheritance chain: {\"TenantId\":\"contoso.onmicrosoft.com\",\"PolicyId\":\"B2C_1A_Base\",\"TenantObjectId\":null,\"Root\":true,\"Derived\":{\"TenantId\":\"contoso.onmicrosoft.com\",\"PolicyId\":\"B2C_1A_Test\",\"TenantObjectId\":\"11111111-1111-1111-1111-111111111111\",\"Rule\":\"DenyList\",\"InheritanceAllowed\":false,\"Reason\":\"this tenant is on its list\"}}",
        ],
    );
}

#[test]
fn a_policy_that_is_there_already() {
    assert_eq!(
        upload::already_exists("B2C_1A_Test", &tenant()),
        "Tenant \"contoso.onmicrosoft.com\" already has a policy with id \"B2C_1A_Test\". Another policy with the same id cannot be stored"
    );
}

#[test]
fn a_policy_key_that_is_missing() {
    let keys = "<CryptographicKeys><Key Id=\"client_secret\" StorageReferenceId=\"B2C_1A_FacebookSecret\" /></CryptographicKeys>";
    alone(
        &providers(&profile("P", &format!("<Protocol Name=\"OAuth2\" />{keys}"))),
        &[
            "Tenant \"contoso.onmicrosoft.com\" does not have CryptographicKey referenced by storageReferenceId \"B2C_1A_FacebookSecret\".",
        ],
    );
}

#[test]
fn names_that_nothing_declares() {
    let told = |kind: &str, id: &str| {
        format!(
            "Policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" makes a reference to {kind} with id \"{id}\" but neither the policy nor any of its base policies contain such an element."
        )
    };
    let rows = "<OutputClaims><OutputClaim ClaimTypeReferenceId=\"extension_x\" /><OutputClaim ClaimTypeReferenceId=\"extension_x\" DefaultValue=\"1\" /></OutputClaims>";
    // One problem, however often it is there.
    alone(&providers(&profile("P", &format!("{REST}{rows}"))), &[&told("ClaimType", "extension_x")]);
    let list = "<OutputClaimsTransformations><OutputClaimsTransformation ReferenceId=\"CreateId\" /></OutputClaimsTransformations>";
    alone(&providers(&profile("P", &format!("{REST}{list}"))), &[&told("ClaimsTransformation", "CreateId")]);
    let candidate = "<OrchestrationStep Order=\"1\" Type=\"InvokeSubJourney\"><JourneyList><Candidate SubJourneyReferenceId=\"Sub\" /></JourneyList></OrchestrationStep>";
    alone(&[profiles(), journey(&[candidate, &send(2)].concat())].concat(), &[&told("SubJourney", "Sub")]);
}

#[test]
fn a_claim_of_the_token_that_no_step_outputs() {
    let rows = |row: &str| {
        [
            claims(&[("loyaltyId", "string")]),
            profiles(),
            journey(&[exchange(1, &["One"]), send(2)].concat()),
            relying_party(row),
        ]
        .concat()
    };
    alone(
        &rows("<OutputClaim ClaimTypeReferenceId=\"loyaltyId\" />"),
        &[
            "Claim type \"loyaltyId\" is the output claim of the relying party's technical profile, but it is not an output claim in any of the steps of user journey \"SignIn\".",
        ],
    );
    taken(&[("B2C_1A_Test", None, &rows("<OutputClaim ClaimTypeReferenceId=\"loyaltyId\" DefaultValue=\"\" />"))]);
}

#[test]
fn an_input_that_no_earlier_step_outputs() {
    let input = "<InputClaims><InputClaim ClaimTypeReferenceId=\"id\" Required=\"true\" /></InputClaims>";
    let output = "<OutputClaims><OutputClaim ClaimTypeReferenceId=\"id\" /></OutputClaims>";
    let content = |steps: &[&str]| {
        let own = profiles()
            .replace("<DisplayName>One</DisplayName>", "<DisplayName>One</DisplayName><!-- in -->")
            .replacen(REST, &format!("{REST}{input}"), 1)
            .replace(
                &format!("<DisplayName>Two</DisplayName>{REST}"),
                &format!("<DisplayName>Two</DisplayName>{REST}{output}"),
            );
        [claims(&[("id", "string")]), own, journey(&steps.concat())].concat()
    };
    let row = relying_party("<OutputClaim ClaimTypeReferenceId=\"id\" DefaultValue=\"\" />");
    let wrong = content(&[&exchange(1, &["One"]), &exchange(2, &["Two"]), &send(3)]);
    alone(
        &format!("{wrong}{row}"),
        &[
            "Claim type \"id\" is the input claim of technical profile \"One\" in step \"1\" of user journey \"SignIn\" but it is not an output claim in any of the previous steps.",
        ],
    );
    taken(&[(
        "B2C_1A_Test",
        None,
        &format!("{}{row}", content(&[&exchange(1, &["Two"]), &exchange(2, &["One"]), &send(3)])),
    )]);
    // Claims are followed only where a file has a relying party.
    taken(&[("B2C_1A_Test", None, &wrong)]);
}

#[test]
fn the_journey_of_the_client_credentials_grant_is_not_followed() {
    let base = include_str!("../base.xml");
    let input = "<InputClaims><InputClaim ClaimTypeReferenceId=\"ticket\" Required=\"true\" /></InputClaims>";
    let augment = format!(
        "<ClaimsProviders><ClaimsProvider><DisplayName>P</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"Augment\">{input}</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
    );
    // The base's default journey is the grant's: as the default journey it is followed.
    let told = "Claim type \"ticket\" is the input claim of technical profile \"Augment\" in step \"2\" of user journey \"ClientCredentialsJourney\" but it is not an output claim in any of the previous steps.";
    let row =
        relying_party("").replace("SignIn", "ClientCredentialsJourney").replace("<OutputClaims></OutputClaims>", "");
    refused(&[("", None, base), ("B2C_1A_Test", Some("B2C_1A_Base"), &format!("{augment}{row}"))], &[told]);
    let other = journey(&[exchange(1, &["Setup"]), send(2)].concat());
    let row = relying_party("").replace("<OutputClaims></OutputClaims>", "");
    taken(&[("", None, base), ("B2C_1A_Test", Some("B2C_1A_Base"), &format!("{augment}{other}{row}"))]);
}

#[test]
fn steps() {
    let with = |steps: &[&str]| [profiles(), journey(&steps.concat())].concat();
    alone(
        &with(&[&exchange(1, &["One", "Two"]), &send(2)]),
        &[
            "User journey \"SignIn\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" has step 1 with 2 claims exchanges. It must be preceded by a claims provider selection in order to determine which claims exchange can be used.",
        ],
    );
    let selection = "<OrchestrationStep Order=\"1\" Type=\"ClaimsProviderSelection\"><ClaimsProviderSelections><ClaimsProviderSelection TargetClaimsExchangeId=\"One2\" /></ClaimsProviderSelections></OrchestrationStep>";
    alone(
        &with(&[selection, &send(2)]),
        &[
            "Orchestration step order \"2\" in user journey \"SignIn\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" is followed by a claims provider selection step and must be a claims exchange, but it is of type \"SendClaims\".",
        ],
    );
    alone(
        &with(&[&exchange(1, &["One"]), &send(4)]),
        &[
            "User journey \"SignIn\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" was expected to have step with order \"2\" but it was not found.",
        ],
    );
    alone(&with(&[&exchange(1, &["One"])]), &["User journey 'SignIn' does not contain a send claims step."]);
    alone(
        &with(&["<OrchestrationStep Order=\"1\" Type=\"SendClaims\" />"]),
        &["User journey 'SignIn' send claims step does not contain a reference to an issuer technical profile."],
    );
}

#[test]
fn metadata() {
    let item = |items: &str| format!("<Metadata>{items}</Metadata>");
    alone(
        &providers(&profile(
            "Facebook-OAUTH",
            &format!("<Protocol Name=\"OAuth2\" />{}", item("<Item Key=\"client_id\"></Item>")),
        )),
        &[
            "TechnicalProfile \"Facebook-OAUTH\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" defines an invalid value \"\" for the metadata item \"client_id.\"",
        ],
    );
    let directory = "<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.AzureActiveDirectoryProvider, Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null\" />";
    let rows = "<OutputClaims><OutputClaim ClaimTypeReferenceId=\"extension_x\" /></OutputClaims>";
    let content =
        [claims(&[("extension_x", "string")]), providers(&profile("AAD-Read", &format!("{directory}{rows}")))].concat();
    alone(
        &content,
        &[
            "A required Metadata item with key \"ApplicationObjectId\" was not found in the TechnicalProfile with id \"AAD-Read\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\".",
        ],
    );
    // Of profiles that the client credentials grant runs.
    let base = include_str!("../base.xml");
    let augment = |items: &str| {
        format!(
            "<ClaimsProviders><ClaimsProvider><DisplayName>P</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"Augment\">{REST}{}</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>{}",
            item(items),
            relying_party("")
                .replace("SignIn", "ClientCredentialsJourney")
                .replace("<OutputClaims></OutputClaims>", "")
        )
    };
    let url = "<Item Key=\"ServiceUrl\">https://api.contoso.com/x</Item>";
    let with = |items: &str| augment(&format!("{url}{items}"));
    refused(
        &[
            ("", None, base),
            ("B2C_1A_Test", Some("B2C_1A_Base"), &with("<Item Key=\"AuthenticationType\">Token</Item>")),
        ],
        &[
            "TechnicalProfile \"Augment\" in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" defines an invalid value \"Token\" for the metadata item \"AuthenticationType.\"",
        ],
    );
    refused(
        &[
            ("", None, base),
            ("B2C_1A_Test", Some("B2C_1A_Base"), &with("<Item Key=\"AuthenticationType\">None</Item>")),
        ],
        &[
            "Profile 'Augment' uses an insecure authentication mode that is only allowed in production mode policies with metadata key 'AllowInsecureAuthInProduction' set to true.",
        ],
    );
}

#[test]
fn a_page_that_there_is_not() {
    alone(
        "<BuildingBlocks><ContentDefinitions><ContentDefinition Id=\"api.x\"><LoadUri>~/x.cshtml</LoadUri><RecoveryUri>~/common/default_page_error.html</RecoveryUri><DataUri>urn:com:microsoft:aad:b2c:elements:selfasserted:2.1.7</DataUri></ContentDefinition></ContentDefinitions></BuildingBlocks>",
        &[
            "The element specified by id 'urn:com:microsoft:aad:b2c:elements:selfasserted:2.1.7' cannot be found in the element factory cache. Check that element definition exists in the elements folder.",
        ],
    );
}

#[test]
fn a_default_that_is_no_number() {
    let row = "<OutputClaims><OutputClaim ClaimTypeReferenceId=\"age\" DefaultValue=\"young\" /></OutputClaims>";
    let content = |ty: &str| [claims(&[("age", ty)]), providers(&profile("P", &format!("{REST}{row}")))].concat();
    alone(&content("int"), &["Input string was not in a correct format."]);
    // What it says of other types nobody has recorded.
    let found = uploaded(&[("B2C_1A_Test", None, &content("boolean"))]).map_err(|it| it.messages().to_vec());
    let messages = found.err().unwrap_or_default();
    assert!(
        matches!(&messages[..], [own] if own.starts_with("Policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\": the default of `age`") && own.contains("(line 1 col ")),
        "{messages:?}"
    );
}

#[test]
fn a_claims_transformation_that_is_not_its_methods() {
    let transformation = "<ClaimsTransformation Id=\"CompareDates\" TransformationMethod=\"AssertDateTimeIsGreaterThan\"><InputClaims>\
        <InputClaim ClaimTypeReferenceId=\"text\" TransformationClaimType=\"leftOperand\" />\
        <InputClaim ClaimTypeReferenceId=\"date\" TransformationClaimType=\"rightOperand\" />\
        <InputClaim ClaimTypeReferenceId=\"text\" TransformationClaimType=\"third\" /></InputClaims><InputParameters>\
        <InputParameter Id=\"AssertIfEqualTo\" DataType=\"boolean\" Value=\"false\" />\
        <InputParameter Id=\"AssertIfRightOperandIsNotPresent\" DataType=\"boolean\" Value=\"true\" />\
        <InputParameter Id=\"TreatAsEqualIfWithinMillseconds\" DataType=\"int\" Value=\"300000\" /></InputParameters></ClaimsTransformation>";
    let content = claims(&[("date", "dateTime"), ("text", "string")]).replace(
        "</BuildingBlocks>",
        &format!("<ClaimsTransformations>{transformation}</ClaimsTransformations></BuildingBlocks>"),
    );
    alone(
        &content,
        &[
            "The InputClaims mismatched in ClaimsTransformation with id \"CompareDates\" with TransformationMethod \"AssertDateTimeIsGreaterThan\". The following InputClaims were declared in the Policy but were not expected by the TransformMethod: [DateTime]rightOperand, [String]third. The following InputClaims were expected by the TransformMethod but were not declared in the Policy: [String]rightOperand.",
        ],
    );
    let unknown = content.replace("AssertDateTimeIsGreaterThan", "AssertSomething");
    let column = policy("B2C_1A_Test", None, &unknown).find("AssertSomething").map_or(0, |it| it + 1);
    let own = format!("no transformation method is called `AssertSomething` (line 1 col {column}).");
    alone(&unknown, &[&format!("Policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\": {own}")]);
}

#[test]
fn a_language_that_is_there_already() {
    let languages = |behavior: &str| {
        format!(
            "<BuildingBlocks><Localization Enabled=\"true\"><SupportedLanguages DefaultLanguage=\"en\" MergeBehavior=\"{behavior}\"><SupportedLanguage>en</SupportedLanguage></SupportedLanguages></Localization></BuildingBlocks>"
        )
    };
    refused(
        &[("B2C_1A_Base", None, &languages("ReplaceAll")), ("B2C_1A_Test", Some("B2C_1A_Base"), &languages("Append"))],
        &["Duplicate in supported cultures list"],
    );
}

#[test]
fn a_policy_over_the_limits() {
    let large = format!("<!--{}-->", " ".repeat(1024 * 1024));
    let found = uploaded(&[("B2C_1A_Test", None, &large)]).map_err(|it| it.messages().len());
    assert_eq!(found, Err(1));
    let ids: Vec<String> = (0..11).map(|it| format!("B2C_1A_{it}")).collect();
    let mut chain = vec![(&*ids[0], None, "")];
    chain.extend((1..11).map(|it| (&*ids[it], Some(&*ids[it - 1]), "")));
    taken(&chain[..10]);
    refused(
        &chain,
        &[
            "Policy \"B2C_1A_10\" of tenant \"contoso.onmicrosoft.com\": the chain of this policy has 11 policies; the service allows 10 (line 1 col 233).",
        ],
    );
}

/// What a tenant has, and what would be uploaded.
#[test]
fn what_differs_by_meaning() {
    let differs = |own: &str, stored: &str| {
        let project = set(&[("", None, own)]);
        let file = project.files().first().map(|it| it.document.clone());
        file.is_none_or(|it| upload::differs(&it, stored.as_bytes()))
    };
    let own = policy("B2C_1A_Test", Some("B2C_1A_Base"), &claims(&[("a", "string")]));
    let bare = own.replace(" PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Test\"", "");
    for (name, own, stored, expected) in [
        ("the same", own.clone(), own.clone(), false),
        ("laid out anew", own.clone(), own.replace("><", ">\r\n  <") + "<!-- end -->", false),
        ("what the service fills in", bare.clone(), own.clone(), false),
        ("another address", own.clone(), own.replace("http://contoso", "http://fabrikam"), true),
        ("an address that is written only here", own.clone(), bare, true),
        ("another data type", own.clone(), own.replace("<DataType>string", "<DataType>int"), true),
        ("another base", own.clone(), own.replace(">B2C_1A_Base<", ">B2C_1A_Other<"), true),
        ("a base in other letters", own.clone(), own.replace(">B2C_1A_Base<", ">b2c_1a_base<"), false),
        ("another mode", own.clone(), own.replace(" PolicyId", " DeploymentMode=\"Development\" PolicyId"), true),
        ("no XML", own, "<html>".to_owned(), true),
    ] {
        assert_eq!(differs(&own, &stored), expected, "{name}");
    }
}
