//! The form of an upload: what is no XML, and what breaks the schema, with line and column.

use super::{tenant, uploaded};
use wayfarer_compiler::upload::{self, Refused};
use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{POLICY_NAMESPACE, decode, parse};

const NS: &str = "http://schemas.microsoft.com/online/cpim/schemas/2013/06";

#[test]
fn what_is_no_xml() {
    let broken = format!(
        "<TrustFrameworkPolicy xmlns=\"{NS}\" PolicyId=\"B2C_1A_Test\"><BuildingBlocks></TrustFrameworkPolicy>"
    );
    let expected = Err("The file contains invalid XML".to_owned());
    assert_eq!(uploaded(&[("", None, &broken)]).map_err(|it| it.to_string()), expected);
    for bytes in [broken.as_bytes(), b"", b"hello", b"<a>\xFF</a>"] {
        assert_eq!(upload::judge_form(bytes, &tenant()).map_err(|it| it.to_string()), expected);
    }
}

/// `content` begins in line 2, column 1.
#[track_caller]
fn form(attributes: &str, content: &str, mistakes: &[(&str, &str)]) {
    let text = format!("<TrustFrameworkPolicy xmlns=\"{NS}\" {attributes}>\n{content}\n</TrustFrameworkPolicy>");
    let found = upload::judge_form(text.as_bytes(), &tenant());
    let told = |(place, text): &(&str, &str)| {
        let text = text.replace("NS", NS);
        format!(
            "Schema validation error found at {place} in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\": {text}"
        )
    };
    let expected: Vec<String> = mistakes.iter().map(told).collect();
    assert_eq!(
        found.as_ref().map_err(Refused::messages),
        if expected.is_empty() { Ok(&()) } else { Err(&expected[..]) }
    );
    assert_eq!(uploaded(&[("", None, &text)]), found, "in a set");
}

const ROOT: &str = "PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_Test\" PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Test\"";

#[test]
fn a_wrong_element() {
    form(
        ROOT,
        "<BuildingBlocks>\n  <Localization Enabled=\"false\" />\n  <ClaimsSchema>\n    <Wrong />\n  </ClaimsSchema>\n</BuildingBlocks>",
        &[(
            "line 4 col 4",
            "The element 'BuildingBlocks' in namespace 'NS' has invalid child element 'ClaimsSchema' in namespace 'NS'. List of possible elements expected: 'DisplayControls' in namespace 'NS'.",
        )],
    );
    // Nothing may follow; an element of no namespace is told without one.
    form(
        ROOT,
        "<BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>B2C_1A_Base</PolicyId><x xmlns=\"\" /></BasePolicy>",
        &[("line 2 col 90", "The element 'BasePolicy' in namespace 'NS' has invalid child element 'x'.")],
    );
}

#[test]
fn a_text_where_none_may_be() {
    form(
        ROOT,
        "<BuildingBlocks>\n<ClaimsSchema>text</ClaimsSchema></BuildingBlocks>",
        &[
            (
                "line 3 col 15",
                "The element 'ClaimsSchema' in namespace 'NS' cannot contain text. List of possible elements expected: 'ClaimType' in namespace 'NS'.",
            ),
            (
                "line 3 col 21",
                "The element 'ClaimsSchema' in namespace 'NS' has incomplete content. List of possible elements expected: 'ClaimType' in namespace 'NS'.",
            ),
        ],
    );
    let protocol = |between: &str| {
        let profile = format!(
            "<TechnicalProfile Id=\"P\"><DisplayName>P</DisplayName><Protocol Name=\"None\">{between}</Protocol></TechnicalProfile>"
        );
        format!(
            "<ClaimsProviders><ClaimsProvider><DisplayName>P</DisplayName><TechnicalProfiles>\n{profile}</TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
        )
    };
    form(ROOT, &protocol(" "), &[("line 3 col 76", "The element cannot contain white space. Content model is empty.")]);
    form(ROOT, &protocol("x"), &[("line 3 col 76", "The element cannot contain text. Content model is empty.")]);
    form(
        ROOT,
        &protocol("<x />"),
        &[(
            "line 3 col 77",
            "The element 'NS:Protocol' cannot contain child element 'NS:x' because the parent element's content model is empty.",
        )],
    );
}

#[test]
fn a_value_that_is_none() {
    let claim = |ty: &str| {
        format!(
            "<BuildingBlocks><ClaimsSchema>\n<ClaimType Id=\"a\"><DisplayName>a</DisplayName><DataType>{ty}</DataType></ClaimType></ClaimsSchema></BuildingBlocks>"
        )
    };
    form(
        ROOT,
        &claim("strng"),
        &[(
            "line 3 col 64",
            "The 'NS:DataType' element is invalid - The value 'strng' is invalid according to its datatype 'NS:DataType' - The Enumeration constraint failed.",
        )],
    );
    form(
        ROOT,
        &claim("<b />").replace("DataType>", "DisplayName>"),
        &[(
            "line 3 col 48",
            "The element 'ClaimType' in namespace 'NS' has invalid child element 'DisplayName' in namespace 'NS'. List of possible elements expected: 'DataType, DefaultPartnerClaimTypes, Mask, AdminHelpText, UserHelpText, UserInputType, Restriction, InputValidationReference, PredicateValidationReference' in namespace 'NS'.",
        )],
    );
    let step = |order: &str| {
        format!(
            "<UserJourneys><UserJourney Id=\"J\"><OrchestrationSteps>\n<OrchestrationStep Order=\"{order}\" Type=\"Noop\" /></OrchestrationSteps></UserJourney></UserJourneys>"
        )
    };
    form(
        ROOT,
        &step("one"),
        &[(
            "line 3 col 20",
            "The 'Order' attribute is invalid - The value 'one' is invalid according to its datatype 'http://www.w3.org/2001/XMLSchema:int' - The string 'one' is not a valid Int32 value.",
        )],
    );
    form(
        &ROOT.replace("contoso.onmicrosoft.com\" PolicyId", "your-tenant\" PolicyId"),
        "",
        &[(
            "line 1 col 118",
            "The 'TenantId' attribute is invalid - The value 'your-tenant' is invalid according to its datatype 'NS:TenantId' - The Pattern constraint failed.",
        )],
    );
}

