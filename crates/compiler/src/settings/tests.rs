//! Policies and settings in memory, from text to findings and built bytes.

use super::{Settings, SettingsError, build};
use crate::{Entry, FileError, Files, Listing, Project, Scope};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wayfarer_diagnostics::{Diagnostics, Severity, Sources, Span};

/// A disk of a few files.
#[derive(Default)]
struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Memory {
    fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self(files.into_iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect())
    }

    fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(PathBuf::from(path), bytes.into());
        self
    }
}

impl Files for Memory {
    fn entry(&self, path: &Path) -> Option<Entry> {
        let below = |it: &&PathBuf| it.starts_with(path) && *it != path;
        if self.0.contains_key(path) {
            return Some(Entry::File);
        }
        self.0.keys().find(below).map(|_| Entry::Folder)
    }

    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, FileError> {
        self.0.get(path).cloned().ok_or_else(|| FileError::Unreadable("not there".to_owned()))
    }

    fn xml_files(&self, folder: &Path, _: bool) -> Listing {
        let is = |it: &&PathBuf| it.starts_with(folder) && it.extension().is_some_and(|it| it == "xml");
        Listing { files: self.0.keys().filter(is).cloned().collect(), unreadable: Vec::new() }
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}

/// A policy that has nothing wrong with it, with `extra` as attributes and `inside` as content.
fn policy(id: &str, tenant: &str, inside: &str) -> String {
    format!(
        "<TrustFrameworkPolicy xmlns=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06\" PolicySchemaVersion=\"0.3.0.0\" \
         TenantId=\"{tenant}\" PolicyId=\"{id}\" PublicPolicyUri=\"http://{tenant}/{id}\">{inside}</TrustFrameworkPolicy>"
    )
}

/// Claims with a display name, which may be any text.
fn named(name: &str) -> String {
    format!(
        "<BuildingBlocks><ClaimsSchema><ClaimType Id=\"email\"><DisplayName>{name}</DisplayName><DataType>string</DataType>\
         </ClaimType></ClaimsSchema></BuildingBlocks>"
    )
}

const TEST: &str = r#"{ "Environments": [
  { "Name": "Test", "Production": false, "Tenant": "test.onmicrosoft.com",
    "PolicySettings": { "Title": "Mail", "Number": 12, "Flag": true } },
  { "Name": "Production", "Production": true, "Tenant": "prod.onmicrosoft.com",
    "PolicySettings": { "Title": "E-mail", "Number": 13, "Flag": false } } ] }"#;

fn load(files: &Memory, environment: Option<&str>) -> (Project, Diagnostics) {
    load_with(files, None, environment)
}

fn load_with(files: &Memory, file: Option<&str>, environment: Option<&str>) -> (Project, Diagnostics) {
    let paths = [PathBuf::from("/p")];
    let settings = Settings::load(files, &paths, file.map(Path::new), environment).unwrap();
    let project = Project::load(files, &paths, &[], Scope::All, settings.as_ref()).unwrap();
    let found = project.check_built();
    (project, found)
}

/// `code@line:column` of what is about tokens and settings, errors with `!`.
fn told(project: &Project, found: &Diagnostics) -> Vec<String> {
    let about =
        |it: &&wayfarer_diagnostics::Diagnostic| it.severity != Severity::Info || it.code.starts_with("setting-");
    let shown = found.iter().filter(about).map(|it| {
        let place = project.sources().place(it.primary.span);
        let place = place.rsplit('/').next().unwrap_or_default().to_owned();
        format!("{}{} {place}", it.code, if it.severity == Severity::Error { "!" } else { "" })
    });
    shown.collect()
}

fn only_text(project: &Project) -> String {
    let built = project.built().expect("it builds");
    String::from_utf8(built[0].bytes.clone()).unwrap()
}

