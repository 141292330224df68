//! `wayfarer check --write-baseline`: an old policy set that starts today.

use crate::sandbox::{Sandbox, repository_file};
use serde_json::json;
use std::fs;

const CLAIM: &str = "            <OutputClaim ClaimTypeReferenceId=\"emial\" DefaultValue=\"a@contoso.com\" />\n";

fn policy() -> String {
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    assert!(text.contains(CLAIM));
    text
}

/// A set with one finding, and a baseline of it.
fn with_baseline() -> (Sandbox, String, String) {
    let sandbox = Sandbox::new();
    sandbox.write("set/sub/policy.xml", policy());
    let (set, file) = (sandbox.path("set").display().to_string(), sandbox.path("set/known.json").display().to_string());
    let ended = sandbox.wayfarer(&["check", &set, &format!("--write-baseline={file}")]);
    assert!(ended.fine().starts_with(&format!("1 finding written to {file}\n")), "{ended:#?}");
    (sandbox, set, file)
}

#[test]
fn it_holds_no_place_of_this_machine_and_a_line_for_each_finding() {
    let (_sandbox, _, file) = with_baseline();
    let text = fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["{", "  \"version\": 1,", "  \"findings\": ["]);
    let finding: serde_json::Value = serde_json::from_str(lines[3].trim()).unwrap();
    assert_eq!(finding["file"], "sub/policy.xml");
    assert_eq!(
        (&finding["rule"], &finding["message"]),
        (&json!("unresolved-claim-type"), &json!("no `ClaimType` declares `emial`"))
    );
    assert_eq!(lines[4..], ["  ]", "}"]);
}

#[test]
fn what_is_in_it_is_not_reported_wherever_its_line_went() {
    let (sandbox, set, file) = with_baseline();
    let check = |text: &str| {
        sandbox.write("set/sub/policy.xml", text);
        sandbox.wayfarer(&["check", &set, "--baseline", &file])
    };
    let known = format!("no problems in 1 file\n1 finding of {file} not shown\n");
    assert_eq!(check(&policy()).fine(), known);
    assert_eq!(check(&policy().replacen('\n', "\n<!-- -->\n\n", 1)).fine(), known);
    assert_eq!(check(&policy().replace('\n', "\r\n")).fine(), known, "as Windows writes lines");
    // A second one like it is new, and so is another name.
    let twice = check(&policy().replace(CLAIM, &CLAIM.repeat(2)));
    assert!(twice.code == 1 && twice.stdout.contains("1 error in 1 file"), "{twice:#?}");
    assert!(check(&policy().replace("emial", "emali")).stdout.contains("declares `emali`"));
}

#[test]
fn what_is_mended_is_told_until_the_baseline_is_written_again() {
    let (sandbox, set, file) = with_baseline();
    sandbox.write("set/sub/policy.xml", policy().replace("emial", "email"));
    let stale = format!("1 finding of {file} no longer there; --write-baseline takes them out\n");
    let ended = sandbox.wayfarer(&["check", &set, "--baseline", &file]);
    assert_eq!(ended.fine(), format!("no problems in 1 file\n{stale}"));
    let json = sandbox.wayfarer(&["check", &set, "--baseline", &file, "--format", "json"]);
    assert_eq!((json.fine(), json.stderr.as_str()), ("[]\n", stale.as_str()));
    sandbox.wayfarer(&["check", &set, &format!("--write-baseline={file}")]).fine();
    assert_eq!(sandbox.wayfarer(&["check", &set, "--baseline", &file]).fine(), "no problems in 1 file\n");
}

#[test]
fn other_files_of_the_baseline_are_neither_mended_nor_forgotten() {
    let (sandbox, set, file) = with_baseline();
    let other = sandbox.write("set/other.xml", policy().replace("B2C_1A_Misspelt", "B2C_1A_Other"));
    sandbox.wayfarer(&["check", &other, &format!("--write-baseline={file}")]).fine();
    assert_eq!(
        sandbox.wayfarer(&["check", &set, "--baseline", &file]).fine(),
        format!("no problems in 2 files\n2 findings of {file} not shown\n")
    );
    let one = sandbox.wayfarer(&["check", &other, "--baseline", &file]);
    assert_eq!(one.fine(), format!("no problems in 1 file\n1 finding of {file} not shown\n"), "nothing is stale");
    fs::remove_file(&other).unwrap();
    let gone = sandbox.wayfarer(&["check", &set, "--baseline", &file]);
    assert!(gone.fine().contains("1 finding of") && gone.stdout.contains("no longer there"), "{gone:#?}");
}

#[test]
fn without_a_name_it_is_beside_the_configuration_which_may_name_it() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("set/sub/policy.xml", policy());
    sandbox.write("set/wayfarer.toml", "");
    let ended = sandbox.wayfarer(&["check", "--write-baseline", &path]);
    assert!(ended.fine().contains("or put `baseline = \"wayfarer-baseline.json\"` into wayfarer.toml"), "{ended:#?}");
    assert!(sandbox.path("set/wayfarer-baseline.json").exists());
    sandbox.write("set/wayfarer.toml", "baseline = \"wayfarer-baseline.json\"");
    sandbox.wayfarer(&["check", &path]).fine();
    sandbox.write("set/wayfarer.toml", "baseline = \"sub/known.json\"");
    sandbox.wayfarer(&["check", &path]).refused(2, &["there is no baseline", "--write-baseline="]);
    sandbox.wayfarer(&["check", "--write-baseline", &path]).fine();
    let text = fs::read_to_string(sandbox.path("set/sub/known.json")).unwrap();
    assert!(text.contains("\"file\":\"policy.xml\""), "{text}");
}

#[test]
fn what_is_no_baseline_is_refused() {
    let sandbox = Sandbox::new();
    for (text, message) in
        [("", "is no baseline: EOF"), ("[]", "is no baseline"), ("{\"version\":9,\"findings\":[]}", "version 9")]
    {
        let file = sandbox.write("known.json", text);
        sandbox
            .wayfarer(&["check", "policies", "--baseline", &file])
            .refused(2, &[message, "--write-baseline` has written"]);
        // A file that is something else is not written over.
        sandbox.wayfarer(&["check", "policies", &format!("--write-baseline={file}")]).refused(2, &[message]);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    let mixed = sandbox.wayfarer(&["check", "policies", "--write-baseline", "--select", "rest-http"]);
    mixed.refused(2, &["--write-baseline", "--select"]);
}
