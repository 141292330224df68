//! Claims from the policy's XML to the token, and `wayfarer claim`.

mod command;

use crate::sandbox::{Ended, Sandbox};
use serde::Deserialize;
use serde_json::{Map, Value};

pub(super) const FOLDER: &str = "policies/client-credentials";

/// A policy of that content, over the extensions of `policies/client-credentials`.
pub(super) fn policy(content: &str) -> String {
    format!(
        "<TrustFrameworkPolicy xmlns=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06\" PolicySchemaVersion=\"0.3.0.0\" \
         TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_Case\" PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Case\">\n\
         <BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>B2C_1A_CC_Extensions</PolicyId></BasePolicy>\n\
         {content}\n</TrustFrameworkPolicy>"
    )
}

fn run(sandbox: &Sandbox, content: &str, params: &[String]) -> Ended {
    let file = sandbox.write("Case.xml", policy(content));
    let mut arguments = vec!["run", &file, "--base", FOLDER, "--format", "json", "--now", "2026-01-31T08:00:00Z"];
    params.iter().for_each(|it| arguments.extend(["--param", it]));
    sandbox.wayfarer(&arguments)
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    claim: Vec<Claim>,
    #[serde(default)]
    flag: bool,
    #[serde(default)]
    params: Vec<String>,
    protocol: Option<String>,
    #[serde(default)]
    rows: Vec<Map<String, Value>>,
    #[serde(default)]
    bag: Map<String, Value>,
    #[serde(default)]
    bag_absent: Vec<String>,
    #[serde(default)]
    token: Map<String, Value>,
    #[serde(default)]
    absent: Vec<String>,
    refused: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    id: String,
    data_type: Option<String>,
    control: Option<String>,
    #[serde(default)]
    partners: Map<String, Value>,
    before: Option<String>,
    reference: Option<Map<String, Value>>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn attributes(map: &Map<String, Value>) -> String {
    map.iter().map(|(name, value)| format!(" {name}=\"{}\"", text(value))).collect()
}

impl Case {
    fn xml(&self) -> String {
        let types: String = self.claim.iter().map(Claim::xml).collect();
        let before = |it: &Claim| {
            let value = it.before.as_ref()?;
            Some(format!("<OutputClaim ClaimTypeReferenceId=\"{}\" DefaultValue=\"{value}\" />", it.id))
        };
        let reference = |it: &Claim| {
            let own = it.reference.as_ref()?;
            Some(format!("<OutputClaim ClaimTypeReferenceId=\"{}\"{} />", it.id, attributes(own)))
        };
        let row = |it: &Map<String, Value>| format!("<OutputClaim{} />", attributes(it));
        let rows: String = self.rows.iter().map(row).collect();
        let (before, references): (String, String) =
            (self.claim.iter().filter_map(before).collect(), self.claim.iter().filter_map(reference).collect());
        let outputs = |it: String| if it.is_empty() { it } else { format!("<OutputClaims>{it}</OutputClaims>") };
        let flag = format!("<Item Key=\"IncludeClaimResolvingInClaimsHandling\">{}</Item>", self.flag);
        let protocol = self.protocol.as_deref().unwrap_or("OpenIdConnect");
        format!(
            "<BuildingBlocks><ClaimsSchema>{types}</ClaimsSchema></BuildingBlocks>\n\
             <ClaimsProviders><ClaimsProvider><DisplayName>p</DisplayName><TechnicalProfiles>\
             <TechnicalProfile Id=\"ClientCredentials_Setup\">{}</TechnicalProfile>\
             <TechnicalProfile Id=\"TokenAugmentation\"><Metadata>{flag}</Metadata>{}</TechnicalProfile>\
             </TechnicalProfiles></ClaimsProvider></ClaimsProviders>\n\
             <RelyingParty><DefaultUserJourney ReferenceId=\"ClientCredentialsJourney\" /><TechnicalProfile Id=\"PolicyProfile\">\
             <DisplayName>p</DisplayName><Protocol Name=\"{protocol}\" />{}</TechnicalProfile></RelyingParty>",
            outputs(before),
            outputs(references),
            outputs(rows)
        )
    }
}

impl Claim {
    fn xml(&self) -> String {
        let row = |(name, value): (&String, &Value)| {
            format!("<Protocol Name=\"{name}\" PartnerClaimType=\"{}\" />", text(value))
        };
        let partners: String = self.partners.iter().map(row).collect();
        let partners = match partners.is_empty() {
            true => partners,
            false => format!("<DefaultPartnerClaimTypes>{partners}</DefaultPartnerClaimTypes>"),
        };
        let control =
            self.control.as_ref().map(|it| format!("<UserInputType>{it}</UserInputType>")).unwrap_or_default();
        let data_type = self.data_type.as_deref().unwrap_or("string");
        format!(
            "<ClaimType Id=\"{0}\"><DisplayName>{0}</DisplayName><DataType>{data_type}</DataType>{partners}{control}</ClaimType>",
            self.id
        )
    }
}

/// The reference "claims", sections 2, 4 and 10.4.
#[test]
fn claim_references() {
    let cases: Cases = toml::from_str(include_str!("references.toml")).unwrap_or_else(|error| panic!("{error}"));
    let sandbox = Sandbox::new();
    for case in cases.case {
        let ended = run(&sandbox, &case.xml(), &case.params);
        if let Some(code) = &case.refused {
            assert!(ended.code == 1 && ended.stderr.contains(code), "{}: {ended:#?}", case.name);
            continue;
        }
        ended.fine();
        let json = ended.json();
        for (expected, absent, found) in
            [(&case.bag, &case.bag_absent, &json["bag"]), (&case.token, &case.absent, &json["claims"])]
        {
            expected.iter().for_each(|(name, value)| assert_eq!(&found[name], value, "{}: {name}", case.name));
            absent.iter().for_each(|it| assert!(found.get(it).is_none(), "{}: {it} in {found}", case.name));
        }
    }
}

/// The reference "pages", 2.1; "claims-transformations", the three methods that read localized resources.
#[test]
fn localized_texts_are_in_the_language_of_the_request() {
    let relying_party = "<RelyingParty><DefaultUserJourney ReferenceId=\"ClientCredentialsJourney\" />\
        <TechnicalProfile Id=\"PolicyProfile\"><DisplayName>p</DisplayName><Protocol Name=\"OpenIdConnect\" /><OutputClaims>\
        <OutputClaim ClaimTypeReferenceId=\"greeting\" /><OutputClaim ClaimTypeReferenceId=\"subject\" />\
        <OutputClaim ClaimTypeReferenceId=\"city\" /><OutputClaim ClaimTypeReferenceId=\"language\" /></OutputClaims></TechnicalProfile></RelyingParty>";
    let content = format!("{}{relying_party}", include_str!("localized.xml"));
    let sandbox = Sandbox::new();
    // What is asked for; language, greeting, subject, value of the city called "Londres".
    let cases = [
        (None, "en", Some("Hello Ann!"), Some("Contoso code"), None),
        (Some("es"), "es", Some("¡Hola Ann!"), Some("Código de Contoso"), Some("londres")),
        (Some("es-MX en"), "es", Some("¡Hola Ann!"), Some("Código de Contoso"), Some("londres")),
        (Some("de es"), "es", Some("¡Hola Ann!"), Some("Código de Contoso"), Some("londres")),
        (Some("de"), "en", Some("Hello Ann!"), Some("Contoso code"), None),
        // Supported, and the content definition has no resources of it: only the format falls back.
        (Some("hi"), "hi", Some("Hello Ann!"), None, None),
    ];
    for (asked, language, greeting, subject, city) in cases {
        let params: Vec<String> = asked.map(|it| format!("ui_locales={it}")).into_iter().collect();
        let ended = run(&sandbox, &content, &params);
        ended.fine();
        let claims = &ended.json()["claims"];
        let found = ["language", "greeting", "subject", "city"].map(|it| claims.get(it).and_then(Value::as_str));
        assert_eq!(found, [Some(language), greeting, subject, city], "{asked:?}");
    }
    // A section that is not enabled has no texts.
    let ended = run(&sandbox, &content.replace("Localization Enabled=\"true\"", "Localization"), &[]);
    ended.fine();
    assert!(ended.json()["claims"].get("greeting").is_none());
}
