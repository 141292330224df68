//! `wayfarer.toml`.

use crate::sandbox::{Ended, Sandbox, repository_file};

/// A folder with a policy that has one error, and a configuration.
fn with(config: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.write("set/policy.xml", repository_file("fixtures/broken/misspelt-claim-type/policy.xml"));
    sandbox.write("set/legacy/policy.xml", repository_file("fixtures/broken/misspelt-claim-type/policy.xml"));
    sandbox.write("set/wayfarer.toml", config);
    let set = sandbox.path("set").display().to_string();
    (sandbox, set)
}

/// `check --format concise` without the folder in the places.
fn check(sandbox: &Sandbox, set: &str, arguments: &[&str]) -> Ended {
    let mut ended = sandbox.wayfarer(&[&["check", set, "--format", "concise"], arguments].concat());
    let folder = sandbox.path("set").display().to_string();
    ended.stdout = ended.stdout.replace('\\', "/").replace(&format!("{}/", folder.replace('\\', "/")), "");
    ended
}

const FINDING: &str = "[unresolved-claim-type] no `ClaimType` declares `emial`\n";

#[test]
fn levels_are_those_of_the_file_and_decide_the_exit_code() {
    let both = |level: &str| format!("legacy/policy.xml:21:48: {level}{FINDING}policy.xml:21:48: {level}{FINDING}");
    for (config, expected, code) in [
        ("", both("error"), 1),
        ("[rules]\nunresolved-claim-type = \"error\"", both("error"), 1),
        ("[rules]\nunresolved-claim-type = \"warning\"", both("warning"), 0),
        ("deny = \"warnings\"\n[rules]\nunresolved-claim-type = \"warning\"", both("warning"), 1),
        ("[rules]\nunresolved-claim-type = \"info\"", both("info"), 0),
        ("[rules]\nunresolved-claim-type = \"off\"", String::new(), 0),
        (
            "[[overrides]]\npaths = [\"legacy/**\"]\nrules = { unresolved-claim-type = \"off\" }",
            format!("policy.xml:21:48: error{FINDING}"),
            1,
        ),
        (
            // The last override that has the rule counts.
            "[rules]\nunresolved-claim-type = \"info\"
             [[overrides]]\npaths = [\"**\"]\nrules = { unresolved-claim-type = \"warning\" }
             [[overrides]]\npaths = ['legacy\\*.xml']\nrules = { unresolved-claim-type = \"error\" }
             [[overrides]]\npaths = [\"**\"]\nrules = { rest-http = \"off\" }",
            format!("legacy/policy.xml:21:48: error{FINDING}policy.xml:21:48: warning{FINDING}"),
            1,
        ),
        ("[policies]\nexclude = [\"legacy\"]", format!("policy.xml:21:48: error{FINDING}"), 1),
        ("[policies]\ninclude = [\"legacy/*.xml\"]", format!("legacy/policy.xml:21:48: error{FINDING}"), 1),
        ("[policies]\ninclude = [\"**\"]\nexclude = [\"**/policy.xml\"]", String::new(), 0),
    ] {
        let (sandbox, set) = with(config);
        let ended = check(&sandbox, &set, &[]);
        assert_eq!((ended.stdout.as_str(), ended.code), (expected.as_str(), code), "{config}");
    }
}

#[test]
fn a_warning_that_is_raised_to_an_error_fails_the_check() {
    let sandbox = Sandbox::new();
    let set = sandbox.policies_with_a_warning("set");
    let code = |sandbox: &Sandbox| sandbox.wayfarer(&["check", &set]).code;
    assert_eq!(code(&sandbox), 0);
    sandbox.write("set/wayfarer.toml", "[rules]\nsuppression-unused = \"error\"");
    assert_eq!(code(&sandbox), 1);
}

#[test]
fn the_command_line_wins() {
    let (sandbox, set) = with("[rules]\nunresolved-claim-type = \"off\"\n[policies]\nexclude = [\"legacy\"]");
    assert_eq!(check(&sandbox, &set, &["--select", "unresolved-claim-type"]).code, 1, "asked for by name");
    let named = sandbox.path("set/legacy/policy.xml").display().to_string();
    let ended = check(&sandbox, &named, &["--select", "unresolved-claim-type"]);
    assert_eq!(ended.stdout, format!("legacy/policy.xml:21:48: error{FINDING}"), "a file that is named is judged");
    let other = sandbox.write("other.toml", "");
    assert_eq!(check(&sandbox, &set, &["--config", &other]).code, 1);
}

#[test]
fn what_is_excluded_is_still_a_base() {
    let sandbox = Sandbox::new();
    let set = sandbox.policies("set", |_, text| text);
    sandbox.write("set/wayfarer.toml", "[policies]\nexclude = [\"*Base.xml\", \"*Extensions.xml\"]");
    assert_eq!(sandbox.wayfarer(&["check", &set]).fine(), "no problems in 1 file\n");
    sandbox.wayfarer(&["run", &set, "--format", "token"]).fine();
}

#[test]
fn base_folders_environment_and_settings_are_relative_to_the_file() {
    let sandbox = Sandbox::new();
    sandbox.policies("all", |_, text| text.replace("contoso.onmicrosoft.com", "{Settings:Tenant}"));
    std::fs::create_dir_all(sandbox.path("set/rp")).unwrap();
    std::fs::rename(sandbox.path("all/ClientCredentials.xml"), sandbox.path("set/rp/ClientCredentials.xml")).unwrap();
    let settings =
        r#"{ "Environments": [ { "Name": "Test", "Tenant": "contoso.onmicrosoft.com", "PolicySettings": {} } ] }"#;
    sandbox.write("conf/appsettings.json", settings);
    let path = sandbox.path("set/rp").display().to_string();
    assert_eq!(sandbox.wayfarer(&["check", &path]).code, 1, "the base is missing");
    let config = "base = [\"../all\"]\nenvironment = \"Test\"\nsettings = \"../conf/appsettings.json\"";
    sandbox.write("set/wayfarer.toml", config);
    assert_eq!(sandbox.wayfarer(&["check", &path]).fine(), "no problems in 1 file\n");
    // The same for every command that reads policies.
    let token = sandbox.wayfarer(&["run", &path, "--format", "json"]).json();
    assert_eq!(token["outcome"], "completed", "{token:#}");
    let out = sandbox.path("out").display().to_string();
    let built = sandbox.wayfarer(&["build", &path, "--out", &out]);
    assert!(built.fine().contains("1 policy file written for Test"), "{built:#?}");
    assert_eq!(sandbox.wayfarer(&["check", &path, "--environment", "Tset"]).code, 2, "the command line wins");
}

#[test]
fn what_it_may_not_say_is_refused_with_its_place() {
    for (config, texts) in [
        ("rule = {}", ["wayfarer.toml:1:1: there is no key `rule` here", "did you mean `rules`?"]),
        (
            "\n[rules]\nrest-htp = \"off\"",
            ["wayfarer.toml:3:1: there is no rule `rest-htp`", "did you mean `rest-http`?"],
        ),
        (
            "[rules]\nrest-http = \"errr\"",
            ["wayfarer.toml:2:13: there is no value `errr` here", "did you mean `error`?"],
        ),
        ("settings = \"x.json\"", ["there is no settings file", "help: check `settings` in `"]),
        ("[policies]\nexclude = [\"{\"]", ["wayfarer.toml:2:12: this is no glob", "write it as `legacy/**`"]),
    ] {
        let (sandbox, set) = with(config);
        sandbox.wayfarer(&["check", &set]).refused(2, &texts);
        sandbox.wayfarer(&["run", &set]).refused(2, &texts);
    }
    let (sandbox, set) = with("");
    sandbox.wayfarer(&["check", &set, "--config", "nowhere.toml"]).refused(2, &["no file `nowhere.toml`", "--config"]);
    sandbox.write("second/wayfarer.toml", "");
    let second = sandbox.path("second").display().to_string();
    sandbox.wayfarer(&["check", &set, &second]).refused(2, &["two files apply", "--config FILE"]);
}
