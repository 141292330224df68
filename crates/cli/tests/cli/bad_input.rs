//! What people feed a program by mistake, or on purpose. Nothing crashes, nothing is half done, every answer has a place
//! and a next step, and no token comes out.

use crate::http::{Script, Scripted};
use crate::sandbox::{Sandbox, repository_file};
use std::fs::{self, File};

const NAMESPACE: &str = "xmlns=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06\"";

fn base() -> String {
    repository_file("policies/client-credentials/TrustFrameworkBase.xml")
}

fn nested(depth: usize, end: bool) -> String {
    let inner = if end { "</a>".repeat(depth) + "</TrustFrameworkPolicy>" } else { String::new() };
    format!("<TrustFrameworkPolicy {NAMESPACE}>{}{inner}", "<a>".repeat(depth))
}

/// The base with a document type, and with `reference` as the text of a display name.
fn with_doctype(declarations: &str, reference: &str) -> String {
    let text = base().replacen("?>\n", &format!("?>\n<!DOCTYPE x [{declarations}]>\n"), 1);
    text.replacen("<DisplayName>Tenant<", &format!("<DisplayName>{reference}<"), 1)
}

/// Ten of the one before, nine times: 3 GB of text.
fn billion_laughs() -> String {
    let level = |it: usize| format!("<!ENTITY l{it} \"{}\">", format!("&l{};", it - 1).repeat(10));
    let levels: String = (1..10).map(level).collect();
    with_doctype(&format!("<!ENTITY l0 \"lol\">{levels}"), "&l9;")
}

#[test]
fn a_file_that_can_t_be_read_as_a_policy_is_a_finding_at_a_place() {
    let latin = base().replace("JWT issuer", "JWT \u{1} issuer").replace('\u{1}', "é");
    let latin: Vec<u8> = latin.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "policy.xml:1:1: error[xml-malformed] the file is empty"),
        ("white space", b" \n".to_vec(), "error[xml-malformed]"),
        ("text", b"hello".to_vec(), "policy.xml:1:1: error[xml-malformed]"),
        ("JSON", br#"{"a": 1}"#.to_vec(), "policy.xml:1:1: error[xml-malformed]"),
        ("zeros", vec![0; 5000], "policy.xml:1:1: error[xml-malformed]"),
        ("a PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "error[xml-malformed]"),
        ("Latin-1 that says UTF-8", latin, "policy.xml:39:28: error[xml-malformed] byte 0xE9 at offset"),
        ("UTF-7", base().replace("UTF-8", "UTF-7").into_bytes(), "UTF-7"),
        ("UTF-32", base().replace("UTF-8", "UTF-32").into_bytes(), "UTF-32"),
        ("an encoding that isn't", base().replace("UTF-8", "klingon").into_bytes(), "klingon"),
        ("half a UTF-16 unit", [b"\xff\xfe<\0".as_slice(), b"a"].concat(), "error[xml-malformed]"),
        ("cut off", base().into_bytes()[..3000].to_vec(), "error[xml-malformed]"),
        ("100 000 levels", nested(100_000, true).into_bytes(), "elements are nested deeper than 200 levels"),
        ("100 000 levels, all open", nested(100_000, false).into_bytes(), "elements are nested deeper than 200 levels"),
        (
            "a billion laughs",
            billion_laughs().into_bytes(),
            "policy.xml:2:1: error[xml-malformed] a DOCTYPE is not allowed",
        ),
        ("another namespace", base().replace("2013/06", "2014/06").into_bytes(), "error[namespace-wrong]"),
        (
            "no namespace",
            format!("<TrustFrameworkPolicy>{}</TrustFrameworkPolicy>", "").into_bytes(),
            "error[namespace-wrong]",
        ),
    ];
    let sandbox = Sandbox::new();
    for (name, bytes, expected) in cases {
        let path = sandbox.write("policies/policy.xml", bytes);
        let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
        assert!(ended.code == 1 && ended.stdout.contains(expected), "{name}: {ended:#?}");
        // For people each finding brings a label or a next step, and the output stays readable.
        let human = sandbox.wayfarer(&["check", &path]);
        assert!(human.code == 1 && human.stdout.contains("policy.xml:"), "{name}: {human:#?}");
        assert!(human.stdout.len() < 200_000, "{name}: {} bytes", human.stdout.len());
        for command in [vec!["run", &path, "--format", "token"], vec!["run", &path, "--format", "json"]] {
            let run = sandbox.wayfarer(&command);
            assert!(run.code == 1 && run.stdout.is_empty() && run.stderr.contains("error"), "{name}: {run:#?}");
            assert!(run.stderr.contains("nothing was run"), "{name}: {run:#?}");
        }
    }
}