/// What a display name becomes; the environment is `Test` of [`TEST`].
fn becomes(name: &str) -> String {
    let files = Memory::of([
        ("/p/B2C_1A_My.Base.xml", &policy("B2C_1A_B", "t.onmicrosoft.com", &named(name))),
        ("/p/appsettings.json", TEST),
    ]);
    let (project, _) = load(&files, Some("Test"));
    let text = only_text(&project);
    let (_, rest) = text.split_once("<DisplayName>").unwrap();
    rest.split_once("</DisplayName>").unwrap().0.to_owned()
}

#[test]
fn tokens_of_the_extension_become_what_the_environment_has() {
    for (written, built) in [
        ("{Settings:Title}", "Mail"),
        ("a {settings:TITLE} b {Settings:title}", "a Mail b Mail"),
        ("{Settings:Number}/{Settings:Flag}", "12/true"),
        ("{Settings:Tenant}", "test.onmicrosoft.com"),
        ("{Settings:environment}", "Test"),
        ("{Settings:Filename}", "B2C_1A_My.Base"),
        ("{Settings:PolicyFilename}", "My.Base"),
        ("{{Settings:Title}}", "{Mail}"),
        (
            "{OIDC:ClientId} {0} { Settings:Title} {Setting:Title}",
            "{OIDC:ClientId} {0} { Settings:Title} {Setting:Title}",
        ),
    ] {
        assert_eq!(becomes(written), built, "{written}");
    }
}

#[test]
fn values_are_inserted_as_they_are_and_once() {
    let settings = r#"{ "Environments": [{ "Name": "T", "Tenant": "t.onmicrosoft.com", "PolicySettings": {
        "A": "$& $1 $$ \\1", "B": "&amp;<b/>", "C": "", "D": "é\n😀" } }] }"#;
    let inside = named("{Settings:A}|<!-- {Settings:B} -->|{Settings:C}|{Settings:D}");
    let files = Memory::of([
        ("/p/a.xml", &policy("B2C_1A_B", "t.onmicrosoft.com", &inside)),
        ("/p/appsettings.json", settings),
    ]);
    let (project, _) = load(&files, Some("t"));
    assert!(only_text(&project).contains("<DisplayName>$& $1 $$ \\1|<!-- &amp;<b/> -->||é\n😀</DisplayName>"));
}

#[test]
fn a_token_without_a_value_is_an_error_and_nothing_is_built() {
    let settings = r#"{ "Environments": [
      { "Name": "Test", "Tenant": "x{Settings:Gone}", "PolicySettings": { "Null": null, "List": [1], "Big": 1.50, "Again": "x{settings:Test}" } },
      { "Name": "Other", "Tenant": "o.onmicrosoft.com", "PolicySettings": { "Null": "", "List": "", "Big": "", "Again": "", "Gone": "" } } ] }"#;
    for (token, message) in [
        ("{Settings:Gone}", "`{Settings:Gone}` is not resolved: environment `Test` has no `Gone`"),
        (
            "{Settings:Tenant}",
            "`{Settings:Tenant}` is not resolved: the value of `Tenant` in environment `Test` is a token again",
        ),
        ("{Settings:Null}", "`{Settings:Null}` is not resolved: `Null` of environment `Test` is null"),
        ("{Settings:List}", "`{Settings:List}` is not resolved: `List` of environment `Test` is a list"),
        (
            "{Settings:Again}",
            "`{Settings:Again}` is not resolved: the value of `Again` in environment `Test` is a token again",
        ),
        ("{Settings: Gone}", "`{Settings: Gone}` is not resolved: environment `Test` has no ` Gone`"),
        ("{Settings:Gone and more", "`{Settings:Gone` has no closing brace"),
    ] {
        let policy = policy("B2C_1A_B", "t.onmicrosoft.com", &named(&format!("{token}, {token}")));
        let files = Memory::of([("/p/a.xml", &policy), ("/p/appsettings.json", settings)]);
        let (project, mut found) = load(&files, Some("Test"));
        found.retain(|it| it.code == "setting-unresolved");
        let shown: Vec<_> = found.iter().map(|it| (it.message.as_str(), it.severity)).collect();
        assert_eq!(shown, [(message, Severity::Error)], "once, though it is there twice");
        assert!(found.iter().all(|it| it.help.as_ref().is_some_and(|it| !it.is_empty())), "{found:?}");
        assert!(project.built().is_none());
        let span = project.sources().written(found.iter().next().unwrap().primary.span);
        let text = project.sources().file(span.file).unwrap().text();
        assert_eq!(&text[span.start as usize..span.end as usize], token.split(" and").next().unwrap());
    }
}

