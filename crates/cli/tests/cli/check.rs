//! `wayfarer check`: formats, levels, exit codes.

use crate::jwt::names;
use crate::sandbox::{Sandbox, repository_file, root};
use serde_json::{Value, json};
use std::fs;

const MISSPELT: &str = "fixtures/broken/misspelt-claim-type";
const WARNING: &str = "fixtures/broken/claim-that-nobody-sets";
const INFO: &str = "fixtures/broken/not-a-policy";

#[test]
fn every_broken_policy_has_the_findings_of_its_folder_and_gets_no_token() {
    let mut folders = 0;
    for entry in fs::read_dir(root().join("fixtures/broken")).unwrap().flatten().filter(|it| it.path().is_dir()) {
        let folder = format!("fixtures/broken/{}", entry.file_name().to_str().unwrap());
        let expected = repository_file(&format!("{folder}/findings.txt"));
        let sandbox = Sandbox::new();
        let ended = sandbox.wayfarer(&["check", &folder, "--format", "concise"]);
        assert_eq!(ended.stdout, expected, "{folder}");
        let broken = expected.contains(": error[");
        assert_eq!(ended.code, i32::from(broken), "{folder}");
        if broken {
            let run = sandbox.wayfarer(&["run", &folder, "--format", "token"]);
            assert!(run.code == 1 && run.stdout.is_empty() && !run.stderr.is_empty(), "{folder}: {run:#?}");
        }
        folders += 1;
    }
    assert!(folders >= 10, "{folders} folders");
}

#[test]
fn our_own_policies_have_no_findings() {
    let sandbox = Sandbox::new();
    let ended = sandbox.wayfarer(&["check", "policies", "--deny", "warnings", "--format", "concise"]);
    assert_eq!((ended.fine(), ended.stderr.as_str()), ("", ""));
    assert_eq!(sandbox.wayfarer(&["check", "policies", "--format", "json"]).fine(), "[]\n");
    assert_eq!(sandbox.wayfarer(&["check", "policies"]).fine(), "no problems in 6 files\n");
}

#[test]
fn the_json_has_the_members_of_the_contract() {
    let ended = Sandbox::new().wayfarer(&["check", MISSPELT, "--format", "json"]);
    assert_eq!(ended.code, 1);
    let json = ended.json();
    let [finding] = &json.as_array().unwrap()[..] else { panic!("{json:#}") };
    let contract = [
        "code",
        "severity",
        "message",
        "filename",
        "location",
        "end_location",
        "policy",
        "help",
        "url",
        "related",
        "fix",
    ];
    assert_eq!(names(finding.as_object().unwrap()), contract);
    for (name, value) in [
        ("code", json!("unresolved-claim-type")),
        ("severity", json!("error")),
        ("message", json!("no `ClaimType` declares `emial`")),
        ("filename", json!("fixtures/broken/misspelt-claim-type/policy.xml")),
        // <OutputClaim ClaimTypeReferenceId="emial", counted by hand.
        ("location", json!({ "line": 21, "column": 48 })),
        ("end_location", json!({ "line": 21, "column": 53 })),
        ("policy", json!("B2C_1A_Misspelt")),
    ] {
        assert_eq!(finding[name], value, "{name}");
    }
    assert!(finding["help"].as_str().unwrap().contains("`email`"), "{finding:#}");
    assert!(finding["url"].as_str().unwrap().contains("unresolved-claim-type"), "{finding:#}");
    for related in finding["related"].as_array().unwrap() {
        assert_eq!(names(related.as_object().unwrap()), ["message", "filename", "location"]);
    }
}

#[test]
fn related_places_are_told() {
    let json = Sandbox::new().wayfarer(&["check", "fixtures/broken/one-id-twice", "--format", "json"]).json();
    let related = &json[0]["related"][0];
    assert_eq!(names(related.as_object().unwrap()), ["message", "filename", "location"]);
    assert_eq!(related["filename"], "fixtures/broken/one-id-twice/b.xml");
    assert_eq!(related["location"], json!({ "line": 3, "column": 78 }));
}

#[test]
fn columns_count_utf_16_units() {
    let sandbox = Sandbox::new();
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    // Before the name stand, on its line, 🦀 (2 units in UTF-16, 4 bytes in UTF-8) and é (1 unit, 2 bytes).
    let text = text.replace("            <OutputClaim ", "<!-- 🦀é --><OutputClaim ");
    let path = sandbox.write("policy.xml", text);
    let json = sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
    // `<!-- ` 5, 🦀é 3, ` -->` 4, `<OutputClaim ` 13, `ClaimTypeReferenceId="` 22: 47 units stand before it.
    assert_eq!(json[0]["location"], json!({ "line": 21, "column": 48 }));
    assert_eq!(json[0]["filename"], path, "the path as it was given");
}

