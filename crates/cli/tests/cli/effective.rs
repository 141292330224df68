//! `effective` and `diff`: a chain printed as one policy, and two chains compared by meaning.

use crate::sandbox::Sandbox;
use serde_json::Value;

const POLICY: &str = "B2C_1A_ClientCredentials";

fn printed(sandbox: &Sandbox, folder: &str) -> String {
    sandbox.wayfarer(&["effective", folder]).fine().to_owned()
}

#[test]
fn what_is_printed_is_valid_stands_alone_and_means_the_same() {
    let sandbox = Sandbox::new();
    let one = sandbox.write("one/Effective.xml", printed(&sandbox, "policies/client-credentials"));
    assert_eq!(sandbox.wayfarer(&["check", "--schema-only", "--format", "json", &one]).json(), serde_json::json!([]));
    let same = sandbox.wayfarer(&["diff", "policies/client-credentials", &one, "--policy", POLICY]);
    assert!(same.fine().contains("no differences"), "{same:#?}");
    assert_eq!(
        printed(&sandbox, &one),
        printed(&sandbox, "policies/client-credentials"),
        "merging again changes nothing"
    );
}

#[test]
fn a_repeated_profile_is_merged_and_its_origins_are_told() {
    let sandbox = Sandbox::new();
    let text = sandbox.wayfarer(&["effective", "policies/client-credentials", "--origins"]).fine().to_owned();
    let origin = "TrustFrameworkExtensions.xml:72, over policies/client-credentials/TrustFrameworkBase.xml:70";
    assert!(text.contains(origin), "{text}");
    let json = sandbox.wayfarer(&["effective", "policies/client-credentials", "--format", "json"]).json();
    assert_eq!(json["policy"], POLICY);
    let chain: Vec<&Value> = json["chain"].as_array().unwrap().iter().map(|it| &it["policy"]).collect();
    assert_eq!(chain, ["B2C_1A_CC_Base", "B2C_1A_CC_Extensions", POLICY], "the root comes first");
    assert_eq!(json["element"]["name"], "TrustFrameworkPolicy");
}

#[test]
fn layout_comments_attribute_order_and_spellings_of_numbers_and_names_are_no_differences() {
    let sandbox = Sandbox::new();
    let other = sandbox.policies("other", |_, text| {
        text.replace("Order=\"1\" Type=\"ClaimsExchange\"", "Type=\"ClaimsExchange\"\n  Order=\"01\"")
            .replace("AlwaysUseDefaultValue=\"true\"", "AlwaysUseDefaultValue=\"1\"")
            .replace("ClaimTypeReferenceId=\"ticket\"", "ClaimTypeReferenceId=\"TICKET\" Required=\"false\"")
            .replace("<UserJourneys>", "<!-- nothing -->\r\n<UserJourneys>")
    });
    sandbox.wayfarer(&["diff", "policies/client-credentials", &other]).fine();
}

/// What is changed, in which file's text, and what `diff` says of it: kind, path, before and after.
#[test]
fn differences_are_told_with_path_values_and_places() {
    let cases = [
        (
            "<Item Key=\"token_lifetime_secs\">3600</Item>",
            "<Item Key=\"token_lifetime_secs\">900</Item>",
            ("value", "TechnicalProfile JwtIssuer / Metadata / Item token_lifetime_secs", "3600", "900"),
        ),
        (
            "<OutputClaim ClaimTypeReferenceId=\"features\" />\n      </OutputClaims>",
            "</OutputClaims>",
            ("removed", "RelyingParty / TechnicalProfile policyprofile / OutputClaims / OutputClaim features", "", ""),
        ),
        (
            "Value=\"INTEGER\"",
            "Value=\"GUID\"",
            (
                "value",
                "ClaimsTransformation createticketnumber / InputParameters / InputParameter randomgeneratortype",
                "INTEGER",
                "GUID",
            ),
        ),
    ];
    for (from, to, (kind, path, before, after)) in cases {
        let sandbox = Sandbox::new();
        let other = sandbox.policies("other", |_, text| text.replace(from, to));
        let ended = sandbox.wayfarer(&["diff", "policies/client-credentials", &other, "--format", "json"]);
        assert_eq!(ended.code, 1, "{ended:#?}");
        let found = ended.json();
        let [only] = &found.as_array().unwrap()[..] else { panic!("{found:#}") };
        let told = only["path"].as_str().unwrap().to_lowercase();
        assert!(told.ends_with(&path.to_lowercase()), "{told}");
        assert_eq!(only["change"], kind);
        if kind == "value" {
            assert_eq!((&only["before"], &only["after"]), (&Value::from(before), &Value::from(after)));
            assert!(only["left"].as_str().unwrap().contains(".xml:"), "{only}");
        }
    }
}

