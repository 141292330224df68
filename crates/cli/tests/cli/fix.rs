//! `wayfarer check --fix` and `--diff`: what is written, what is shown, and what stays as it is.

use crate::jwt::names;
use crate::sandbox::Sandbox;
use serde_json::json;
use std::fs;

/// A policy with four mistakes that can be fixed safely, and one that a person should look at.
fn policy() -> String {
    r#"<?xml version="1.0" encoding="utf-8"?>
<TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06" PolicySchemaVersion="0.3" TenantId="contoso.onmicrosoft.com" PolicyId="B2C_1A_Base" PublicPolicyUri="http://contoso.onmicrosoft.com/B2C_1A_Other">
  <BuildingBlocks>
    <ClaimsSchema>
      <ClaimType Id="newUser">
        <DataType>Boolean</DataType>
        <!-- für die Seite -->
        <DisplayName>New user 🦀</DisplayName>
      </ClaimType>
    </ClaimsSchema>
  </BuildingBlocks>
  <UserJourneys>
    <UserJourney Id="SignIn">
      <OrchestrationSteps>
        <OrchestrationStep Order="1" Type="Nop" />
      </OrchestrationSteps>
    </UserJourney>
  </UserJourneys>
</TrustFrameworkPolicy>
"#
    .to_owned()
}

/// The same without those four.
fn mended(text: &str) -> String {
    let ends = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let name = format!("        <!-- für die Seite -->{ends}        <DisplayName>New user 🦀</DisplayName>{ends}");
    let (data_type, fixed) =
        (format!("        <DataType>Boolean</DataType>{ends}"), "        <DataType>boolean</DataType>");
    text.replace("\"0.3\"", "\"0.3.0.0\"")
        .replace("B2C_1A_Other", "B2C_1A_Base")
        .replace(&format!("{data_type}{name}"), &format!("{name}{fixed}{ends}"))
}

#[test]
fn safe_fixes_are_written_and_a_second_run_finds_nothing_to_do() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("policies/base.xml", policy());
    let ended = sandbox.wayfarer(&["check", &path, "--fix", "--format", "concise"]);
    let told = "4 fixes applied in 1 file: element-order (1), enum-invalid (1), publicpolicyuri-mismatch (1), \
                schema-version-unsupported (1)\n";
    assert_eq!(ended.stderr, told);
    assert_eq!(ended.stdout.lines().count(), 1, "what is left is told: {ended:#?}");
    assert!(ended.stdout.contains("error[enum-invalid] `Nop`") && ended.code == 1, "{ended:#?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), mended(&policy()));
    let again = sandbox.wayfarer(&["check", &path, "--fix", "--format", "concise"]);
    assert_eq!((again.stderr.as_str(), again.stdout), ("no fix to apply\n", ended.stdout));
    assert_eq!(fs::read_to_string(&path).unwrap(), mended(&policy()));
    assert_eq!(fs::read_dir(sandbox.path("policies")).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn unsafe_fixes_are_applied_when_they_are_asked_for() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("base.xml", policy());
    // What is left is no matter of fixes: the journey issues nothing, and nobody uses its claim.
    let left = ["--ignore", "journey-without-send-claims,unused-definition"];
    let fixed = ["check", &path, "--fix", "--unsafe-fixes", "--format", "concise"];
    let ended = sandbox.wayfarer(&[&fixed[..], &left].concat());
    assert_eq!(ended.fine(), "");
    assert!(ended.stderr.starts_with("5 fixes applied in 1 file: "), "{}", ended.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), mended(&policy()).replace("\"Nop\"", "\"Noop\""));
}