#[test]
fn a_file_of_100_mb_is_not_read() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("policies/policy.xml", "");
    File::options().write(true).open(&path).unwrap().set_len(100 * 1024 * 1024).unwrap();
    let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
    let text = "policy.xml:1:1: error[policy-too-big] the file has 104857600 bytes and was not read";
    assert!(ended.code == 1 && ended.stdout.contains(text), "{ended:#?}");
    sandbox.wayfarer(&["run", &path, "--format", "token"]).refused(1, &["104857600 bytes", "help: "]);
}

#[test]
fn one_unreadable_file_does_not_hide_the_others() {
    let sandbox = Sandbox::new();
    sandbox.policies("policies", |_, text| text);
    let big = sandbox.write("policies/big.xml", "");
    File::options().write(true).open(big).unwrap().set_len(100 * 1024 * 1024).unwrap();
    sandbox.write("policies/empty.xml", "");
    let typo = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    let base =
        "<BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>B2C_1A_CC_Base</PolicyId></BasePolicy>";
    sandbox.write("policies/typo.xml", typo.replacen("  <BuildingBlocks>", &format!("{base}<BuildingBlocks>"), 1));
    let folder = sandbox.path("policies").display().to_string();
    let json = sandbox.wayfarer(&["check", &folder, "--format", "json"]).json();
    let found: Vec<(&str, &str)> = json
        .as_array()
        .unwrap()
        .iter()
        // What the misspelled name would have used is unused, too.
        .filter(|it| it["severity"] != "info")
        .map(|it| (it["filename"].as_str().unwrap().rsplit('/').next().unwrap(), it["code"].as_str().unwrap()))
        .collect();
    let expected =
        [("big.xml", "policy-too-big"), ("empty.xml", "xml-malformed"), ("typo.xml", "unresolved-claim-type")];
    assert_eq!(found, expected);
    // The sound policy runs: what is broken is in no chain of it.
    sandbox.wayfarer(&["run", &folder, "--policy", "B2C_1A_ClientCredentials", "--format", "token"]).fine();
}