#[test]
fn without_an_environment_a_token_is_one_warning_and_its_value_is_not_judged() {
    let inside = format!(
        "<BasePolicy><TenantId>{{Settings:Tenant}}</TenantId><PolicyId>B2C_1A_{{Settings:Base}}</PolicyId></BasePolicy>{}",
        named("{Settings:X}{Settings:X}<!-- {Settings:Y} -->")
    );
    let files =
        Memory::of([("/p/B2C_1A_Ext.xml", &policy("B2C_1A_{Settings:PolicyFilename}", "{Settings:Tenant}", &inside))]);
    let paths = [PathBuf::from("/p")];
    let project = Project::load(&files, &paths, &[], Scope::All, None).unwrap();
    let mut found = project.check(Scope::All);
    assert_eq!(project.files()[0].policy_id(), Some("B2C_1A_Ext"), "no environment changes it");
    found.retain(|it| it.severity != Severity::Info);
    let shown: Vec<_> = found.iter().map(|it| (it.code, it.severity, it.message.split('`').nth(1).unwrap())).collect();
    let warning = |token| ("setting-unresolved", Severity::Warning, token);
    let mut tokens: Vec<_> = shown.clone();
    tokens.sort();
    let expected = ["{Settings:Base}", "{Settings:PolicyFilename}", "{Settings:Tenant}", "{Settings:X}"].map(warning);
    assert_eq!(tokens, expected);
    let schema = Project::load(&files, &paths, &[], Scope::SchemaOnly, None).unwrap().check(Scope::SchemaOnly);
    assert!(schema.iter().any(|it| it.code == "value-invalid"), "the schema is followed to the letter");
    assert!(schema.iter().all(|it| !it.code.starts_with("setting-")));
}

#[test]
fn places_are_those_of_the_file_as_written() {
    // The long value moves all that follows; the mistake is behind it on the same line.
    let settings = r#"{ "Environments": [{ "Name": "T", "Tenant": "a.much.longer.name.than.the.token.itself.onmicrosoft.com", "PolicySettings": {} }] }"#;
    let policy = policy("B2C_1A_B", "{Settings:Tenant}", "<Wrong/>");
    let files = Memory::of([("/p/a.xml", &policy), ("/p/appsettings.json", settings)]);
    let (project, mut found) = load(&files, Some("T"));
    found.retain(|it| it.code == "element-not-allowed");
    let span = project.sources().written(found.iter().next().expect("it is told").primary.span);
    assert_eq!(&policy[span.start as usize..span.end as usize], "Wrong");
    assert_eq!(project.sources().start(span).line, 1);
}

#[test]
fn a_bad_value_is_told_at_its_token() {
    let settings =
        r#"{ "Environments": [{ "Name": "T", "Tenant": "bad tenant", "PolicySettings": { "Tag": "<b" } }] }"#;
    let policy = policy("B2C_1A_B", "{Settings:Tenant}", &named("{Settings:Tag}"));
    let files = Memory::of([("/p/a.xml", &policy), ("/p/appsettings.json", settings)]);
    let (project, found) = load(&files, Some("T"));
    for (code, token) in [("value-invalid", "{Settings:Tenant}"), ("xml-malformed", "{Settings:Tag}")] {
        let it = found.iter().find(|it| it.code == code).unwrap_or_else(|| panic!("{code}: {found:?}"));
        let span = project.sources().written(it.primary.span);
        assert!(policy[span.start as usize..span.end as usize].starts_with(token), "{code} at {span:?}");
    }
}

