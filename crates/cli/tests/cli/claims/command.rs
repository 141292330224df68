//! `wayfarer claim`.

use super::{FOLDER, policy};
use crate::sandbox::Sandbox;
use serde_json::json;

const POLICY: &str = "B2C_1A_Case";

/// A claim type that the derived policy overrides in one piece: control from here, the rest from there.
const CLAIMS: &str = r#"<BuildingBlocks>
<ClaimsSchema>
<ClaimType Id="password"><DisplayName>Password</DisplayName><DataType>string</DataType><UserInputType>Password</UserInputType><PredicateValidationReference Id="Strong" /></ClaimType>
<ClaimType Id="phone"><DisplayName>Phone</DisplayName><DataType>phoneNumber</DataType><DefaultPartnerClaimTypes><Protocol Name="OpenIdConnect" PartnerClaimType="phone_number" /></DefaultPartnerClaimTypes><Mask Type="Simple">XXX-XXX-</Mask><UserInputType>Readonly</UserInputType></ClaimType>
<ClaimType Id="legacy"><DisplayName>Legacy</DisplayName><DataType>string</DataType><UserInputType>TextBox</UserInputType><InputValidationReference Id="Old" /></ClaimType>
<ClaimType Id="broken"><DisplayName>Broken</DisplayName><DataType>string</DataType><UserInputType>TextBox</UserInputType><Restriction><Pattern RegularExpression="(" /></Restriction></ClaimType>
</ClaimsSchema>
<Predicates>
<Predicate Id="Length" Method="IsLengthRange" HelpText="Between 8 and 64 characters."><Parameters><Parameter Id="Minimum">8</Parameter><Parameter Id="Maximum">64</Parameter></Parameters></Predicate>
<Predicate Id="Lower" Method="IncludesCharacters"><UserHelpText>a lowercase letter</UserHelpText><Parameters><Parameter Id="CharacterSet">a-z</Parameter></Parameters></Predicate>
<Predicate Id="Digit" Method="IncludesCharacters" HelpText="a digit"><Parameters><Parameter Id="CharacterSet">0-9</Parameter></Parameters></Predicate>
</Predicates>
<InputValidations><InputValidation Id="Old"><PredicateReferences Id="g" HelpText="One of these:" MatchAtLeast="1"><PredicateReference Id="Lower" /><PredicateReference Id="Digit" /></PredicateReferences></InputValidation></InputValidations>
<PredicateValidations><PredicateValidation Id="Strong"><PredicateGroups>
<PredicateGroup Id="LengthGroup"><PredicateReferences><PredicateReference Id="Length" /></PredicateReferences></PredicateGroup>
<PredicateGroup Id="ClassGroup"><UserHelpText>The password needs both of:</UserHelpText><PredicateReferences MatchAtLeast="2"><PredicateReference Id="Lower" /><PredicateReference Id="Digit" /></PredicateReferences></PredicateGroup>
</PredicateGroups></PredicateValidation></PredicateValidations>
</BuildingBlocks>"#;

fn ended(content: &str, arguments: &[&str]) -> crate::sandbox::Ended {
    let sandbox = Sandbox::new();
    let file = sandbox.write("Case.xml", policy(content));
    let [id, rest @ ..] = arguments else { panic!("an id") };
    let mut all = vec!["claim", id, &file, "--base", FOLDER, "--policy", POLICY];
    all.extend(rest);
    sandbox.wayfarer(&all)
}