#[test]
fn attributes() {
    form(
        &ROOT.replace("PolicySchemaVersion=\"0.3.0.0\"", "Version=\"1\""),
        "",
        &[
            ("line 1 col 88", "The 'Version' attribute is not declared."),
            ("line 1 col 2", "The required attribute 'PolicySchemaVersion' is missing."),
        ],
    );
    // The service writes it (reference "graph", 2.1).
    form(ROOT.split(" PublicPolicyUri").next().unwrap_or_default(), "", &[]);
}

#[test]
fn a_key_that_is_there_twice() {
    let steps = |steps: &str| {
        format!(
            "<UserJourneys><UserJourney Id=\"J\"><OrchestrationSteps>\n{steps}</OrchestrationSteps></UserJourney></UserJourneys>"
        )
    };
    form(
        ROOT,
        &steps("<OrchestrationStep Order=\"1\" Type=\"Noop\" />\n<OrchestrationStep Order=\"01\" Type=\"Noop\" />"),
        &[(
            "line 4 col 2",
            "There is a duplicate key sequence '01' for the 'NS:UniqueOrchestrationStepOrder' key or unique identity constraint.",
        )],
    );
    let exchange = "<OrchestrationStep Order=\"1\" Type=\"ClaimsExchange\"><ClaimsExchanges>\n<ClaimsExchange Id=\"E\" TechnicalProfileReferenceId=\"P\" />\n<ClaimsExchange Id=\"E\" TechnicalProfileReferenceId=\"Q\" /></ClaimsExchanges></OrchestrationStep>";
    form(
        ROOT,
        &steps(exchange),
        &[(
            "line 5 col 2",
            "There is a duplicate key sequence 'E' for the 'NS:UniqueClaimsExchangeId' key or unique identity constraint.",
        )],
    );
}

#[test]
fn another_root() {
    let told = |text: &str| upload::judge_form(text.as_bytes(), &tenant()).map_err(|it| it.to_string());
    let before = "Validation failed: 1 validation error(s) found in policy \"\" of tenant \"contoso.onmicrosoft.com\".Schema validation error found at line 1 col 2 in policy \"\" of tenant \"contoso.onmicrosoft.com\": ";
    assert_eq!(told("<Policies />"), Err(format!("{before}The 'Policies' element is not declared.")));
    let other = "<TrustFrameworkPolicy xmlns=\"urn:x\" />";
    assert_eq!(told(other), Err(format!("{before}The 'urn:x:TrustFrameworkPolicy' element is not declared.")));
}

/// The walk that words the mistakes refuses what the schema check refuses, and nothing else: each line of our policies taken
/// out, and written twice.
#[test]
fn the_words_of_the_schema_are_said_where_it_is_broken_and_nowhere_else() {
    let base = include_str!("../base.xml");
    let rest = include_str!("../../../../../policies/client-credentials-rest/TrustFrameworkExtensions.xml");
    let mut judged = (0, 0);
    for text in [base, rest] {
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let without: Vec<&str> = [&lines[..at], &lines[at + 1..]].concat();
            let twice: Vec<&str> = [&lines[..=at], &lines[at..]].concat();
            for text in
                [without.join("\n"), twice.join("\n"), text.replacen(lines[at], &lines[at].replace("\"", "\"?"), 1)]
            {
                let Some(is_sound) = is_sound(&text) else { continue };
                assert_eq!(upload::judge_form(text.as_bytes(), &tenant()).is_ok(), is_sound, "{text}");
                judged = if is_sound { (judged.0 + 1, judged.1) } else { (judged.0, judged.1 + 1) };
            }
        }
    }
    assert!(judged.0 > 20 && judged.1 > 40, "sound and broken ones: {judged:?}");
}

/// What the schema check says of a well-formed file.
fn is_sound(text: &str) -> Option<bool> {
    let (text, _) = decode(Sources::default().add("", ""), text.as_bytes());
    let (document, malformed) = parse(Sources::default().add("", ""), text);
    let mut found = Diagnostics::default();
    check_schema(&document, &mut found);
    found.retain(|it| !(it.code == "required-attribute-missing" && it.message.contains("PublicPolicyUri")));
    malformed.is_empty().then_some(found.is_empty())
}

#[test]
fn the_namespace_of_the_expected_texts_is_that_of_policies() {
    assert_eq!(NS, POLICY_NAMESPACE);
}