#[test]
fn entities_read_no_file_and_call_nobody() {
    let sandbox = Sandbox::new();
    let canary = sandbox.write("canary.txt", "canary-4711");
    let server = Scripted::start(Script::new("200 OK", "text/plain", "canary-4711"));
    for address in [format!("file://{canary}"), canary.clone(), format!("http://{}/x", server.address)] {
        for (declarations, reference) in [
            (format!("<!ENTITY x SYSTEM \"{address}\">"), "&x;"),
            (format!("<!ENTITY % x SYSTEM \"{address}\"> %x;"), "x"),
        ] {
            let path = sandbox.write("policies/policy.xml", with_doctype(&declarations, reference));
            for format in ["human", "concise", "json", "github"] {
                let ended = sandbox.wayfarer(&["check", &path, "--format", format]);
                assert!(ended.code == 1 && ended.stdout.contains("a DOCTYPE is not allowed"), "{ended:#?}");
                assert!(!format!("{ended:?}").contains("canary-4711"), "{ended:#?}");
            }
            sandbox.wayfarer(&["run", &path, "--format", "token"]).refused(1, &["a DOCTYPE is not allowed"]);
        }
        let schema = format!(
            "xsi:schemaLocation=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06 {address}\" PolicySchemaVersion"
        );
        let path = sandbox.write("policies/policy.xml", base().replacen("PolicySchemaVersion", &schema, 1));
        sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
    }
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn sets_whose_chains_lead_nowhere() {
    let sandbox = Sandbox::new();
    for (folder, texts) in [
        ("base-cycle", ["B2C_1A_A", "derives from itself", "help: "]),
        ("base-missing", ["base policy `B2C_1A_Nowhere` is not in this set", "policy.xml:7:15", "--base DIR"]),
        ("one-id-twice", ["two files of this folder have the policy id", "a.xml:3:78", "help: "]),
    ] {
        let path = format!("fixtures/broken/{folder}");
        sandbox.wayfarer(&["run", &path, "--format", "token"]).refused(1, &texts);
        let json = sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
        assert!(json.as_array().unwrap().iter().all(|it| it["help"].is_string()), "{json:#}");
    }
}

#[test]
fn names_of_files_may_have_spaces_and_any_letters() {
    let sandbox = Sandbox::new();
    let folder = "mis políticas ☂ ポリシー";
    for (from, to) in [
        ("TrustFrameworkBase.xml", "база.xml"),
        ("TrustFrameworkExtensions.xml", "my extensions (2) & more.xml"),
        ("ClientCredentials.xml", "-rp 'é'.XML"),
    ] {
        sandbox.write(&format!("{folder}/{to}"), repository_file(&format!("policies/client-credentials/{from}")));
    }
    let path = sandbox.path(folder).display().to_string();
    sandbox.wayfarer(&["check", &path, "--deny", "warnings"]).fine();
    sandbox.wayfarer(&["run", &path, "--format", "token"]).fine();
    let broken = sandbox.write(&format!("{folder}/bad file é.xml"), "");
    let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
    assert_eq!(ended.stdout, format!("{broken}:1:1: error[xml-malformed] the file is empty\n"));
}

#[test]
fn every_encoding_that_windows_tools_write_gives_the_same_token() {
    let sandbox = Sandbox::new();
    let run = |folder: &str| {
        let arguments = ["run", folder, "--format", "json", "--now", "2026-01-31T08:00:00Z", "--seed", "1"];
        let ended = sandbox.wayfarer(&arguments);
        ended.fine();
        ended.json()["claims"].clone()
    };
    let expected = run("policies/client-credentials");
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = text.replace("\"UTF-8\"", "\"UTF-16\"");
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    type Encode<'a> = &'a dyn Fn(&str) -> Vec<u8>;
    let encodings: [(&str, Encode); 5] = [
        ("CRLF", &|it| it.replace('\n', "\r\n").into_bytes()),
        ("UTF-8 with BOM", &|it| format!("\u{feff}{it}").into_bytes()),
        ("UTF-16 LE", &|it| utf16(it, u16::to_le_bytes)),
        ("UTF-16 BE", &|it| utf16(it, u16::to_be_bytes)),
        ("BOM, CRLF, no declaration", &|it| {
            format!("\u{feff}{}", it.split_once("?>\n").unwrap().1.replace('\n', "\r\n")).into_bytes()
        }),
    ];
    for (name, encode) in encodings {
        for file in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
            sandbox.write(
                &format!("{name}/{file}"),
                encode(&repository_file(&format!("policies/client-credentials/{file}"))),
            );
        }
        let folder = sandbox.path(name).display().to_string();
        assert_eq!(
            sandbox.wayfarer(&["check", &folder, "--deny", "warnings", "--format", "concise"]).fine(),
            "",
            "{name}"
        );
        assert_eq!(run(&folder), expected, "{name}");
    }
}