#[test]
fn a_refused_value_shows_what_the_user_reads() {
    let ended = ended(CLAIMS, &["password", "--value", "abc"]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    let expected = "value `abc`: refused (Predicates); the user reads:\n  Between 8 and 64 characters.\n  The password needs both of:\n    - a digit\n";
    assert!(ended.stdout.ends_with(expected), "{}", ended.stdout);
    for part in ["Case.xml:5", "group `ClassGroup`: 2 of", "`Length`: IsLengthRange Minimum=`8` Maximum=`64`"] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
}

#[test]
fn an_accepted_value_shows_claim_token_and_page() {
    let password = ended(CLAIMS, &["password", "--value", "abcdefg1", "--format", "json"]).json();
    let expected =
        json!({ "entered": ["abcdefg1"], "outcome": "accepted", "value": "abcdefg1", "token": null, "shown": null });
    assert_eq!(password["judgement"], expected, "a password is in no token and on no page");
    let phone = ended(CLAIMS, &["PHONE", "--value", "+11234567890", "--format", "json"]).json();
    let expected = json!({ "entered": ["+11234567890"], "outcome": "ignored", "value": "+11234567890", "token": "+11234567890", "shown": "XXX-XXX-7890" });
    assert_eq!(phone["judgement"], expected);
    assert_eq!((&phone["claim"], &phone["dataType"]), (&json!("phone"), &json!("phoneNumber")));
    assert_eq!(phone["partnerNames"], json!({ "OpenIdConnect": "phone_number" }));
}

#[test]
fn an_input_validation_is_a_group_each() {
    assert_eq!(ended(CLAIMS, &["legacy", "--value", "1"]).code, 0);
    let refused = ended(CLAIMS, &["legacy", "--value", "A", "--format", "json"]);
    let messages = &refused.json()["judgement"]["messages"];
    let expected =
        json!([{ "cause": "Predicates", "heading": "One of these:", "lines": ["a lowercase letter", "a digit"] }]);
    assert_eq!((refused.code, messages), (1, &expected));
}

#[test]
fn texts_and_lists_are_those_of_the_language() {
    let localized = include_str!("localized.xml");
    let spanish = ended(localized, &["city", "--language", "es-MX", "--value", "londres"]);
    assert!(spanish.fine().contains("display name    Ciudad  "), "{spanish:#?}");
    assert_eq!(ended(localized, &["city", "--language", "en", "--value", "londres"]).code, 1);
    let german = ended(localized, &["city", "--language", "de", "--value", "london"]);
    german.fine();
    assert!(german.stderr.contains("no content definition of this policy has texts in `de`"), "{german:#?}");
}

#[test]
fn what_is_wrong_is_told() {
    ended(CLAIMS, &["pasword"]).refused(2, &["declares no claim type `pasword`", "did you mean `password`?"]);
    ended(CLAIMS, &["broken"])
        .refused(1, &["claim type `broken`: the `Pattern` is not a usable regular expression", "Case.xml:8"]);
    ended(CLAIMS, &["phone", "--policy", "B2C_1A_Cas"]).refused(2, &["cannot be used multiple times"]);
}

/// The reference "claims", section 7: what becomes of a base's list.
#[test]
fn restrictions_are_merged() {
    let list = |behavior: &str, values: &str| {
        let items: String =
            values.split_whitespace().map(|it| format!("<Enumeration Text=\"{it}\" Value=\"{it}\" />")).collect();
        format!("<Restriction{behavior}>{items}</Restriction>")
    };
    let claim = |inner: &str| {
        format!("<BuildingBlocks><ClaimsSchema><ClaimType Id=\"c\">{inner}</ClaimType></ClaimsSchema></BuildingBlocks>")
    };
    let cases: Merges = toml::from_str(include_str!("restrictions.toml")).unwrap_or_else(|error| panic!("{error}"));
    for case in cases.case {
        let sandbox = Sandbox::new();
        let base = format!(
            "<DisplayName>c</DisplayName><DataType>string</DataType><UserInputType>DropdownSingleSelect</UserInputType>{}",
            list("", &case.base)
        );
        let behavior = case.merge_behavior.as_ref().map(|it| format!(" MergeBehavior=\"{it}\"")).unwrap_or_default();
        let derived = case.derived.as_ref().map(|it| list(&behavior, it)).unwrap_or_default();
        sandbox.write("set/Case.xml", policy(&claim(&base)));
        let top = policy(&claim(&format!("<UserInputType>RadioSingleSelect</UserInputType>{derived}")));
        let top = top
            .replace("<PolicyId>B2C_1A_CC_Extensions<", "<PolicyId>B2C_1A_Case<")
            .replace("PolicyId=\"B2C_1A_Case\"", "PolicyId=\"B2C_1A_Top\"");
        sandbox.write("set/Top.xml", top);
        let folder = sandbox.path("set");
        let json = sandbox
            .wayfarer(&[
                "claim",
                "c",
                folder.to_str().unwrap(),
                "--base",
                FOLDER,
                "--policy",
                "B2C_1A_Top",
                "--format",
                "json",
            ])
            .json();
        let values: Vec<_> =
            json["enumeration"].as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap()).collect();
        assert_eq!(values.join(" "), case.merged, "{}", case.name);
        assert_eq!((&json["userInputType"], &json["dataType"]), (&json!("RadioSingleSelect"), &json!("string")));
    }
}

#[derive(serde::Deserialize)]
struct Merges {
    case: Vec<Merge>,
}

/// Lists are values with blanks between.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    name: String,
    base: String,
    merge_behavior: Option<String>,
    /// Without it the derived claim type has no `Restriction`.
    derived: Option<String>,
    merged: String,
}