#[test]
fn the_order_of_claims_counts_and_that_of_definitions_does_not() {
    let sandbox = Sandbox::new();
    let (first, second) =
        ("<OutputClaim ClaimTypeReferenceId=\"ticket\" />", "<OutputClaim ClaimTypeReferenceId=\"features\" />");
    let swapped = sandbox.policies("swapped", |name, text| match name {
        "ClientCredentials.xml" => text.replace(first, "@").replace(second, first).replace('@', second),
        _ => text,
    });
    let ended = sandbox.wayfarer(&["diff", "policies/client-credentials", &swapped, "--format", "json"]);
    assert_eq!(ended.json()[0]["change"], "order", "{ended:#?}");
    let types = ["<ClaimType Id=\"grantType\">", "<ClaimType Id=\"correlationId\">"];
    let moved = sandbox.policies("moved", |name, text| match name {
        "TrustFrameworkBase.xml" => text
            .replace("How the client signed in", "#")
            .replace("Correlation id of the request", "How the client signed in")
            .replace('#', "Correlation id of the request")
            .replace(types[0], "@")
            .replace(types[1], types[0])
            .replace('@', types[1]),
        _ => text,
    });
    sandbox.wayfarer(&["diff", "policies/client-credentials", &moved]).fine();
}

#[test]
fn a_broken_chain_and_unknown_policies_are_refused() {
    let sandbox = Sandbox::new();
    let lone =
        sandbox.write("lone.xml", crate::sandbox::repository_file("policies/client-credentials/ClientCredentials.xml"));
    sandbox.wayfarer(&["effective", &lone]).refused(1, &["base-missing", "there is no effective policy"]);
    let folder = "policies/client-credentials";
    sandbox
        .wayfarer(&["effective", folder, "--policy", "B2C_1A_ClientCredential"])
        .refused(2, &["did you mean `B2C_1A_ClientCredentials`?"]);
    sandbox.wayfarer(&["diff", folder, "nowhere"]).refused(2, &["there is no file or folder `nowhere`"]);
}

#[test]
fn two_environments_of_one_set_are_compared_as_they_are_built() {
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("set", |_, text| text.replace(">3600<", ">{Settings:Lifetime}<"));
    let settings = r#"{"Environments":[
        {"Name":"Test","Tenant":"contoso.onmicrosoft.com","PolicySettings":{"Lifetime":"600"}},
        {"Name":"Live","Tenant":"contoso.onmicrosoft.com","PolicySettings":{"Lifetime":"900"}}]}"#;
    sandbox.write("set/appsettings.json", settings);
    let same = ["diff", &folder, &folder, "--environment", "Test"];
    sandbox.wayfarer(&same).fine();
    let both = ["diff", &folder, &folder, "--environment", "Test", "--environment", "Live", "--format", "json"];
    let found = sandbox.wayfarer(&both).json();
    assert_eq!((&found[0]["before"], &found[0]["after"], &found[1]), (&"600".into(), &"900".into(), &Value::Null));
}