#[test]
fn environments_that_differ_are_told_at_their_keys() {
    let settings = r#"{ "Environments": [
{ "Name": "Test", "Tenant": "t.onmicrosoft.com", "PolicySettings": { "Both": "1", "Mine": "", "Api.Url": "", "Pay": "pa$$" } },
{ "Name": "QA",   "Tenant": "q.onmicrosoft.com", "PolicySettings": { "both": "2", "Api.Url": "", "Pay": "a$b", "PAY": "" } } ] }"#;
    let policy = policy("B2C_1A_B", "{settings:Tenant}", &named("{Settings:Both}{Settings:Api.Url}"));
    let files = Memory::of([("/p/a.xml", &policy), ("/p/appsettings.json", settings)]);
    let (project, found) = load(&files, Some("QA"));
    let place = |line: usize, key: &str, nth: usize| {
        let text = settings.lines().nth(line - 1).unwrap();
        format!("appsettings.json:{line}:{}", text.match_indices(key).nth(nth).unwrap().0 + 1)
    };
    let expected = [
        format!("setting-env-drift {}", place(2, "\"Mine\"", 0)),
        format!("setting-regex-unsafe {}", place(2, "\"Api.Url\"", 0)),
        format!("setting-regex-unsafe {}", place(2, "\"pa$$\"", 0)),
        format!("setting-case-drift {}", place(3, "\"both\"", 0)),
        format!("setting-unused {}", place(3, "\"Pay\"", 0)),
        format!("setting-case-drift {}", place(3, "\"PAY\"", 0)),
    ];
    let mut told = told(&project, &found);
    told.retain(|it| it.contains("appsettings.json"));
    assert_eq!(told, expected);
    let drifted: Vec<_> =
        found.iter().filter(|it| it.code == "setting-case-drift").map(|it| it.message.as_str()).collect();
    assert_eq!(
        drifted,
        [
            "`both` is spelt `Both` in another environment",
            "`PAY` is never used: tokens find `Pay`, which differs by case alone",
            "`{settings:Tenant}` is spelt in another case than `{Settings:Tenant}`",
            "`{Settings:Both}` is spelt in another case than `{Settings:both}`",
        ]
    );
}

#[test]
fn placeholders_are_errors_in_what_is_uploaded_only() {
    let inside = named("{{ tenantId }} {{0}} {{{0}:x}} <!-- yourtenant {{x}} --> https://YourTenant.b2clogin.com");
    let policy = policy("B2C_1A_B", "yourtenant.onmicrosoft.com", &inside);
    let files = Memory::of([("/p/a.xml", &policy), ("/p/appsettings.json", TEST)]);
    let (project, mut found) = load(&files, Some("Test"));
    found.retain(|it| it.code == "tenant-placeholder-left");
    let shown: Vec<_> = found.iter().map(|it| (it.message.as_str(), it.severity, it.related.len())).collect();
    assert_eq!(
        shown,
        [
            ("the placeholder `yourtenant` is left in the policy", Severity::Error, 2),
            ("the placeholder `{{ tenantId }}` is left in the policy", Severity::Error, 0),
        ]
    );
    assert!(project.built().is_some(), "it is told, and built all the same");
    let mut checked = project.check(Scope::All);
    checked.retain(|it| it.code == "tenant-placeholder-left");
    assert_eq!(checked.iter().map(|it| it.severity).collect::<Vec<_>>(), [Severity::Warning]);
}

#[test]
fn settings_files_are_read_with_marks_line_ends_and_encodings_of_windows() {
    let text = TEST.replace('\n', "\r\n");
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [[b"\xEF\xBB\xBF", text.as_bytes()].concat(), utf16, text.clone().into_bytes()] {
        let files = Memory::default()
            .with("/p/a.xml", policy("B2C_1A_B", "{Settings:Tenant}", ""))
            .with("/p/appSettings.json", bytes);
        let (project, _) = load(&files, Some("test"));
        assert!(only_text(&project).contains("TenantId=\"test.onmicrosoft.com\""));
    }
}