#[test]
fn the_diff_shows_what_would_change_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("base.xml", policy());
    let ended = sandbox.wayfarer(&["check", &path, "--diff"]);
    assert_eq!(ended.code, 1, "there would be changes");
    let head = format!("--- {path}\n+++ {path}\n@@ -1,11 +1,11 @@\n <?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    assert!(ended.stdout.starts_with(&head), "{}", ended.stdout);
    let moved = "       <ClaimType Id=\"newUser\">\n-        <DataType>Boolean</DataType>\n         <!-- für die Seite -->\n         \
                 <DisplayName>New user 🦀</DisplayName>\n+        <DataType>boolean</DataType>\n       </ClaimType>\n";
    assert!(ended.stdout.contains(moved), "{}", ended.stdout);
    assert!(!ended.stdout.contains("Noop"), "{}", ended.stdout);
    for text in ["4 fixes would be applied in 1 file", "1 finding can be fixed with --fix --unsafe-fixes"] {
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
    }
    let all = sandbox.wayfarer(&["check", &path, "--diff", "--unsafe-fixes"]);
    assert!(
        all.code == 1 && all.stdout.contains("+        <OrchestrationStep Order=\"1\" Type=\"Noop\" />"),
        "{all:#?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), policy());
    let left = ["--ignore", "journey-without-send-claims"];
    sandbox.wayfarer(&[&["check", &path, "--fix", "--unsafe-fixes"][..], &left].concat()).fine();
    let none = sandbox.wayfarer(&["check", &path, "--diff"]);
    assert_eq!((none.fine(), none.stderr.as_str()), ("", "no fix to apply\n"));
}

#[test]
fn only_findings_that_are_told_are_fixed() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("base.xml", policy());
    sandbox.wayfarer(&["check", &path, "--fix", "--select", "publicpolicyuri-mismatch"]).fine();
    assert_eq!(fs::read_to_string(&path).unwrap(), policy().replace("B2C_1A_Other", "B2C_1A_Base"));
    sandbox.wayfarer(&["check", &path, "--fix", "--schema-only"]);
    let version = |text: &str| text.replace("\"0.3.0.0\"", "\"0.3\"");
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        version(&mended(&policy())),
        "the version is no matter of the schema"
    );
}

#[test]
fn encodings_byte_order_marks_and_line_ends_stay() {
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| {
        move |text: &str| -> Vec<u8> {
            let text = text.replace("utf-8", "utf-16");
            "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
        }
    };
    type Encode = Box<dyn Fn(&str) -> Vec<u8>>;
    let encodings: [(&str, Encode); 5] = [
        ("UTF-8", Box::new(|it| it.as_bytes().to_vec())),
        ("UTF-8 with a mark", Box::new(|it| format!("\u{FEFF}{it}").into_bytes())),
        ("UTF-16LE", Box::new(utf16(u16::to_le_bytes))),
        ("UTF-16BE", Box::new(utf16(u16::to_be_bytes))),
        ("without a line end", Box::new(|it| it.trim_end().as_bytes().to_vec())),
    ];
    for (name, encode) in encodings {
        for ends in ["\n", "\r\n"] {
            let sandbox = Sandbox::new();
            let text = policy().replace('\n', ends);
            let path = sandbox.write("base.xml", encode(&text));
            let ended = sandbox.wayfarer(&["check", &path, "--fix"]);
            assert!(ended.stderr.starts_with("4 fixes applied"), "{name}: {ended:#?}");
            assert_eq!(fs::read(&path).unwrap(), encode(&mended(&text)), "{name}, {ends:?}");
        }
    }
}

#[test]
fn what_a_setting_stands_for_is_edited_in_the_source_or_not_at_all() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "appsettings.json",
        r#"{ "Environments": [ { "Name": "Test", "Tenant": "contoso.onmicrosoft.com",
             "PolicySettings": { "Kind": "Boolean", "Version": "0.3", "Mail": "email" } } ] }"#,
    );
    let text = policy()
        .replace("<DataType>Boolean</DataType>", "<DataType>{settings:kind}</DataType>")
        .replace("\"0.3\"", "\"{Settings:Version}\"")
        .replace("TenantId=\"contoso.onmicrosoft.com\"", "TenantId=\"{Settings:Tenant}\"");
    let path = sandbox.write("base.xml", &text);
    let ended = sandbox.wayfarer(&["check", &path, "--environment", "Test", "--fix", "--format", "concise"]);
    // The version and the data type are the settings file's, the tenant in the address would be this environment's, and the
    // element that must move holds a token.
    let expected = text.replace("{settings:kind}", "{Settings:Kind}");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{ended:#?}");
    assert_eq!(ended.stderr, "1 fix applied in 1 file: setting-case-drift (1)\n");
    for code in ["element-order", "enum-invalid", "schema-version-unsupported", "publicpolicyuri-mismatch"] {
        assert!(ended.stdout.contains(code), "{code}: {}", ended.stdout);
    }
}

