//! `wayfarer check --format sarif` and `--format junit`, and how findings are coloured.

use crate::sandbox::{Sandbox, repository_file};
use serde_json::{Value, json};

const MISSPELT: &str = "fixtures/broken/misspelt-claim-type";
const INFO: &str = "fixtures/broken/not-a-policy";

/// The first run of a SARIF log.
#[track_caller]
fn sarif(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let log = sandbox.wayfarer(&[&["check", "--format", "sarif"], arguments].concat()).json();
    assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1));
    log["runs"][0].clone()
}

#[test]
fn sarif_tells_the_finding_its_place_and_its_rule() {
    // The shapes are those of sarif-schema-2.1.0.json.
    let run = sarif(&Sandbox::new(), &[MISSPELT]);
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let uri = json!({ "uri": "fixtures/broken/misspelt-claim-type/policy.xml", "uriBaseId": "%SRCROOT%" });
    let [result] = &run["results"].as_array().unwrap()[..] else { panic!("{run:#}") };
    for (pointer, expected) in [
        ("/ruleId", json!("unresolved-claim-type")),
        ("/ruleIndex", json!(0)),
        ("/level", json!("error")),
        ("/message/text", json!("no `ClaimType` declares `emial`\ndid you mean `email`?")),
        ("/locations/0/physicalLocation/artifactLocation", uri.clone()),
        (
            "/locations/0/physicalLocation/region",
            json!({ "startLine": 21, "startColumn": 48, "endLine": 21, "endColumn": 53 }),
        ),
        ("/relatedLocations/0/physicalLocation/artifactLocation", uri),
        ("/relatedLocations/0/physicalLocation/region/startLine", json!(7)),
        ("/relatedLocations/0/message/text", json!("declared here")),
        ("/properties/policy", json!("B2C_1A_Misspelt")),
    ] {
        assert_eq!(result.pointer(pointer), Some(&expected), "{pointer}: {result:#}");
    }
    let driver = &run["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["semanticVersion"]), (&json!("Wayfarer"), &json!(env!("CARGO_PKG_VERSION"))));
    let [rule] = &driver["rules"].as_array().unwrap()[..] else { panic!("{driver:#}") };
    assert_eq!(rule["id"], "unresolved-claim-type");
    assert_eq!(rule["help"]["markdown"], repository_file("docs/rules/unresolved-claim-type.md"));
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    for text in ["shortDescription", "fullDescription"] {
        assert!(rule[text]["text"].as_str().unwrap().starts_with("Reports a name that no `ClaimType`"), "{rule:#}");
    }
}

#[test]
fn sarif_has_each_level_and_a_fingerprint_that_moves_with_its_line() {
    let sandbox = Sandbox::new();
    let set = sandbox.policies_with_a_warning("set");
    let run = sarif(&sandbox, &[MISSPELT, &set, INFO]);
    let mut levels: Vec<&str> =
        run["results"].as_array().unwrap().iter().map(|it| it["level"].as_str().unwrap()).collect();
    levels.sort_unstable();
    levels.dedup();
    assert_eq!(levels, ["error", "note", "warning"]);
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    let print = |text: String| {
        let path = sandbox.write("my policies/a.xml", text);
        let result = sarif(&sandbox, &[&path])["results"][0].clone();
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(uri.as_str().is_some_and(|it| it.starts_with("file:///") && it.ends_with("/my%20policies/a.xml")));
        result["partialFingerprints"]["wayfarer/v1"].as_str().unwrap().to_owned()
    };
    let before = print(text.clone());
    assert!(before.len() == 16 && before.bytes().all(|it| it.is_ascii_hexdigit()), "{before}");
    assert_eq!(print(text.replacen('\n', "\n\n\n", 1)), before, "two lines further down");
    assert_ne!(print(text.replace("emial", "emali")), before, "another name");
}

#[test]
fn sarif_has_the_fix_of_a_finding() {
    let sandbox = Sandbox::new();
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    // Azure wants lower case: `xs:boolean` of XML Schema.
    let text = text.replacen(" DefaultValue=", " Required=\"True\" DefaultValue=", 1);
    let path = sandbox.write("policy.xml", text);
    let run = sarif(&sandbox, &[&path, "--select", "value-invalid"]);
    let fix = &run["results"][0]["fixes"][0];
    let change = &fix["artifactChanges"][0];
    assert_eq!(fix["properties"]["applicability"], "safe", "{run:#}");
    assert_eq!(change["artifactLocation"], run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]);
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "true");
    // `            <OutputClaim ClaimTypeReferenceId="emial" Required="` stands before it.
    assert_eq!(
        replacement["deletedRegion"],
        json!({ "startLine": 21, "startColumn": 65, "endLine": 21, "endColumn": 69 })
    );
}

