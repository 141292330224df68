//! `wayfarer explain --azure`: from what Azure said back to file and line.

use crate::sandbox::Sandbox;
use serde_json::json;

const POLICY: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06" PolicySchemaVersion="0.3.0.0"
  TenantId="contoso.onmicrosoft.com" PolicyId="B2C_1A_Test" PublicPolicyUri="http://contoso.onmicrosoft.com/B2C_1A_Test">
  <UserJourneys>
    <UserJourney Id="SignIn">
      <OrchestrationSteps>
        <OrchestrationStep Order="1" Type="ClaimsExchange">
          <ClaimsExchanges>
            <ClaimsExchange Id="Read" TechnicalProfileReferenceId="AAD-Read" />
          </ClaimsExchanges>
        </OrchestrationStep>
      </OrchestrationSteps>
    </UserJourney>
    <UserJourney Id="Other">
      <OrchestrationSteps>
        <OrchestrationStep Order="1" Type="Noop" />
      </OrchestrationSteps>
    </UserJourney>
  </UserJourneys>
</TrustFrameworkPolicy>
"#;

/// As Graph answers: details glued together, each twice.
fn answer() -> String {
    let details = [
        "Policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\" makes a reference to TechnicalProfile with id \"AAD-Read\" \
         but neither the policy nor any of its base policies contain such an element.",
        "User journey 'SignIn' does not contain a send claims step.",
    ]
    .join("");
    let message = format!(
        "Validation failed: 2 validation error(s) found in policy \"B2C_1A_TEST\" of tenant \"contoso.onmicrosoft.com\".{details}{details}"
    );
    json!({ "error": { "code": "AADB2C", "message": message } }).to_string()
}

fn sandbox() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let path = sandbox.write("policies/Test.xml", POLICY);
    (sandbox, path)
}

#[test]
fn an_answer_leads_to_the_findings_that_it_is_about() {
    let (sandbox, path) = sandbox();
    let ended = sandbox.wayfarer(&["explain", "--azure", &answer(), &path, "--format", "json"]);
    ended.fine();
    let json = ended.json();
    let told: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let findings = it["findings"].as_array().unwrap();
            let places: Vec<_> =
                findings.iter().map(|it| (it["code"].clone(), it["location"]["line"].clone())).collect();
            (it["name"].clone(), places)
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!("unresolved-reference"), vec![(json!("unresolved-technical-profile"), json!(9))]),
            // The other journey sends no claims either, and the message is not about it.
            (json!("no-send-claims"), vec![(json!("journey-without-send-claims"), json!(5))]),
        ]
    );
}

#[test]
fn for_people_it_tells_what_it_means_and_shows_the_place() {
    let (sandbox, path) = sandbox();
    let ended = sandbox.wayfarer(&["explain", "--azure", &answer(), &path]);
    let text = ended.fine();
    for part in [
        "no-send-claims\n",
        "The journey never issues a token.",
        "next: end it with",
        "Test.xml:5:22",
        "no token is ever issued",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // Without policies it says how to get further.
    let ended = sandbox.wayfarer(&["explain", "--azure", "User journey 'SignIn' does not contain a send claims step."]);
    assert!(ended.fine().contains("name your policies to see where"), "{ended:#?}");
}

#[test]
fn where_no_rule_finds_it_what_is_named_is_shown() {
    let (sandbox, path) = sandbox();
    let text = "Claim type \"x\" is the input claim of technical profile \"AAD-Read\" in step \"1\" of user journey \"SignIn\" but it is \
                not an output claim in any of the previous steps.";
    let ended = sandbox.wayfarer(&["explain", "--azure", text, &path]);
    assert!(ended.fine().contains("Test.xml:9:"), "{ended:#?}");
    let line = "Schema validation error found at line 7 col 9 in policy \"B2C_1A_Test\" of tenant \"contoso.onmicrosoft.com\": The …";
    let ended = sandbox.wayfarer(&["explain", "--azure", line, &path]);
    assert!(ended.fine().contains("Test.xml:7:9  the place that the message tells"), "{ended:#?}");
}

#[test]
fn errors_of_the_run_time_are_known_by_their_number() {
    let sandbox = Sandbox::new();
    for (text, told) in [
        ("AADB2C90277", "content definition reference"),
        (
            "error=server_error&error_description=AADB2C90031%3a+Policy+%27P%27+does+not+specify+a+default+user+journey.",
            "default-journey-missing",
        ),
        (
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADB2C90085: The service has encountered an internal error.\\r\\n\"}",
            "token endpoint",
        ),
    ] {
        let ended = sandbox.wayfarer(&["explain", "--azure", text]);
        assert!(ended.fine().contains(told), "{told}: {ended:#?}");
    }
}

#[test]
fn what_is_not_known_is_said_so() {
    let (sandbox, path) = sandbox();
    sandbox
        .wayfarer(&["explain", "--azure", "hello", &path])
        .refused(2, &["no message of Azure's", "paste the message whole"]);
    sandbox.wayfarer(&["explain", "--azure", " "]).refused(2, &["no text to explain", "--azure -"]);
    sandbox.wayfarer(&["explain", "--azure", "AADB2C90277", "nowhere.xml"]).refused(2, &["nowhere.xml"]);
    sandbox.wayfarer(&["explain", "xml-malformed", &path]).refused(2, &["--azure"]);
    sandbox.wayfarer(&["explain", "--format", "json"]).refused(2, &["--azure"]);
}