#[test]
fn what_is_only_looked_up_or_malformed_is_not_changed() {
    let sandbox = Sandbox::new();
    let base = sandbox.write("base/base.xml", policy());
    let derived = policy().replace("B2C_1A_Base", "B2C_1A_Derived").replace(
        "  <BuildingBlocks>",
        "  <BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>B2C_1A_Base</PolicyId></BasePolicy>\n  <BuildingBlocks>",
    );
    let path = sandbox.write("derived/derived.xml", &derived);
    let bases = sandbox.path("base").display().to_string();
    sandbox.wayfarer(&["check", &path, "--base", &bases, "--fix"]);
    assert_ne!(fs::read_to_string(&path).unwrap(), derived);
    assert_eq!(fs::read_to_string(&base).unwrap(), policy());
    let malformed = policy().replace("</UserJourneys>", "");
    let path = sandbox.write("malformed.xml", &malformed);
    let ended = sandbox.wayfarer(&["check", &path, "--fix", "--unsafe-fixes"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (1, "no fix to apply\n"));
    assert_eq!(fs::read_to_string(&path).unwrap(), malformed);
}

#[cfg(unix)]
#[test]
fn all_files_are_written_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let first = sandbox.write("policies/a.xml", policy());
    let second = sandbox.write("policies/b.xml", policy().replace("B2C_1A_Base", "B2C_1A_B"));
    fs::set_permissions(&second, fs::Permissions::from_mode(0o444)).unwrap();
    let folder = sandbox.path("policies").display().to_string();
    sandbox.wayfarer(&["check", &folder, "--fix"]).refused(2, &["b.xml` can't be written", "help: make the file"]);
    assert_eq!(fs::read_to_string(&first).unwrap(), policy());
}

#[test]
fn the_json_tells_each_fix_with_its_places() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("base.xml", policy());
    let json = sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
    let of = |code: &str| json.as_array().unwrap().iter().find(|it| it["code"] == code).unwrap().clone();
    let fix = &of("schema-version-unsupported")["fix"];
    assert_eq!(names(fix.as_object().unwrap()), ["title", "applicability", "edits"]);
    // Up to the value: `<TrustFrameworkPolicy xmlns="…" PolicySchemaVersion="`, counted by hand.
    let edit = json!({
        "filename": path,
        "location": { "line": 2, "column": 109 },
        "end_location": { "line": 2, "column": 112 },
        "content": "0.3.0.0",
    });
    assert_eq!(*fix, json!({ "title": "write `0.3.0.0`", "applicability": "safe", "edits": [edit] }));
    let moved = &of("element-order")["fix"];
    assert_eq!(moved["title"], "move `DataType` behind `DisplayName`");
    let text = sandbox.wayfarer(&["check", &path]).stdout;
    assert!(
        text.contains("4 findings can be fixed with --fix, 1 more with --unsafe-fixes; --diff shows how\n"),
        "{text}"
    );
}

#[test]
fn sarif_has_the_fixes_too() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("base.xml", policy());
    let log = sandbox.wayfarer(&["check", &path, "--format", "sarif", "--select", "schema-version-unsupported"]).json();
    let fixes = &log["runs"][0]["results"][0]["fixes"];
    assert_eq!(fixes[0]["description"]["text"], "write `0.3.0.0`");
    // SARIF 2.1.0, 3.55 to 3.57.
    let change = &fixes[0]["artifactChanges"][0];
    assert!(change["artifactLocation"]["uri"].as_str().unwrap().ends_with("/base.xml"), "{change:#}");
    let region = json!({ "startLine": 2, "startColumn": 109, "endLine": 2, "endColumn": 112 });
    let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": "0.3.0.0" } });
    assert_eq!(change["replacements"], json!([replacement]));
}

#[test]
fn what_makes_no_sense_together_is_refused() {
    let sandbox = Sandbox::new();
    let check = |arguments: &[&str]| sandbox.wayfarer(&[&["check", "policies"], arguments].concat());
    check(&["--unsafe-fixes"]).refused(2, &["neither `--fix` nor `--diff`", "help: add `--diff`"]);
    check(&["--fix", "--diff"]).refused(2, &["--fix", "--diff"]);
    check(&["--diff", "--format", "json"]).refused(2, &["--diff", "--format"]);
}