#[test]
fn settings_are_looked_for_beside_the_policies_and_above() {
    let policy = policy("B2C_1A_B", "{Settings:Tenant}", "");
    let web = r#"{ "Logging": {} }"#;
    let files = Memory::of([("/w/p/q/a.xml", &policy), ("/w/p/appsettings.json", web), ("/w/appsettings.json", TEST)]);
    let found = |paths: &[&str]| {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        Settings::load(&files, &paths, None, Some("Test")).map(|it| it.unwrap().file().to_owned())
    };
    assert_eq!(
        found(&["/w/p/q"]).unwrap(),
        "/w/appsettings.json",
        "one that has no environments is about something else"
    );
    assert_eq!(found(&["/w/p/q/a.xml"]).unwrap(), "/w/appsettings.json");
    let Err(error) = found(&["/x"]) else { panic!("there is none") };
    assert_eq!(error.to_string(), "there is no `appsettings.json` with environments in `/x`, nor in a folder above");
    assert!(error.help().contains("--settings FILE"));
}

#[track_caller]
fn refused(name: &str, text: &str, environment: Option<&str>) -> (String, String) {
    let files = Memory::default().with(name, text);
    let Err(error) = Settings::load(&files, &[], Some(Path::new(name)), environment) else {
        panic!("it was taken: {text}")
    };
    (error.to_string(), error.help())
}

#[test]
fn a_broken_settings_file_is_refused_with_its_place_and_a_remedy() {
    let at = |text: &str, message: &str, help: &str| {
        let (shown, remedy) = refused("appsettings.json", text, Some("T"));
        assert_eq!(shown, format!("appsettings.json:{message}"), "{text}");
        assert!(remedy.contains(help), "{text}: {remedy}");
    };
    at(
        "{\r\n  \"Environments\": [\r\n    { \"Name\": \"T\", }\r\n] }",
        "3:20: this is no JSON: key must be a string",
        "no trailing commas",
    );
    at("{ // no\n \"Environments\": [] }", "1:3: this is no JSON: key must be a string", "no comments");
    at(
        "{ \"environments\": [] }",
        "1:1: the file has no `Environments`",
        "`environments` has to be spelt `Environments`",
    );
    at("[]", "1:1: the file has no `Environments`", "Environments");
    at("{ \"Environments\": {} }", "1:19: `Environments` is an object, not a list", "write {");
    at("{ \"Environments\": [ 1 ] }", "1:21: an environment is an object, not a number", "write {");
    at("{ \"Environments\": [ {} ] }", "1:21: an environment has no `Name`", "write {");
    at(
        "{ \"Environments\": [ { \"Name\": \"T\", \"PolicySettings\": [] } ] }",
        "1:54: `PolicySettings` of `T` are a list, not an object",
        "Key",
    );
    at("{ \"Environments\": [ { \"Name\": \"T\" } ] }", "1:31: environment `T` has no `PolicySettings`", "add");
    at(
        "{ \"Environments\": [ { \"Name\": \"T\" }, { \"Name\": \"T\" } ] }",
        "1:48: two environments are called `T`",
        "another name",
    );
    let (shown, help) = refused("appsettings.json", TEST, Some("Tset"));
    assert_eq!(
        (shown.as_str(), help.as_str()),
        ("`appsettings.json` has no environment `Tset`", "did you mean `Test`?")
    );
    let (shown, help) = refused("appsettings.json", TEST, None);
    assert_eq!(shown, "`appsettings.json` has several environments, and none is chosen");
    assert_eq!(help, "choose one with `--environment`: Test, Production");
    assert!(matches!(
        Settings::load(&Memory::default(), &[], Some(Path::new("x")), None),
        Err(SettingsError::NotFound(_))
    ));
    let deep = format!("{}1{}", "{\"a\":".repeat(60), "}".repeat(60));
    assert!(refused("conf.json", &deep, None).0.contains("deeper than 32 levels"));
    assert!(refused("conf.json", &"[".repeat(300_000), None).0.contains("this is no JSON"));
    assert_eq!(
        refused("conf.json", "{ \"A\": { \"b\": \"\" }, \"a:B\": \"\" }", None).0,
        "conf.json:1:21: `a:B` is here twice"
    );
}

