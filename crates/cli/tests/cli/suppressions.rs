//! `<!-- wayfarer: allow SLUG -->`.

use crate::sandbox::{Sandbox, repository_file};

/// The policy with the misspelt claim, its line 21 replaced and something put before the root element (which is no line more).
fn policy(before_root: &str, line: &str) -> String {
    let text = repository_file("fixtures/broken/misspelt-claim-type/policy.xml");
    let own = "            <OutputClaim ClaimTypeReferenceId=\"emial\" DefaultValue=\"a@contoso.com\" />\n";
    assert!(text.contains(own) && text.contains("?>\n"));
    text.replacen("?>\n", &format!("?>{before_root}\n"), 1).replacen(own, line, 1)
}

const CLAIM: &str = "<OutputClaim ClaimTypeReferenceId=\"emial\" />";

#[test]
fn a_comment_allows_what_begins_in_the_element_that_follows_on_its_line_or_in_the_file() {
    let sandbox = Sandbox::new();
    let allow = "<!-- wayfarer: allow unresolved-claim-type -->";
    let unresolved = "error[unresolved-claim-type] no `ClaimType` declares `emial`";
    let unused =
        |place: &str| format!("warning[suppression-unused] nothing to allow: no `unresolved-claim-type` {place}");
    let at = |place: &str, what: &str| format!("{place}: {what}\n");
    for (before_root, line, expected) in [
        ("", format!("{CLAIM}\n"), at("21:36", unresolved)),
        // On its own line, or first on it: the element that follows.
        ("", format!("{allow}\n{CLAIM}\n"), String::new()),
        ("", format!("  {allow}{CLAIM}\n"), String::new()),
        (
            "",
            format!("{allow}\n\n<!-- another -->\n<OutputClaim\n  ClaimTypeReferenceId=\"emial\" />\n"),
            String::new(),
        ),
        ("", format!("{allow}\n<OutputClaim ClaimTypeReferenceId=\"email\" />{CLAIM}\n"), {
            at("21:22", &unused("in the element that follows")) + &at("22:80", unresolved)
        }),
        (
            "",
            format!("{CLAIM}\n{allow}\n"),
            at("21:36", unresolved) + &at("22:22", &unused("here: no element follows")),
        ),
        // Behind something: its line, and the start tag that ends there.
        ("", format!("{CLAIM} {allow}\n"), String::new()),
        ("", format!("{CLAIM}{CLAIM} {allow}\n"), String::new()),
        ("", format!("<OutputClaim\n  ClaimTypeReferenceId=\"emial\"\n  /> {allow}\n"), String::new()),
        ("", format!("{CLAIM}\n<!-- --> {allow}\n"), at("21:36", unresolved) + &at("22:31", &unused("on this line"))),
        // Before the root: the file.
        (allow, format!("{CLAIM}\n{CLAIM}\n"), String::new()),
        (allow, String::new(), at("1:60", &unused("in this file"))),
        // Several, and a reason.
        ("", format!("<!--wayfarer:allow rest-insecure,unresolved-claim-type : it is so-->\n{CLAIM}\n"), {
            let message = "nothing to allow: no `rest-insecure` in the element that follows";
            at("21:20", &format!("warning[suppression-unused] {message}"))
        }),
        // Not for Wayfarer.
        ("", format!("<!-- allow unresolved-claim-type -->{CLAIM}\n"), at("21:72", unresolved)),
    ] {
        let path = sandbox.write("policy.xml", policy(before_root, &line));
        let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
        assert_eq!(ended.stdout.replace(&format!("{path}:"), ""), expected, "{before_root}{line}");
    }
}

#[test]
fn what_is_no_suppression_is_told_with_what_was_meant() {
    let sandbox = Sandbox::new();
    for (comment, message, help) in [
        (
            "wayfarer: allow unresolved-claim-typ",
            "there is no rule `unresolved-claim-typ` to allow",
            "did you mean `unresolved-claim-type`?",
        ),
        ("wayfarer: allow xyzzy", "there is no rule `xyzzy` to allow", "`wayfarer explain` lists all rules"),
        (
            "wayfarer: alow rest-http",
            "`wayfarer: alow rest-http` allows nothing",
            "write `<!-- wayfarer: allow SLUG -->`",
        ),
        ("wayfarer: allow", "`wayfarer: allow` allows nothing", "write `<!-- wayfarer: allow SLUG -->`"),
    ] {
        let path = sandbox.write("policy.xml", policy("", &format!("<!-- {comment} -->\n")));
        let json = sandbox.wayfarer(&["check", &path, "--format", "json"]).json();
        let finding = &json[0];
        assert_eq!(
            (&finding["code"], &finding["message"]),
            (&"suppression-unknown".into(), &message.into()),
            "{json:#}"
        );
        assert!(finding["help"].as_str().unwrap().contains(help), "{json:#}");
        assert_eq!(finding["policy"], "B2C_1A_Misspelt");
    }
}

#[test]
fn what_is_allowed_is_not_run_all_the_same() {
    let sandbox = Sandbox::new();
    let set = sandbox.policies("set", |_, text| {
        let text = text.replacen("?>\n", "?><!-- wayfarer: allow unresolved-claim-type, suppression-unused -->\n", 1);
        text.replace("<OutputClaim ClaimTypeReferenceId=\"ticket\"", "<OutputClaim ClaimTypeReferenceId=\"tickt\"")
    });
    // What the misspelled name would have used is unused, too.
    let ended = sandbox.wayfarer(&["check", &set, "--format", "concise", "--ignore", "unused-definition"]);
    assert_eq!(ended.fine(), "");
    let run = sandbox.wayfarer(&["run", &set]);
    assert!(run.code == 1 && run.stderr.contains("no `ClaimType` declares `tickt`"), "{run:#?}");
    // Nor does it make Azure accept what is built.
    sandbox.write("set/appsettings.json", r#"{ "Environments": [ { "Name": "Test", "PolicySettings": {} } ] }"#);
    let out = sandbox.path("out").display().to_string();
    let build = sandbox.wayfarer(&["build", &set, "--environment", "Test", "--out", &out]);
    assert!(build.code == 1 && build.stderr.contains("no `ClaimType` declares `tickt`"), "{build:#?}");
}

#[test]
fn what_the_schema_finds_can_be_allowed_and_what_is_malformed_can_t() {
    let sandbox = Sandbox::new();
    let allow = "<!-- wayfarer: allow element-not-allowed, xml-malformed -->";
    let path = sandbox.write("policy.xml", policy(allow, "<Unknown />"));
    for arguments in [vec!["check", &path, "--schema-only"], vec!["check", &path, "--select", "element-not-allowed"]] {
        assert_eq!(sandbox.wayfarer(&arguments).fine(), "no problems in 1 file\n");
    }
    let path = sandbox.write("policy.xml", policy(allow, "<Unknown>"));
    assert!(sandbox.wayfarer(&["check", &path, "--format", "concise"]).stdout.contains("error[xml-malformed]"));
}

#[test]
fn nothing_is_called_unused_where_not_all_was_judged() {
    let sandbox = Sandbox::new();
    let text = repository_file("fixtures/broken/base-missing/policy.xml");
    let text = text.replacen("?>\n", "?><!-- wayfarer: allow unresolved-claim-type -->\n", 1);
    let path = sandbox.write("policy.xml", text);
    let ended = sandbox.wayfarer(&["check", &path, "--format", "concise"]);
    assert!(ended.stdout.contains("base-missing") && !ended.stdout.contains("suppression"), "{ended:#?}");
}
