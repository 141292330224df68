//! `wayfarer build`, and what `--environment` does to the other commands: the binary from outside.

#[cfg(test)]
#[path = "cli/sandbox.rs"]
#[expect(dead_code, reason = "the sandbox is shared with the other tests, which use all of it")]
mod sandbox;

#[cfg(test)]
mod tests {
    use super::sandbox::Sandbox;
    use serde_json::{Value, json};
    use std::fs;
    use std::path::Path;

    /// Two environments, one of which lacks a key.
    const SETTINGS: &str = r#"{
  "Environments": [
    { "Name": "Test", "Tenant": "contoso.onmicrosoft.com", "PolicySettings": { "Plan": "gold & silver", "Kept": "$&" } },
    { "Name": "Production", "Tenant": "fabrikam.onmicrosoft.com", "PolicySettings": { "Kept": "$&" } }
  ]
}"#;

    /// The policies of `policies/client-credentials` with tokens, in a folder with a blank, and their settings.
    fn set(sandbox: &Sandbox, settings: &str) -> String {
        let folder = sandbox.policies("my policies", |_, text| {
            let text = text.replace("contoso.onmicrosoft.com", "{Settings:Tenant}");
            text.replace("DefaultValue=\"standard\"", "DefaultValue=\"{Settings:Plan}\"").replace('\n', "\r\n")
        });
        sandbox.write("my policies/appsettings.json", settings.replace("gold & silver", "gold &amp; silver"));
        folder
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn codes(findings: &Value) -> Vec<&str> {
        findings.as_array().expect("findings").iter().map(|it| it["code"].as_str().expect("a code")).collect()
    }

    #[test]
    fn what_is_uploaded_is_what_was_written_but_for_the_tokens() {
        let sandbox = Sandbox::new();
        let folder = set(&sandbox, SETTINGS);
        sandbox.write("my policies/sub/Own.xml", text(&sandbox.path("my policies/ClientCredentials.xml")));
        sandbox.write("my policies/pom.xml", "<project/>");
        let out = sandbox.path("built here");
        let out_text = out.to_str().expect("text").to_owned();
        let ended = sandbox.wayfarer(&["build", &folder, "--environment", "test", "--out", &out_text]);
        let shown = ended.fine();
        assert!(shown.ends_with("4 policy files written for Test\n"), "{shown}");
        for name in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml", "sub/Own.xml"] {
            let written = text(&sandbox.path("my policies").join(name));
            let expected = written
                .replace("{Settings:Tenant}", "contoso.onmicrosoft.com")
                .replace("{Settings:Plan}", "gold &amp; silver");
            assert_ne!(written, expected, "{name} has tokens");
            assert_eq!(text(&out.join(name)), expected, "{name}");
            assert!(shown.contains(&format!("{}\n", out.join(name).display())), "{shown}");
        }
        assert!(!out.join("pom.xml").exists() && !out.join("appsettings.json").exists(), "policies alone");
        // What was built needs no settings, and building it again changes nothing.
        let checked = sandbox.wayfarer(&["check", &out_text, "--format", "json"]);
        assert!(!codes(&checked.json()).iter().any(|it| it.starts_with("setting-")), "{checked:#?}");
        let again = sandbox.path("again");
        let settings = sandbox.path("my policies/appsettings.json");
        let arguments = [
            "build",
            &out_text,
            "--settings",
            settings.to_str().unwrap(),
            "--environment",
            "Test",
            "--out",
            again.to_str().unwrap(),
        ];
        sandbox.wayfarer(&arguments).fine();
        assert_eq!(text(&again.join("sub/Own.xml")), text(&out.join("sub/Own.xml")));
    }

    #[test]
    fn a_token_without_a_value_stops_the_build_and_leaves_what_was_there() {
        let sandbox = Sandbox::new();
        let folder = set(&sandbox, SETTINGS);
        let out = sandbox.write("out/ClientCredentials.xml", "before");
        let out = Path::new(&out).parent().unwrap().to_str().unwrap();
        let arguments = ["build", &folder, "--environment", "Production", "--out", out];
        sandbox.wayfarer(&arguments).refused(
            1,
            &[
                "`{Settings:Plan}` is not resolved: environment `Production` has no `Plan`",
                "TrustFrameworkExtensions.xml:79:68",
                "environment `Test` has it",
                "nothing was written",
            ],
        );
        assert_eq!(text(&sandbox.path("out/ClientCredentials.xml")), "before");
        assert_eq!(fs::read_dir(out).unwrap().count(), 1, "nothing else is there");
        let object = sandbox.wayfarer(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!((object.code, &object.json()["written"]), (1, &json!([])));
    }

    #[test]
    fn other_findings_are_told_and_the_files_are_written() {
        let sandbox = Sandbox::new();
        let settings = SETTINGS.replace("\"contoso.onmicrosoft.com\"", "\"yourtenant.onmicrosoft.com\"");
        let folder = set(&sandbox, &settings);
        let out = sandbox.path("out");
        let arguments = ["build", &folder, "--environment", "Test", "--out", out.to_str().unwrap(), "--format", "json"];
        let ended = sandbox.wayfarer(&arguments);
        let object = ended.json();
        assert_eq!(ended.code, 1, "a placeholder in what is uploaded is an error");
        assert!(codes(&object["diagnostics"]).contains(&"tenant-placeholder-left"), "{object:#}");
        let path = Path::new(&folder).join("ClientCredentials.xml");
        let written = json!({ "source": path, "path": out.join("ClientCredentials.xml") });
        assert_eq!((&object["written"][0], &object["environment"]), (&written, &json!("Test")));
        assert!(out.join("TrustFrameworkBase.xml").exists());
        let checked = sandbox.wayfarer(&["check", &folder, "--environment", "Test", "--format", "json"]);
        assert!(!codes(&checked.json()).contains(&"tenant-placeholder-left"), "it is the tenant that runs");
    }

    #[test]
    fn nothing_is_written_among_the_policies() {
        let sandbox = Sandbox::new();
        let folder = set(&sandbox, SETTINGS);
        let inside = format!("{folder}/built");
        for out in [&folder, &inside] {
            let arguments = ["build", &folder, "--environment", "Test", "--out", out];
            sandbox.wayfarer(&arguments).refused(2, &["is in the folder of the policies", "--out"]);
        }
        assert!(!Path::new(&inside).exists());
        let bases = sandbox.write("bases/B.xml", "<project/>");
        let bases = Path::new(&bases).parent().unwrap().to_str().unwrap();
        let arguments = ["build", &folder, "--base", bases, "--environment", "Test", "--out", bases];
        sandbox.wayfarer(&arguments).refused(2, &["in the folder of the policies"]);
        let file = format!("{folder}/ClientCredentials.xml");
        sandbox
            .wayfarer(&["build", &file, "--environment", "Test", "--out", &folder])
            .refused(2, &["in the folder of"]);
        sandbox.wayfarer(&["build", &file, "--environment", "Test", "--out", &inside]).fine();
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 1, "the file that was named, not its bases");
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        let sandbox = Sandbox::new();
        let folder = set(&sandbox, SETTINGS);
        let out = sandbox.path("out");
        let out = out.to_str().unwrap();
        let refused = |arguments: &[&str], texts: &[&str]| sandbox.wayfarer(arguments).refused(2, texts);
        refused(&["build", &folder, "--out", out], &["none is named", "--environment NAME"]);
        refused(
            &["build", &folder, "--environment", "Tst", "--out", out],
            &["no environment `Tst`", "did you mean `Test`?"],
        );
        refused(&["check", &folder, "--settings", "no.json"], &["no settings file `no.json`"]);
        let file = format!("{folder}/appsettings.json");
        refused(&["check", &folder, "--settings", &file], &["several environments", "Test, Production"]);
        fs::write(&file, "{ \"Environments\": [\n  { \"Name\" \"Test\" }] }").unwrap();
        refused(&["run", &folder, "--environment", "Test"], &["appsettings.json:2:12", "this is no JSON"]);
        fs::remove_file(&file).unwrap();
        refused(&["serve", &folder, "--environment", "Test"], &["there is no `appsettings.json`", "--settings FILE"]);
    }

    #[test]
    fn check_and_run_judge_the_built_text_and_tell_places_in_the_source() {
        let sandbox = Sandbox::new();
        let folder = set(&sandbox, SETTINGS);
        let without = sandbox.wayfarer(&["check", &folder, "--format", "json"]);
        let mut found = codes(&without.json()).into_iter().map(str::to_owned).collect::<Vec<_>>();
        found.retain(|it| it != "setting-unresolved");
        assert_eq!((without.code, found.len()), (0, 0), "one warning a token and file, no error: {without:#?}");
        let unresolved = without.json().as_array().unwrap().len();
        assert_eq!(unresolved, 4);
        let schema = sandbox.wayfarer(&["check", &folder, "--schema-only", "--format", "concise"]);
        assert!(schema.code == 1 && schema.stdout.contains("value-invalid"), "{schema:#?}");
        sandbox.wayfarer(&["check", &folder, "--schema-only", "--environment", "Test"]).fine();

        let now = ["--now", "2030-01-01T00:00:00Z", "--seed", "1", "--format", "json"];
        let run = |arguments: &[&str]| sandbox.wayfarer(&[&["run", &folder], arguments, &now].concat());
        let built = run(&["--environment", "Test"]).json();
        let text = built.to_string();
        assert!(text.contains("\"gold & silver\"") && text.contains("@contoso.onmicrosoft.com"), "{built:#}");
        let plain = run(&[]);
        assert!(plain.stderr.contains("4 tokens of a settings file left as written"), "{plain:#?}");
        let places = |value: &Value| {
            value["trace"]
                .to_string()
                .replace("gold & silver", "{Settings:Plan}")
                .replace("contoso.onmicrosoft.com", "{Settings:Tenant}")
        };
        assert_eq!(places(&built), places(&plain.json()), "all places of the trace");
    }

    #[test]
    fn files_of_the_module_give_keys_prefix_and_tenant() {
        let sandbox = Sandbox::new();
        let folder = sandbox.policies("policies", |_, text| {
            text.replace("contoso.onmicrosoft.com", "yourtenant.onmicrosoft.com")
                .replace("\"standard\"", "\"{Plans:Default}\"")
        });
        let conf = sandbox
            .write("conf.json", "{ // settings\n \"Prefix\": \"V2_\", \"Plans\": { \"Default\": \"from conf\" } }");
        let out = sandbox.path("out");
        let arguments =
            ["build", &folder, "--settings", &conf, "--environment", "contoso", "--out", out.to_str().unwrap()];
        sandbox.wayfarer(&arguments).fine();
        let base = text(&out.join("TrustFrameworkExtensions.xml"));
        assert!(base.contains("PolicyId=\"B2C_1A_V2_CC_Extensions\"") && base.contains("\"from conf\""), "{base}");
        assert!(base.contains("http://contoso.onmicrosoft.com/B2C_1A_V2_CC_Extensions"), "{base}");
        let arguments = ["run", &folder, "--settings", &conf, "--environment", "contoso", "--format", "json"];
        let ended = sandbox.wayfarer(&arguments).json();
        assert_eq!(ended["policy"], "B2C_1A_V2_ClientCredentials");
    }
}