#[test]
fn an_environment_without_a_tenant_resolves_none() {
    let settings = r#"{ "Environments": [{ "Name": "T", "PolicySettings": { "Tenant": "hidden" } }] }"#;
    let files = Memory::of([
        ("/p/a.xml", &policy("B2C_1A_B", "t.onmicrosoft.com", &named("{Settings:Tenant}"))),
        ("/p/appsettings.json", settings),
    ]);
    let (project, found) = load(&files, Some("T"));
    let messages: Vec<_> =
        found.iter().filter(|it| it.code.starts_with("setting-")).map(|it| it.message.as_str()).collect();
    let unused = "`Tenant` is never used: the token of this name has a meaning of its own";
    assert_eq!(messages, [unused, "`{Settings:Tenant}` is not resolved: environment `T` has no `Tenant`"]);
    assert!(project.built().is_none());
}

#[test]
fn a_key_of_the_module_in_a_value_is_not_looked_up_again() {
    let files = Memory::of([
        ("/p/a.xml", &module_policy(&named("{A}{C}"))),
        ("/p/conf.json", r#"{ "A": "x{B}", "B": "y", "C": "{OIDC:ClientId}" }"#),
    ]);
    let (project, found) = load_with(&files, Some("/p/conf.json"), Some("contoso"));
    let told: Vec<_> =
        found.iter().filter(|it| it.code == "setting-unresolved").map(|it| it.message.as_str()).collect();
    assert_eq!(told, ["`{A}` is not resolved: the value of `A` in `/p/conf.json` is a token again"]);
    assert!(project.built().is_none());
}

const CONF: &str = r#"{ // of the module
  "Prefix": "V1_", "MyRest": "https://rest.contoso.com", "Outer": { "Inner": { "Url": "x$&y" }, "N": 1 } }"#;

fn module_policy(inside: &str) -> String {
    policy(
        "B2C_1A_Ext",
        "yourtenant.onmicrosoft.com",
        &format!(
            "<BasePolicy><TenantId>yourtenant.onmicrosoft.com</TenantId><PolicyId>B2C_1A_Base</PolicyId></BasePolicy>{inside}"
        ),
    )
}

#[test]
fn files_of_the_module_have_nested_keys_a_prefix_and_secrets() {
    let inside = named("{MyRest}/{Outer:Inner:Url} {OIDC:ClientId} {Secret} StorageReferenceId=\"B2C_1A_Key\"");
    let files = Memory::of([
        ("/p/a.xml", &module_policy(&inside)),
        ("/c/conf.json", CONF),
        ("/c/secrets.json", r#"{ "Secret": "sssh" }"#),
    ]);
    let (project, found) = load_with(&files, Some("/c/conf.json"), Some("contoso.onmicrosoft.com"));
    let text = only_text(&project);
    assert_eq!(
        text,
        policy(
            "B2C_1A_V1_Ext",
            "contoso.onmicrosoft.com",
            &format!(
                "<BasePolicy><TenantId>contoso.onmicrosoft.com</TenantId><PolicyId>B2C_1A_V1_Base</PolicyId></BasePolicy>{}",
                named("https://rest.contoso.com/x$&y {OIDC:ClientId} sssh StorageReferenceId=\"B2C_1A_Key\"")
            )
        )
    );
    assert_eq!(project.files()[0].policy_id(), Some("B2C_1A_V1_Ext"));
    let missing = found.iter().find(|it| it.code == "base-missing").expect("the base is not in the set");
    let span = project.sources().written(missing.primary.span);
    assert_eq!(&module_policy(&inside)[span.start as usize..span.end as usize], "B2C_1A_Base");
}

#[test]
fn a_file_of_the_tenants_name_comes_before_conf() {
    let own = r#"{ "MyRest": "https://own.contoso.com" }"#;
    let files = Memory::of([
        ("/p/a.xml", &module_policy(&named("{MyRest}"))),
        ("/p/conf.json", CONF),
        ("/p/contoso.json", own),
    ]);
    let text = |environment| only_text(&load_with(&files, Some("/p/conf.json"), environment).0);
    assert!(text(Some("contoso")).contains("https://own.contoso.com"));
    assert!(text(Some("other")).contains("https://rest.contoso.com"));
    assert!(text(None).contains("TenantId=\"yourtenant.onmicrosoft.com\""), "no tenant was named");
}

#[test]
fn tokens_that_the_module_leaves_are_told() {
    let inside = named("{myrest} {ExtAppId} {Settings:X} {Outer:N} {Anything:Else}");
    let files = Memory::of([("/p/a.xml", &module_policy(&inside)), ("/p/conf.json", CONF)]);
    let (project, found) = load_with(&files, Some("/p/conf.json"), Some("contoso"));
    assert!(project.built().is_none());
    let about =
        |it: &&wayfarer_diagnostics::Diagnostic| it.code.starts_with("setting-") && it.severity != Severity::Info;
    let messages: Vec<_> = found.iter().filter(about).map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`{myrest}` stays as it is: the key is spelt `MyRest`",
            "`{ExtAppId}` is not resolved: IEFPolicies asks the tenant for it",
            "`{Settings:X}` is not resolved: `/p/conf.json` has no `X`",
            "`{Outer:N}` is not resolved: `Outer:N` of `/p/conf.json` is a number",
        ]
    );
}