#[test]
fn places_are_the_same_whatever_the_encoding() {
    let sandbox = Sandbox::new();
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    let utf16: Vec<u8> =
        format!("\u{feff}{}", text.replace("UTF-8", "UTF-16")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.replace('\n', "\r\n").into_bytes(), format!("\u{feff}{text}").into_bytes(), utf16] {
        let path = sandbox.write("policy.xml", bytes);
        let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
        assert_eq!(
            ended.stdout,
            format!("{path}:21:48: error[unresolved-claim-type] no `ClaimType` declares `emial`\n")
        );
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_or_nowhere() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let folder = sandbox.policies("policies", |_, text| text);
    symlink(&folder, sandbox.path("policies/again")).unwrap();
    sandbox.wayfarer(&["check", &folder, "--deny", "warnings"]).fine();
    symlink("nowhere", sandbox.path("policies/dangling.xml")).unwrap();
    let ended = sandbox.wayfarer(&["check", &folder, "--format", "concise"]);
    assert!(ended.code == 1 && ended.stdout.contains("dangling.xml:1:1: error[unreadable-file]"), "{ended:#?}");
    fs::remove_file(sandbox.path("policies/dangling.xml")).unwrap();
}

#[test]
fn broken_tenant_folders() {
    let settings = repository_file("fixtures/contoso/tenant.toml");
    let app = repository_file("fixtures/contoso/apps/my-api1.json");
    for (file, text, expected) in [
        ("tenant.toml", String::new(), "tenant.toml"),
        ("tenant.toml", "name = ".to_owned(), "tenant.toml"),
        ("tenant.toml", settings.replace("775527ff-9a37-4307-8b3d-cc311f58d925", "not-a-guid"), "not-a-guid"),
        ("apps/my-api1.json", "{".to_owned(), "my-api1.json"),
        ("apps/my-api1.json", "[]".to_owned(), "my-api1.json"),
        ("apps/my-api1.json", app.replace("\"8a0b6f0e-3c5d-4d0f-9a35-2c1f7f6c1b11\"", "7"), "appId"),
        ("apps/twin.json", app, "twin.json"),
    ] {
        let sandbox = Sandbox::new();
        let tenant = sandbox.tenant("contoso");
        sandbox.write(&format!("contoso/{file}"), &text);
        for command in ["run", "serve"] {
            let ended = sandbox.wayfarer(&[command, "policies/client-credentials", "--tenant", &tenant]);
            ended.refused(2, &["error: ", expected]);
        }
    }
}

/// However many findings there are, a person gets the first of each kind and the number of the rest; a program gets all.
#[test]
fn ten_thousand_findings_are_counted_for_people_and_listed_for_programs() {
    let sandbox = Sandbox::new();
    let outputs: String = (0..10_000).map(|it| format!("<OutputClaim ClaimTypeReferenceId=\"c{it}\" />\n")).collect();
    let profile = format!(
        "<ClaimsProviders><ClaimsProvider><DisplayName>A</DisplayName><TechnicalProfiles><TechnicalProfile Id=\"A\">\
         <DisplayName>A</DisplayName><Protocol Name=\"None\" /><OutputClaims>{outputs}</OutputClaims>\
         </TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
    );
    let root = "PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_Many\" \
                PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Many\"";
    let text = format!("<TrustFrameworkPolicy {NAMESPACE} {root}>{profile}</TrustFrameworkPolicy>");
    let path = sandbox.write("many.xml", text);
    let human = sandbox.wayfarer(&["check", &path]);
    let count = (human.code, human.stdout.matches("  × ").count());
    assert_eq!(count, (1, 100));
    assert!(
        human.stdout.contains("10000 errors in 1 file\n9900 more of `unresolved-claim-type`; --verbose shows them")
    );
    let concise = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
    assert_eq!((concise.code, concise.stdout.lines().count()), (1, 10_000));
}