#[test]
fn a_clean_set_is_a_log_without_results() {
    let run = sarif(&Sandbox::new(), &["policies/client-credentials"]);
    assert_eq!((&run["results"], &run["tool"]["driver"]["rules"]), (&json!([]), &json!([])));
}

#[test]
fn junit_has_a_suite_for_each_file_and_a_case_for_each_finding() {
    let sandbox = Sandbox::new();
    let file = "fixtures/broken/misspelt-claim-type/policy.xml";
    let ended = sandbox.wayfarer(&["check", MISSPELT, "--format", "junit"]);
    assert_eq!(ended.code, 1);
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"wayfarer check\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">
  <testsuite name=\"{file}\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">
    <testcase name=\"unresolved-claim-type at 21:48\" classname=\"{file}\" file=\"{file}\" line=\"21\">
      <failure type=\"error\" message=\"no `ClaimType` declares `emial`\">{file}:21:48: no `ClaimType` declares `emial`
did you mean `email`?</failure>
    </testcase>
  </testsuite>
</testsuites>
"
    );
    assert_eq!(ended.stdout, expected);
    // A warning fails where warnings are denied, and is a skipped case elsewhere.
    let set = sandbox.policies_with_a_warning("set");
    let warning = |more: &[&str]| sandbox.wayfarer(&[&["check", &set, "--format", "junit"], more].concat());
    let (shown, denied) = (warning(&[]), warning(&["--deny", "warnings"]));
    assert!(shown.code == 0 && shown.stdout.contains("<skipped message=\"warning: "), "{shown:#?}");
    assert!(denied.code == 1 && denied.stdout.contains("<failure type=\"warning\""), "{denied:#?}");
    let clean = sandbox.wayfarer(&["check", "policies/client-credentials", "--format", "junit"]);
    let root = "<testsuites name=\"wayfarer check\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\">";
    assert!(clean.fine().contains(root), "{clean:#?}");
    assert_eq!(clean.stdout.matches("<testcase name=\"no findings\"").count(), 3);
}

#[test]
fn a_related_place_far_away_comes_after_the_place_itself() {
    let human = Sandbox::new().wayfarer(&["check", MISSPELT]).stdout;
    let place = |it: &str| human.find(it).unwrap_or_else(|| panic!("`{it}` is missing: {human}"));
    assert!(place("policy.xml:21:48") < place("☞ declared here"), "{human}");
    assert!(place("☞ declared here") < place("policy.xml:7:22"), "{human}");
}

#[test]
fn colour_is_as_the_conventions_say_and_the_option_wins() {
    // https://no-color.org, https://bixense.com/clicolors: without a terminal only a force colours.
    let sandbox = Sandbox::new();
    for (variables, options, coloured) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[], &["--color=auto"], false),
    ] {
        let arguments = [&["check", MISSPELT], options].concat();
        let ended = sandbox.wayfarer_in(variables, &arguments);
        assert_eq!(ended.stdout.contains('\u{1b}'), coloured, "{variables:?} {options:?}: {ended:#?}");
        assert_eq!(ended.stderr, "", "no progress without a terminal");
    }
}