#[test]
fn no_message_shows_a_secret() {
    let secret = "s3cret value!".to_owned() + &"x".repeat(80);
    let secrets = format!("{{ \"Tenant\": \"{secret}\" }}");
    let files = Memory::of([
        ("/p/a.xml", &policy("B2C_1A_B", "{Tenant}", "")),
        ("/p/conf.json", "{}"),
        ("/p/secrets.json", &secrets),
    ]);
    let (project, found) = load_with(&files, Some("/p/conf.json"), None);
    assert!(found.iter().any(|it| it.code == "value-invalid"), "it is told all the same: {found:?}");
    let all = format!("{found:?}{:?}", Settings::load(&files, &[], Some(Path::new("/p/conf.json")), None));
    assert!(!all.contains("s3cret"), "{all}");
    assert!(only_text(&project).contains(&secret));
}

#[test]
fn every_byte_but_the_tokens_stays_and_other_encodings_become_utf8() {
    let text = policy("B2C_1A_B", "{Settings:Tenant}", &named("ä\t")).replace("><", ">\r\n<");
    let built = text.replace("{Settings:Tenant}", "test.onmicrosoft.com");
    let declared =
        |encoding: &str, text: &str| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\r\n{text}\r\n");
    let utf16: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(declared("utf-16", &text).encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for (bytes, expected) in [
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), [b"\xEF\xBB\xBF", built.as_bytes()].concat()),
        (declared("UTF-8", &text).into_bytes(), declared("UTF-8", &built).into_bytes()),
        (utf16, declared("utf-8", &built).into_bytes()),
    ] {
        let files = Memory::default().with("/p/sub/a.xml", bytes).with("/p/appsettings.json", TEST);
        let (project, _) = load(&files, Some("Test"));
        let built = project.built().unwrap();
        assert_eq!(String::from_utf8_lossy(&built[0].bytes), String::from_utf8_lossy(&expected));
        assert_eq!(built[0].relative, Path::new("sub/a.xml"));
    }
    let undecodable = policy("B2C_1A_B", "{Settings:Tenant}", &named("#")).into_bytes();
    let undecodable: Vec<u8> = undecodable.into_iter().map(|it| if it == b'#' { 0xFF } else { it }).collect();
    let files = Memory::default().with("/p/a.xml", undecodable).with("/p/appsettings.json", TEST);
    assert!(load(&files, Some("Test")).0.built().is_none(), "what can't be decoded is not built");
}