#[test]
fn github_reads_workflow_commands() {
    let sandbox = Sandbox::new();
    let ended = sandbox.wayfarer(&["check", MISSPELT, WARNING, INFO, "--format", "github"]);
    assert_eq!(ended.code, 1);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let place = "file=fixtures/broken/misspelt-claim-type/policy.xml,line=21,col=48,endLine=21,endColumn=53";
    let start = format!("::error {place},title=unresolved-claim-type::no `ClaimType` declares `emial`");
    assert!(lines.iter().any(|it| it.starts_with(&start)), "{}", ended.stdout);
    assert!(lines.iter().any(|it| it.starts_with("::warning file=")), "{}", ended.stdout);
    assert!(lines.iter().any(|it| it.starts_with("::notice file=")), "{}", ended.stdout);
    // https://docs.github.com/actions/reference/workflow-commands-for-github-actions: property values escape `:` and `,`.
    let path = sandbox.write("a,b:c%d/policy.xml", "");
    let odd = sandbox.wayfarer(&["check", &path, "--format", "github"]);
    assert!(odd.stdout.contains("a%2Cb%3Ac%25d/policy.xml,line=1"), "{}", odd.stdout);
    assert!(odd.stdout.lines().all(|it| it.starts_with("::error file=")), "one line a finding: {}", odd.stdout);
}

