//! Which files make a set, and who derives from whom: DESIGN, "Sets", and the pages of the rules on sets.

use crate::memory::{Content, Memory, policy, told};
use wayfarer_compiler::{LoadError, Project, Scope};

/// The codes of the set; other rules have tests of their own.
const SET: [&str; 12] = [
    "base-cycle",
    "base-missing",
    "base-unsound",
    "built-files",
    "chain-too-deep",
    "namespace-wrong",
    "not-a-policy",
    "policy-too-big",
    "policyid-duplicate-in-set",
    "root-not-policy",
    "unreadable-file",
    "xml-malformed",
];

fn load(memory: &Memory, paths: &[&str], bases: &[&str]) -> Project {
    memory.load(paths, bases, Scope::All).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Policies `path id base` (base `-` for none), one a line.
fn set(lines: &str) -> Memory {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines = lines.lines().map(words).filter(|it| !it.is_empty());
    let mut memory = Memory::default();
    for line in lines {
        let [path, id, base] = &line[..] else { unreachable!("three words a line: {line:?}") };
        let base = (base != "-").then_some(base.as_str());
        memory.add(path, Content::Text(policy(id, base, "").into_bytes()));
    }
    memory
}

/// The files of the chain of `path`, from itself to its root.
fn chain(project: &Project, path: &str) -> Vec<String> {
    let name = |it| project.sources().name(it).to_owned();
    let file = project.files().iter().find(|it| name(it.file) == path);
    file.map(|it| project.chain(it).iter().map(|it| name(it.file)).collect()).unwrap_or_default()
}

#[track_caller]
fn check(memory: &Memory, paths: &[&str], bases: &[&str], expected: &[&str]) -> Project {
    let project = load(memory, paths, bases);
    assert_eq!(told(&project, &project.check(Scope::All), &SET), expected);
    project
}

/// The base of `set/a/x.xml`, which names B: where it is looked for, the nearest first.
#[test]
fn where_a_base_is_looked_up() {
    let x = "set/a/x.xml X B\n";
    let table: [(&str, &str, &[&str]); 12] = [
        ("its own folder", "set/a/b.xml B -", &["set/a/b.xml"]),
        ("its own folder before the one above", "set/a/b.xml B -\nset/b.xml B -", &["set/a/b.xml"]),
        ("the folder above", "set/b.xml B -", &["set/b.xml"]),
        ("the folder above before the folders beside", "set/b.xml B -\nset/c/b.xml B -", &["set/b.xml"]),
        ("a folder beside, where it is unique", "set/c/b.xml B -", &["set/c/b.xml"]),
        ("a folder below its own", "set/a/c/d/b.xml B -", &["set/a/c/d/b.xml"]),
        ("below PATH before another PATH", "set/c/b.xml B -\nother/b.xml B -", &["set/c/b.xml"]),
        ("another PATH, where it is unique", "other/b.xml B -", &["other/b.xml"]),
        ("another PATH before --base", "other/b.xml B -\nlib/b.xml B -", &["other/b.xml"]),
        ("--base", "lib/b.xml B -", &["lib/b.xml"]),
        ("--base, with its own base there", "lib/b.xml B C\nlib/c.xml C -", &["lib/b.xml", "lib/c.xml"]),
        ("ids are compared without case", "set/a/b.xml b -", &["set/a/b.xml"]),
    ];
    for (what, others, expected) in table {
        let memory = set(&format!("{x}{others}\nother/y.xml Y -\nlib/y.xml Y -"));
        let project = load(&memory, &["set", "other"], &["lib"]);
        let found = told(&project, &project.check(Scope::All), &SET);
        assert_eq!(found, Vec::<String>::new(), "{what}");
        let chain = chain(&project, "set/a/x.xml");
        assert_eq!(chain.get(1..).unwrap_or_default(), expected, "{what}");
    }
}

#[test]
fn where_a_base_is_not_looked_up() {
    let missing = ["set/a/x.xml:1 error [base-missing]"];
    let memory = set("set/a/x.xml X B\nset/b.xml B -");
    let project = check(&memory, &["set/a"], &[], &missing);
    assert_eq!(project.files().len(), 1, "nothing above PATH is read");
    check(&set("set/a/x.xml X B\nset/b.xml C -"), &["set"], &[], &missing);
    check(&set("set/a/x.xml X B\nelsewhere/b.xml B -"), &["set"], &[], &missing);
    let no_id = Memory::of([("set/a/x.xml", policy("X", None, "<BasePolicy><TenantId>t</TenantId></BasePolicy>"))]);
    check(&no_id, &["set"], &[], &missing);
    let blanks = Memory::of([("set/x.xml", policy("X", Some("\n  B\n"), "")), ("set/b.xml", policy("B", None, ""))]);
    assert_eq!(chain(&check(&blanks, &["set"], &[], &[]), "set/x.xml"), ["set/x.xml", "set/b.xml"]);
}

#[test]
fn a_base_between_which_nothing_decides() {
    let missing = ["set/a/x.xml:1 error [base-missing]"];
    for lines in
        ["set/c/b.xml B -\nset/d/b.xml B -", "one/b.xml B -\ntwo/b.xml B -", "lib/a/b.xml B -\nlib/b/b.xml B -"]
    {
        let memory = set(&format!("set/a/x.xml X B\n{lines}\none/y.xml Y1 -\ntwo/y.xml Y2 -\nlib/y.xml Y3 -"));
        let project = check(&memory, &["set", "one", "two"], &["lib"], &missing);
        let found = project.check(Scope::All);
        let finding = found.iter().find(|it| it.code == "base-missing");
        assert!(finding.is_some_and(|it| it.message.contains("2 times") && it.related.len() == 2), "{found:?}");
        assert_eq!(chain(&project, "set/a/x.xml"), ["set/a/x.xml"]);
    }
}

#[test]
fn one_file_finds_its_base_beside_it() {
    let memory = set("set/x.xml X B\nset/b.xml B C\nset/c.xml C -\nset/odd.xml Odd Nowhere\nset/deep/z.xml Z -");
    let project = check(&memory, &["set/x.xml"], &[], &[]);
    assert_eq!(chain(&project, "set/x.xml"), ["set/x.xml", "set/b.xml", "set/c.xml"]);
    let reported: Vec<_> = project.files().iter().filter(|it| it.reported).filter_map(|it| it.policy_id()).collect();
    assert_eq!(reported, ["X"], "what lies beside is looked up, not judged");
    assert!(project.files().iter().all(|it| it.policy_id() != Some("Z")), "folders below are not read");
    // The same in the folder in which the command runs.
    let memory = set("x.xml X B\nb.xml B -");
    let project = check(&memory, &["x.xml"], &[], &[]);
    assert_eq!(project.chain(&project.files()[0]).len(), 2);
    check(&set("set/x.xml X B\nset/deep/b.xml B -"), &["set/x.xml"], &[], &["set/x.xml:1 error [base-missing]"]);
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let memory = set("set/x.xml X -\nset/a/y.xml Y -");
    let project = check(&memory, &["set/x.xml", "set", "./set/a", "set"], &["set"], &[]);
    assert_eq!(project.files().len(), 2);
    assert!(project.files().iter().all(|it| it.reported));
}

#[test]
fn equal_ids() {
    let both = ["set/a.xml:1 error [policyid-duplicate-in-set]", "set/b.xml:1 error [policyid-duplicate-in-set]"];
    check(&set("set/a.xml B2C_1A_X -\nset/b.xml B2C_1A_X -"), &["set"], &[], &both);
    check(&set("set/a.xml B2C_1A_X -\nset/b.xml b2c_1a_x -"), &["set"], &[], &both);
    check(&set("set/a/x.xml X -\nset/b/x.xml X -"), &["set"], &[], &[]);
    check(&set("set/x.xml X -\nlib/x.xml X -\nlib/y.xml X -"), &["set"], &["lib"], &[]);
    // Both files are checked.
    let broken = "<BuildingBlocks><Oops /></BuildingBlocks>";
    let memory = Memory::of([("set/a.xml", policy("X", None, broken)), ("set/b.xml", policy("x", None, broken))]);
    let project = load(&memory, &["set"], &[]);
    let found = told(&project, &project.check(Scope::All), &["element-not-allowed"]);
    assert_eq!(found, ["set/a.xml:1 error [element-not-allowed]", "set/b.xml:1 error [element-not-allowed]"]);
    assert_eq!(project.find("X").count(), 2);
}

#[test]
fn cycles_of_one_two_and_three() {
    let cycle = |name: &str| format!("set/{name}.xml:1 error [base-cycle]");
    check(&set("set/a.xml A A"), &["set"], &[], &[&cycle("a")]);
    check(&set("set/a.xml A a"), &["set"], &[], &[&cycle("a")]);
    check(&set("set/a.xml A B\nset/b.xml B A"), &["set"], &[], &[&cycle("a"), &cycle("b")]);
    let three = set("set/a.xml A B\nset/b.xml B C\nset/c.xml C A\nset/into.xml Into A\nset/fine.xml Fine -");
    let project = check(&three, &["set"], &[], &[&cycle("a"), &cycle("b"), &cycle("c")]);
    assert_eq!(chain(&project, "set/into.xml"), ["set/into.xml", "set/a.xml"], "what leads into it stops there");
    // A policy of the same id in the folder is the base before the file itself.
    let memory = set("set/a.xml A A\nset/b.xml A -");
    let twice = ["set/a.xml:1 error [policyid-duplicate-in-set]", "set/b.xml:1 error [policyid-duplicate-in-set]"];
    check(&memory, &["set"], &[], &twice);
}

fn ladder(levels: usize) -> Memory {
    let level = |it: usize| policy(&format!("L{it}"), (it > 1).then(|| format!("L{}", it - 1)).as_deref(), "");
    let paths: Vec<String> = (1..=levels).map(|it| format!("set/l{it:05}.xml")).collect();
    Memory::of(paths.iter().zip(1..).map(|(path, it)| (path.as_str(), level(it))))
}

#[test]
fn ten_levels_are_allowed_and_eleven_are_not() {
    check(&ladder(10), &["set"], &[], &[]);
    let project = check(&ladder(11), &["set"], &[], &["set/l00011.xml:1 error [chain-too-deep]"]);
    assert_eq!(chain(&project, "set/l00010.xml").len(), 10);
    let twelve = ["set/l00011.xml:1 error [chain-too-deep]", "set/l00012.xml:1 error [chain-too-deep]"];
    check(&ladder(12), &["set"], &[], &twelve);
}

/// Neither the stack nor the patience ends: each link is walked once, and nothing beyond the limit is merged.
#[test]
fn a_chain_of_ten_thousand() {
    let project = load(&ladder(10_000), &["set"], &[]);
    let found = project.check(Scope::All);
    assert_eq!(told(&project, &found, &SET).len(), 9_990);
    let last = found.iter().rfind(|it| it.code == "chain-too-deep");
    assert!(last.is_some_and(|it| it.message.contains("10000 policies")), "{last:?}");
    // And the other way round: files that come before their bases.
    let last_first = Memory::of((1..=10_000).map(|it| {
        let path = &*Box::leak(format!("set/l{:05}.xml", 10_001 - it).into_boxed_str());
        (path, policy(&format!("L{it}"), (it > 1).then(|| format!("L{}", it - 1)).as_deref(), ""))
    }));
    let project = load(&last_first, &["set"], &[]);
    assert_eq!(told(&project, &project.check(Scope::All), &SET).len(), 9_990);
    // A cycle of as many.
    let cycle = Memory::of((0..10_000).map(|it| {
        let path = &*Box::leak(format!("set/l{it:05}.xml").into_boxed_str());
        (path, policy(&format!("L{it}"), Some(&format!("L{}", (it + 1) % 10_000)), ""))
    }));
    let project = load(&cycle, &["set"], &[]);
    assert_eq!(told(&project, &project.check(Scope::All), &SET).len(), 10_000);
}

#[test]
fn what_is_no_policy() {
    let memory = Memory::of([
        ("set/build.xml", "<project>\n  <modelVersion>4</modelVersion>\n</project>".to_owned()),
        ("set/empty.xml", String::new()),
        ("set/foreign.xml", "<TrustFrameworkPolicy xmlns=\"urn:x\" />".to_owned()),
        ("set/half.xml", "<project>\n".to_owned()),
        ("set/x.xml", policy("X", None, "")),
    ]);
    let project = check(
        &memory,
        &["set"],
        &[],
        &[
            "set/build.xml:1 info [not-a-policy]",
            "set/empty.xml:1 error [xml-malformed]",
            "set/foreign.xml:1 error [namespace-wrong]",
            "set/half.xml:1 error [xml-malformed]",
            "set/half.xml:1 error [root-not-policy]",
        ],
    );
    assert_eq!(project.looked_at(), 5);
    // With the schema alone every file is judged, and nothing is said of the set.
    let project = memory.load(&["set"], &[], Scope::SchemaOnly).expect("the folder");
    let found = told(&project, &project.check(Scope::SchemaOnly), &SET);
    assert!(found.contains(&"set/build.xml:1 error [root-not-policy]".to_owned()), "{found:?}");
    assert!(!found.iter().any(|it| it.contains("not-a-policy")), "{found:?}");
    let memory = set("set/a.xml A Nowhere\nset/b.xml a -");
    let project = memory.load(&["set"], &[], Scope::SchemaOnly).expect("the folder");
    assert!(project.check(Scope::SchemaOnly).is_empty());
}

#[test]
fn large_files() {
    let mut memory = set("set/x.xml X -");
    memory.add("set/huge.xml", Content::Huge(17 * 1024 * 1024));
    let filler = "<!-- 0123456789 -->".repeat(1024 * 1024 / 19 + 1);
    memory.add("set/large.xml", Content::Text(policy("L", Some("X"), &filler).into_bytes()));
    let exactly = policy("E", None, "");
    let exactly =
        exactly.replace("></TrustF", &format!("><!--{}--></TrustF", "x".repeat(1024 * 1024 - exactly.len() - 7)));
    assert_eq!(exactly.len(), 1024 * 1024);
    memory.add("set/limit.xml", Content::Text(exactly.into_bytes()));
    let expected = ["set/huge.xml:1 error [policy-too-big]", "set/large.xml:1 error [policy-too-big]"];
    let project = check(&memory, &["set"], &[], &expected);
    assert_eq!(chain(&project, "set/large.xml").len(), 2, "what is read is judged all the same");
    let huge = Memory::default();
    assert_eq!(huge.load(&["set"], &[], Scope::All).err(), Some(LoadError::NotFound("set".into())));
}

#[test]
fn what_cannot_be_read() {
    let mut memory = set("set/x.xml X -\ntext/y.txt Y -");
    memory.add("set/secret.xml", Content::Unreadable);
    check(&memory, &["set"], &[], &["set/secret.xml:1 error [unreadable-file]"]);
    let load = |paths: &[&str], bases: &[&str]| memory.load(paths, bases, Scope::All).err();
    let unreadable = LoadError::Unreadable { path: "set/secret.xml".into(), reason: "permission denied".to_owned() };
    assert_eq!(load(&["set/secret.xml"], &[]), Some(unreadable));
    assert_eq!(load(&["nowhere"], &[]), Some(LoadError::NotFound("nowhere".into())));
    assert_eq!(load(&["set"], &["nowhere"]), Some(LoadError::NotFound("nowhere".into())));
    assert_eq!(load(&["text"], &[]), Some(LoadError::Empty("text".into())));
    assert_eq!(load(&["set/x.xml"], &[]), None, "what is beside a named file may be unreadable");
}

const JOURNEY: &str = "<ClaimsProviders><ClaimsProvider><DisplayName>p</DisplayName><TechnicalProfiles>\
    <TechnicalProfile Id=\"JwtIssuer\"><DisplayName>i</DisplayName><Protocol Name=\"OpenIdConnect\" />\
    <OutputTokenFormat>JWT</OutputTokenFormat><Metadata>\n<Item Key=\"ClientCredentialsUserJourneyId\">CC</Item></Metadata>\
    <CryptographicKeys><Key Id=\"issuer_secret\" StorageReferenceId=\"B2C_1A_K\" /></CryptographicKeys></TechnicalProfile>\
    </TechnicalProfiles></ClaimsProvider></ClaimsProviders><UserJourneys><UserJourney Id=\"CC\"><OrchestrationSteps>\n\
    <OrchestrationStep Order=\"1\" Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"JwtIssuer\" />\
    </OrchestrationSteps></UserJourney></UserJourneys>";

/// What a looked-up base does wrong alone is nobody's finding; what shows with the policy that derives from it is told
/// at that policy's `PolicyId`, with the place in the base beside it.
#[test]
fn findings_in_looked_up_bases_move_to_the_policy_that_derives() {
    let unresolved = "<RelyingParty><DefaultUserJourney ReferenceId=\"Nobody\" /></RelyingParty>";
    let memory = Memory::of([
        (
            "set/x.xml",
            policy("X", Some("B"), "\n<RelyingParty><DefaultUserJourney ReferenceId=\"CC\" /></RelyingParty>"),
        ),
        ("lib/b.xml", policy("B", None, JOURNEY)),
        ("lib/other.xml", policy("O", None, unresolved)),
    ]);
    let codes = ["client-credentials-first-step", "unresolved-user-journey", "unresolved-technical-profile"];
    let project = load(&memory, &["set"], &["lib"]);
    let found = project.check(Scope::All);
    assert_eq!(told(&project, &found, &codes), ["set/x.xml:1 error [client-credentials-first-step]"]);
    let moved = found.iter().find(|it| it.code == codes[0]).map(|it| &it.related);
    let places: Vec<_> = moved.into_iter().flatten().map(|it| project.sources().place(it.span)).collect();
    assert!(places.iter().any(|it| it.starts_with("lib/b.xml:3:")), "{places:?}");
    // Judged as part of the set, the finding stands where the step is, once for both relying parties.
    let second = policy("Y", Some("B"), "\n<RelyingParty><DefaultUserJourney ReferenceId=\"CC\" /></RelyingParty>");
    let mut memory = memory;
    memory.add("set/y.xml", Content::Text(second.into_bytes()));
    let project = load(&memory, &["set", "lib"], &[]);
    let expected =
        ["lib/b.xml:3 error [client-credentials-first-step]", "lib/other.xml:1 error [unresolved-user-journey]"];
    assert_eq!(told(&project, &project.check(Scope::All), &codes), expected);
}

#[test]
fn an_unsound_base_that_is_looked_up_is_told_where_it_is_named() {
    let base = |content| policy("B", None, content);
    let table: [(&str, String, &[&str]); 4] = [
        ("sound", base(""), &[]),
        ("schema", base("<Nonsense/>"), &["set/x.xml:1 error [base-unsound]"]),
        ("not well-formed", base("<BuildingBlocks>"), &["set/x.xml:1 error [base-unsound]"]),
        (
            "tokens",
            base("").replace("contoso.onmicrosoft.com", "{Settings:Tenant}"),
            &["set/x.xml:1 warning [base-unsound]"],
        ),
    ];
    for (name, base, expected) in table {
        let memory = Memory::of([("set/x.xml", policy("X", Some("B"), "")), ("lib/b.xml", base)]);
        let project = load(&memory, &["set"], &["lib"]);
        assert_eq!(told(&project, &project.check(Scope::All), &SET), expected, "{name}");
    }
}

#[test]
fn files_that_the_extension_has_built_are_left_out_unless_they_are_named() {
    let settings =
        |folder: &str| format!(r#"{{{folder} "Environments": [{{"Name": "Test", "PolicySettings": {{}}}}]}}"#);
    let table: [(&str, String, &str, &[&str]); 5] = [
        ("by default", settings(""), "set", &["set/Environments/Test/a.xml:1 info [built-files]"]),
        (
            "as named",
            settings(r#""EnvironmentsFolder": "Environments/Test","#),
            "set",
            &["set/Environments/Test/a.xml:1 info [built-files]"],
        ),
        ("another folder", settings(r#""EnvironmentsFolder": "Out","#), "set", &[]),
        ("never the whole set", settings(r#""EnvironmentsFolder": "..","#), "set", &[]),
        ("asked for", settings(""), "set/Environments", &[]),
    ];
    for (name, text, path, expected) in table {
        let (policy, path) = (policy("B2C_1A_A", None, ""), [path]);
        let mut memory = Memory::of([("set/a.xml", policy.clone()), ("set/Environments/Test/a.xml", policy)]);
        memory.add("set/appsettings.json", Content::Text(text.into_bytes()));
        let project = load(&memory, &path, &[]);
        assert_eq!(told(&project, &project.check(Scope::All), &SET), expected, "{name}");
    }
}

#[test]
fn a_policy_and_its_chain_alone() {
    let memory = Memory::of([
        (
            "set/b.xml",
            policy("B", None, "\n<RelyingParty><DefaultUserJourney ReferenceId=\"Nobody\" /></RelyingParty>"),
        ),
        ("set/x.xml", policy("X", Some("B"), "")),
        (
            "set/z.xml",
            policy("Z", None, "\n<RelyingParty><DefaultUserJourney ReferenceId=\"Nobody\" /></RelyingParty>"),
        ),
    ]);
    let project = load(&memory, &["set"], &[]);
    let x = project.find("x").next().expect("x, whatever its case");
    let found = told(&project, &project.check_chain(x), &["unresolved-user-journey"]);
    assert_eq!(found, ["set/b.xml:2 error [unresolved-user-journey]"], "of the others nothing is told");
    let requested: Vec<_> = project.relying_parties().filter_map(|it| it.policy_id()).collect();
    assert_eq!(requested, ["B", "Z"], "X inherits its relying party and has none of its own");
    assert!(std::sync::Arc::ptr_eq(&project.effective(x), &project.effective(x)), "a policy is merged once");
    let base = project.find("B").next().expect("b");
    let shared = project.effective(x);
    assert!(shared.base().is_some_and(|it| std::sync::Arc::ptr_eq(it, &project.effective(base))));
}

/// After a change of one file the set is what it would be if it were loaded anew, whatever the change does to the chains.
#[test]
fn a_changed_file_is_judged_with_all_that_hangs_on_it() {
    let claim = |id: &str| {
        format!(
            "<BuildingBlocks><ClaimsSchema><ClaimType Id=\"{id}\"><DataType>string</DataType></ClaimType></ClaimsSchema></BuildingBlocks>"
        )
    };
    let uses = |id: &str| {
        format!(
            "<RelyingParty><DefaultUserJourney ReferenceId=\"J\" /><TechnicalProfile Id=\"PolicyProfile\"><OutputClaims>\
             <OutputClaim ClaimTypeReferenceId=\"{id}\" /></OutputClaims></TechnicalProfile></RelyingParty>"
        )
    };
    let root = |id: &str, content: &str| policy(id, None, content);
    let before = [
        ("set/root.xml", root("Root", &claim("a"))),
        ("set/middle.xml", policy("Middle", Some("Root"), "")),
        ("set/leaf.xml", policy("Leaf", Some("Middle"), &uses("a"))),
        ("set/other.xml", root("Other", &claim("b"))),
    ];
    let changes = [
        ("another claim type", "set/root.xml", root("Root", &claim("b"))),
        ("another id", "set/root.xml", root("Base", &claim("a"))),
        ("another base", "set/middle.xml", policy("Middle", Some("Other"), "")),
        ("a circle", "set/root.xml", policy("Root", Some("Leaf"), &claim("a"))),
        ("broken", "set/middle.xml", policy("Middle", Some("Root"), "<BuildingBlocks>")),
        ("too large", "set/leaf.xml", policy("Leaf", Some("Middle"), &format!("<!--{}-->", " ".repeat(1024 * 1024)))),
        ("nothing", "set/leaf.xml", policy("Leaf", Some("Middle"), &uses("a"))),
        ("a twin", "set/other.xml", root("Middle", "")),
    ];
    let lines = |project: &Project| {
        let told = project.check(Scope::All);
        told.iter()
            .map(|it| (project.sources().place(it.primary.span), it.code, it.message.clone()))
            .collect::<Vec<_>>()
    };
    for (name, path, text) in changes {
        let mut project = load(&Memory::of(before.clone()), &["set"], &[]);
        let first = lines(&project);
        let file = project.files().iter().find(|it| project.sources().name(it.file) == path).map(|it| it.file);
        assert!(project.change(file.expect(name), text.as_bytes(), None), "{name}");
        let mut after = before.clone();
        after.iter_mut().filter(|it| it.0 == path).for_each(|it| it.1.clone_from(&text));
        let anew = lines(&load(&Memory::of(after), &["set"], &[]));
        assert_eq!(lines(&project), anew, "{name}");
        assert_eq!(first == anew, name == "nothing", "{name}: it proves something");
        let back = before.iter().find(|it| it.0 == path).map(|it| it.1.clone()).unwrap_or_default();
        assert!(project.change(file.expect(name), back.as_bytes(), None), "{name}");
        assert_eq!(lines(&project), first, "{name}, and back");
    }
}