#[test]
fn settings_that_make_gigabytes_are_stopped() {
    let settings = format!(
        "{{ \"Environments\": [{{ \"Name\": \"T\", \"PolicySettings\": {{ \"A\": \"{}\" }} }}] }}",
        "x".repeat(500_000)
    );
    let files = Memory::of([
        ("/p/a.xml", &policy("B2C_1A_B", "t.onmicrosoft.com", &named(&"{Settings:A}".repeat(80_000)))),
        ("/p/appsettings.json", &settings),
    ]);
    let (project, found) = load(&files, Some("T"));
    assert!(found.iter().any(|it| it.code == "policy-too-big") && project.built().is_none());
    let files = Memory::of([
        ("/p/a.xml", &policy("B2C_1A_B", "t.onmicrosoft.com", &named("{Settings:A}{Settings:A}{Settings:A}"))),
        ("/p/appsettings.json", &settings),
    ]);
    assert!(load(&files, Some("T")).1.iter().any(|it| it.code == "policy-too-big"), "the built file counts");
}

fn in_memory(settings: &str) -> Settings {
    let files = Memory::default().with("appsettings.json", settings);
    Settings::load(&files, &[], Some(Path::new("appsettings.json")), Some("T")).unwrap().unwrap()
}

proptest! {
    #[test]
    fn a_text_without_tokens_is_built_as_it_is(text in "[a-zS:{}<>\"é\r\n ]{0,80}") {
        let settings = in_memory(r#"{ "Environments": [{ "Name": "T", "Tenant": "t", "PolicySettings": { "a": "1" } }] }"#);
        prop_assert!(build(&text, "a.xml", Some(&settings)).is_none());
        prop_assert!(build(&text, "a.xml", None).is_none());
    }

    #[test]
    fn what_is_between_tokens_stays_and_every_span_lies_in_the_source(
        parts in proptest::collection::vec(("[a-z{}é\n]{0,6}", prop::sample::select(vec!["{Settings:E}", "{settings:long}", "{Settings:Tenant}", "{Settings:Gone}", "{Settings:", "{E}"])), 0..8),
        (from, to) in (0.0..1.0, 0.0..1.0),
    ) {
        let settings = in_memory(r#"{ "Environments": [{ "Name": "T", "Tenant": "é.com", "PolicySettings": { "E": "", "Long": "a much longer value {" } }] }"#);
        let text: String = parts.iter().flat_map(|(plain, token)| [plain.as_str(), token]).collect();
        let built = build(&text, "a.xml", Some(&settings)).unwrap_or_default();
        let out = built.text.clone().unwrap_or(text.clone());
        // What was written, with what was inserted in the place of each token, is what was built.
        let (mut again, mut at) = (String::new(), 0);
        for it in &built.replaced {
            again.push_str(&text[at..it.written.start as usize]);
            again.push_str(&out[it.built.start as usize..it.built.end as usize]);
            at = it.written.end as usize;
        }
        again.push_str(&text[at..]);
        prop_assert_eq!(&again, &out);
        for token in &built.uses {
            prop_assert!(out.get(token.at.clone()).is_some());
        }
        let mut sources = Sources::default();
        let file = sources.add("a.xml", Arc::<str>::from(text.as_str()));
        sources.set_replaced(file, built.replaced.clone());
        let boundary = |share: f64| {
            let at = (share * (out.len() + 1) as f64) as usize;
            (0..=at).rev().find(|it| out.is_char_boundary(*it)).unwrap_or(0)
        };
        let (start, end) = (boundary(f64::min(from, to)), boundary(f64::max(from, to)));
        let written = sources.written(Span::new(file, start, end));
        prop_assert!(written.start <= written.end);
        prop_assert!(text.get(written.start as usize..written.end as usize).is_some(), "{written:?} cuts a character");
        // A span between two tokens shows the same text.
        let touches = built.replaced.iter().any(|it| (it.built.start as usize) < end && start < it.built.end as usize || it.built.is_empty());
        if !touches {
            prop_assert_eq!(&text[written.start as usize..written.end as usize], &out[start..end]);
        }
    }
}