#[test]
fn people_see_the_source_the_place_and_what_to_do() {
    let ended = Sandbox::new().wayfarer(&["check", MISSPELT]);
    for part in [
        "unresolved-claim-type",
        "no `ClaimType` declares `emial`",
        "fixtures/broken/misspelt-claim-type/policy.xml:21:48",
        "ClaimTypeReferenceId=\"emial\"",
        "help:",
        "`email`",
        "1 error in 1 file",
    ] {
        assert!(ended.stdout.contains(part), "`{part}` is missing: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn exit_codes_tell_fine_findings_and_could_not_run_apart() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("empty")).unwrap();
    let empty = sandbox.path("empty").display().to_string();
    for (arguments, code) in [
        (vec!["policies"], 0),
        (vec![MISSPELT], 1),
        (vec![WARNING], 0),
        (vec![WARNING, "--deny", "warnings"], 1),
        (vec![INFO], 0),
        (vec![INFO, "--deny", "warnings"], 0),
        (vec![MISSPELT, "--ignore", "unresolved-claim-type"], 0),
        (vec![MISSPELT, "--select", "unresolved-claim-type"], 1),
        (vec![MISSPELT, "--select", "base-missing"], 0),
        (vec![MISSPELT, "--select", "base-missing,unresolved-claim-type"], 1),
        (vec![MISSPELT, "--select", "base-missing", "--select", "unresolved-claim-type"], 1),
        (vec![MISSPELT, "--select", "unresolved-claim-type", "--ignore", "unresolved-claim-type"], 0),
        (vec![WARNING, "--deny", "warnings", "--ignore", "client-credentials-output-unfillable"], 0),
        (vec!["fixtures/broken/base-missing"], 1),
        (vec!["fixtures/broken/base-missing", "--base", "policies/client-credentials"], 1),
        (vec!["policies/client-credentials/ClientCredentials.xml"], 0),
        (vec!["no-such-path"], 2),
        (vec!["policies", "no-such-path"], 2),
        (vec!["policies", "--base", "no-such-path"], 2),
        (vec![&empty], 2),
        (vec!["policies", "--select", "no-such-rule"], 2),
        (vec!["policies", "--format", "yaml"], 2),
        (vec!["policies", "--deny", "everything"], 2),
        (vec!["policies", "--no-such-flag"], 2),
    ] {
        let arguments = [vec!["check", "--format", "concise"], arguments].concat();
        let arguments: Vec<&str> = match arguments.iter().filter(|it| **it == "--format").count() {
            1 => arguments,
            _ => arguments[..1].iter().chain(&arguments[3..]).copied().collect(),
        };
        let ended = sandbox.wayfarer(&arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {ended:#?}");
        assert_eq!(ended.stderr.is_empty(), code != 2, "stderr is for what could not run: {ended:#?}");
        assert!(code != 2 || ended.stdout.is_empty(), "{ended:#?}");
    }
}

#[test]
fn what_could_not_run_says_the_next_step() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("empty")).unwrap();
    let empty = sandbox.path("empty").display().to_string();
    for (arguments, texts) in [
        (vec!["no-such-path"], ["there is no file or folder `no-such-path`", "help: check the spelling"]),
        (vec![&empty], ["there is no policy file (`*.xml`) in", "help: name the folder"]),
        (
            vec!["policies", "--select", "unresolved-claim-typ"],
            ["there is no rule `unresolved-claim-typ`", "did you mean `unresolved-claim-type`?"],
        ),
        (vec!["policies", "--ignore", "xyzzy"], ["there is no rule `xyzzy`", "`wayfarer explain` lists all rules"]),
    ] {
        sandbox.wayfarer(&[vec!["check"], arguments].concat()).refused(2, &texts);
    }
}

#[test]
fn what_is_ignored_or_not_selected_is_not_printed() {
    let sandbox = Sandbox::new();
    let folder = "fixtures/broken/steps-out-of-order";
    let codes = |arguments: &[&str]| -> Vec<String> {
        let json = sandbox.wayfarer(&[&["check", folder, "--format", "json"], arguments].concat()).json();
        json.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&[]), ["journey-without-send-claims", "step-missing", "unresolved-technical-profile"]);
    assert_eq!(codes(&["--select", "step-missing"]), ["step-missing"]);
    assert_eq!(codes(&["--ignore", "step-missing"]), ["journey-without-send-claims", "unresolved-technical-profile"]);
}

#[test]
fn statistics_count_each_rule() {
    let sandbox = Sandbox::new();
    let both = ["check", "fixtures/broken/base-cycle", WARNING, "--statistics"];
    let ended = sandbox.wayfarer(&both);
    let rows: Vec<Vec<&str>> = ended.stdout.lines().map(|it| it.split_whitespace().collect()).collect();
    assert_eq!(rows, [["2", "error", "base-cycle"], ["1", "warning", "client-credentials-output-unfillable"]]);
    assert_eq!(ended.code, 1, "statistics change nothing about the verdict");
    let json = sandbox.wayfarer(&[&both[..], &["--format", "json"]].concat()).json();
    let expected = json!([
        { "code": "base-cycle", "severity": "error", "count": 2 },
        { "code": "client-credentials-output-unfillable", "severity": "warning", "count": 1 },
    ]);
    assert_eq!(json, expected);
}

#[test]
fn schema_only_judges_every_xml_file_and_nothing_else() {
    let sandbox = Sandbox::new();
    // A reference that leads nowhere is no matter of the schema; neither are bases.
    for folder in [MISSPELT, "fixtures/broken/base-missing", "fixtures/broken/base-cycle", WARNING] {
        assert_eq!(
            sandbox.wayfarer(&["check", folder, "--schema-only", "--format", "json"]).json(),
            json!([]),
            "{folder}"
        );
    }
    let ended = sandbox.wayfarer(&["check", INFO, "--schema-only", "--format", "json"]);
    assert_eq!(ended.code, 1, "what is no policy is not left out: {ended:#?}");
    assert_eq!(ended.json()[0]["severity"], "error");
    let ended = sandbox.wayfarer(&["check", "fixtures/broken/unclosed-element", "--schema-only", "--format", "json"]);
    assert_eq!(ended.json()[0]["code"], "xml-malformed");
}

#[test]
fn a_base_that_is_only_looked_up_is_not_judged() {
    let sandbox = Sandbox::new();
    // The base has a mistake of its own; the policy that derives from it has none.
    let base = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    sandbox.write("base/base.xml", base);
    let derived =
        repository_file("fixtures/broken/base-missing/policy.xml").replace("B2C_1A_Nowhere", "B2C_1A_Misspelt");
    let path = sandbox.write("derived/policy.xml", derived);
    let base = sandbox.path("base").display().to_string();
    let alone = sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
    assert_eq!(alone[0]["code"], "base-missing");
    let ended = sandbox.wayfarer(&["check", &path, "--base", &base, "--format", "json"]);
    let elsewhere = |it: &Value| it["filename"] != path.as_str();
    assert!(!ended.json().as_array().unwrap().iter().any(elsewhere), "{ended:#?}");
    assert!(!ended.stdout.contains("base-missing"), "{ended:#?}");
}
