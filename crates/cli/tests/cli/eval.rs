//! `wayfarer eval`: how results and mistakes are told. What methods do is in their `vectors.toml`.

use crate::sandbox::Sandbox;
use serde_json::json;

#[test]
fn values_are_printed_by_their_data_types() {
    let sandbox = Sandbox::new();
    let cases = [
        ("AdjustNumber --in inputClaim=1", json!({ "outputClaim": 2 })),
        ("NotClaims --in inputClaim=false", json!({ "outputClaim": true })),
        (
            "ConvertDateToDateTimeClaim --in inputClaim=2022-01-03",
            json!({ "outputClaim": "2022-01-03T00:00:00.0000000Z" }),
        ),
        (r#"AddItemToStringCollection --in item=b --in collection=["a"]"#, json!({ "collection": ["a", "b"] })),
        (
            "CreateUserIdentity --in issuerUserId=12345 --in issuer=facebook.com",
            json!({ "userIdentity": { "issuer": "facebook.com", "issuerUserId": "MTIzNDU=" } }),
        ),
        ("NullClaim", json!({ "claim_to_null": null })),
        ("LookupValue --in inputParameterId=x --param a=b", json!({})),
        ("DoesClaimExist --in inputClaim=", json!({ "outputClaim": true })),
        ("DoesClaimExist", json!({ "outputClaim": false })),
        ("CopyClaim --in inputClaim=5 --type inputClaim=long", json!({ "outputClaim": 5 })),
        ("ParseDomain --in emailAddress=a=b@c=d", json!({ "domain": "c=d" })),
        ("IsLengthRange --in value=abcde --param Minimum=5 --param Maximum=15", json!({ "result": true })),
        (
            "IsDateRange --in value=2024-06-01 --param Minimum=today --param Maximum=Today --now 2024-06-01",
            json!({ "result": true }),
        ),
    ];
    for (line, outputs) in cases {
        let arguments: Vec<&str> = ["eval"].into_iter().chain(line.split(' ')).chain(["--format", "json"]).collect();
        let ended = sandbox.wayfarer(&arguments);
        assert_eq!((ended.code, ended.json()), (0, json!({ "outputs": outputs })), "{line}");
    }
}

#[test]
fn people_are_told_what_happens_to_each_output() {
    let sandbox = Sandbox::new();
    let told = |arguments: &[&str]| sandbox.wayfarer(&[&["eval"], arguments].concat()).fine().to_owned();
    assert_eq!(told(&["ParseDomain", "--in", "emailAddress=joe@outlook.com"]), "domain = \"outlook.com\"  string\n");
    let regex = ["SetClaimsIfRegexMatch", "--in", "claimToMatch=x", "--param", "matchTo=y"];
    let expected = "outputClaim loses its value  string\nregexCompareResultClaim = false  boolean\n";
    assert_eq!(told(&regex), expected);
    let assertion = ["AssertBooleanClaimIsEqualToValue", "--in", "inputClaim=true", "--param", "valueToCompareTo=true"];
    assert_eq!(told(&assertion), "passed the assertion holds; it writes no claim\n");
    assert_eq!(told(&["MatchesRegex", "--in", "value=12a", "--param", "RegularExpression=^[0-9]+$"]), "false\n");
}

#[test]
fn a_seed_repeats_and_now_is_the_time() {
    let sandbox = Sandbox::new();
    let draw = |seed: &str| {
        let arguments = ["eval", "CreateOtpSecret", "--seed", seed, "--format", "json"];
        sandbox.wayfarer(&arguments).json()["outputs"]["outputClaim"].clone()
    };
    assert_eq!(draw("1"), draw("1"));
    assert_ne!(draw("1"), draw("2"));
    let now =
        sandbox.wayfarer(&["eval", "GetCurrentDateTime", "--now", "2022-01-14T12:40:35+01:00", "--format", "json"]);
    assert_eq!(now.json()["outputs"]["currentDateTime"], "2022-01-14T11:40:35.0000000Z");
}

/// A policy with the same would be refused, or fail: exit code 1.
#[test]
fn a_call_that_fails_says_why_and_what_to_do() {
    let sandbox = Sandbox::new();
    let cases: &[(&str, &str, &[&str])] = &[
        ("ParseDomain", "missing-input", &["input `emailAddress` has no value", "wayfarer explain ParseDomain"]),
        (
            "ParseDomain --in emailAdress=x",
            "signature",
            &["`emailAdress` (string) is not expected", "did you mean `emailAddress`?"],
        ),
        ("ParseDomain --type dommain=string", "signature", &["OutputClaims: `dommain`", "did you mean `domain`?"]),
        ("ParseDomain --in domain=x", "signature", &["`domain` is an output claim"]),
        ("AdjustNumber --in Operator=INCREMENT", "signature", &["--param Operator=TEXT"]),
        ("AdjustNumber --in inputClaim=2147483648", "value", &["whole number of 32 bits", "--type inputClaim="]),
        (
            "AdjustNumber --in inputClaim=1 --type inputClaim=long",
            "signature",
            &["is long, expected int", "--type inputClaim=int"],
        ),
        ("StringJoin --in inputClaim=a,b --param delimiter=,", "value", &[r#"a JSON array such as ["a","b"]"#]),
        ("StringJoin --in inputClaim=[]", "signature", &["`delimiter` (string) is expected", "--param delimiter=TEXT"]),
        ("ParseDomain --in emailAddress=a --in emailAddress=b", "signature", &["declared twice"]),
        (
            "GetClaimFromJson --in inputJson={} --param claimToExtract=a --param claimToExtract=b",
            "signature",
            &["declared twice"],
        ),
        (
            "Hash --in plaintext=a --in salt=b --param randomizerSecret=K",
            "failed",
            &["no policy key `K`", "--key CONTAINER=TEXT"],
        ),
        (
            "CopyClaimIfPredicateMatch --in inputClaim=a",
            "parameter",
            &["predicate validation", "--predicate METHOD.ID=TEXT"],
        ),
        (
            "IsLengthRange --in value=a --param Minimum=5",
            "parameter",
            &["no parameter `Maximum`", "`Minimum`, `Maximum`"],
        ),
        ("ChangeCase --in inputClaim1=a --param toCase=TITLE", "parameter", &["must be one of `LOWER`, `UPPER`"]),
    ];
    for (line, code, texts) in cases {
        let arguments: Vec<&str> = ["eval"].into_iter().chain(line.split(' ')).collect();
        let human = sandbox.wayfarer(&arguments);
        human.refused(1, &[&[&*format!("error[{code}]: ")], *texts].concat());
        let json = sandbox.wayfarer(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!((json.code, json.json()["error"]["code"].as_str()), (1, Some(*code)), "{line}");
    }
    let assertion =
        "AssertNumber --in inputClaim=10 --param CompareToValue=5 --param Operator=GreaterThan --format json";
    let ended = sandbox.wayfarer(&["eval"].into_iter().chain(assertion.split(' ')).collect::<Vec<_>>());
    assert_eq!((ended.code, ended.json()["error"]["key"].as_str()), (1, Some("AssertNumberError")));
}

/// Not understood: exit code 2, and nothing on stdout.
#[test]
fn a_command_that_is_not_understood_says_what_is_meant() {
    let sandbox = Sandbox::new();
    let cases: &[(&str, &[&str])] = &[
        ("ParseDomian", &["no claims transformation method or predicate `ParseDomian`", "did you mean `ParseDomain`?"]),
        ("xyzzyxyzzy", &["`wayfarer explain` lists all of them"]),
        ("", &["<METHOD>"]),
        ("ParseDomain --in emailAddress", &["--in <NAME=TEXT>", "a name, `=`"]),
        ("ParseDomain --type domain=strin", &["did you mean `string`?"]),
        ("ParseDomain --param-type a=int", &["a parameter that is not given"]),
        ("ParseDomain --now soon", &["2026-01-31T08:00:00Z"]),
        ("ParseDomain --in-file emailAddress=no/such/file", &["`no/such/file` can't be read"]),
        ("ParseDomain --in-file emailAddress=.", &["can't be read"]),
        ("ParseDomain --key A=b", &["`ParseDomain` has no use for `--key`"]),
        ("ParseDomain --expression Tenant=b", &["no expression `Tenant`", "`RelyingPartyTenantId`"]),
        ("CopyClaimIfPredicateMatch --predicate IsLong.Minimum=1", &["no predicate method `IsLong`"]),
        ("CopyClaimIfPredicateMatch --predicate IsLengthRange=1", &["`IsLengthRange.Minimum=5`"]),
        ("IsLengthRange --param Minimum=1", &["--in value=TEXT"]),
        ("IsLengthRange --in claim=a", &["no input `claim`", "--in value=TEXT"]),
        ("IsLengthRange --in value=a --param Min=1", &["no parameter `Min`", "`Minimum`, `Maximum`"]),
    ];
    for (line, texts) in cases {
        let words = line.split(' ').filter(|it| !it.is_empty());
        sandbox.wayfarer(&["eval"].into_iter().chain(words).collect::<Vec<_>>()).refused(2, texts);
    }
}

#[test]
fn what_is_strange_and_no_failure_is_a_warning() {
    let sandbox = Sandbox::new();
    for (line, texts) in [
        ("ParseDomain --in EMAILADDRESS=a@b", ["`EMAILADDRESS` is documented as `emailAddress`", "warning: "]),
        ("GetLocalizedStringsTransformation --type subject=string", ["--localized subject=TEXT", "warning: "]),
        (
            "SetClaimsIfRegexMatch --in claimToMatch=a --param matchTo=(?<x>a) --param extractGroups=true",
            ["`--type x=string`", "warning: "],
        ),
        ("ConvertNumberToStringClaim --in inputClaim=1 --type inputClaim=int", ["documented is long", "warning: "]),
    ] {
        let ended = sandbox.wayfarer(&["eval"].into_iter().chain(line.split(' ')).collect::<Vec<_>>());
        assert!(ended.code == 0 && texts.iter().all(|it| ended.stderr.contains(it)), "{ended:#?}");
    }
}

#[test]
fn texts_come_from_files_and_standard_input_too() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("address.txt", "@joe@outlook.com");
    let option = format!("emailAddress={file}");
    let from_file = sandbox.wayfarer(&["eval", "ParseDomain", "--in-file", &option, "--format", "json"]);
    assert_eq!(from_file.json(), json!({ "outputs": { "domain": "outlook.com" } }));
    let arguments = ["eval", "ParseDomain", "--in-file", "emailAddress=-", "--format", "json"];
    let from_input = sandbox.wayfarer_reading(&arguments, "a@b.c");
    assert_eq!(from_input.json(), json!({ "outputs": { "domain": "b.c" } }));
    let broken = sandbox.write("broken.txt", [b'a', 0xff]);
    let option = format!("emailAddress={broken}");
    sandbox.wayfarer(&["eval", "ParseDomain", "--in-file", &option]).refused(2, &["is not UTF-8"]);
}

/// What nobody would write ends soon, with an answer or an error and never with a crash.
#[test]
fn hostile_input_ends_in_an_answer_or_an_error() {
    let sandbox = Sandbox::new();
    let megabyte = sandbox.write("megabyte", "a".repeat(1 << 20));
    let deep = sandbox.write("deep", format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)));
    let array = sandbox.write("array", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    let elements = sandbox.write("elements", format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000)));
    let groups = sandbox.write("groups", format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)));
    let almost = "a".repeat(5_000) + "!";
    let cases: &[(&str, &[&str], i32)] = &[
        ("GetClaimFromJson", &["--in-file", &format!("inputJson={deep}"), "--param", "claimToExtract=a"], 1),
        ("GetSingleItemFromJson", &["--in-file", &format!("inputJson={deep}")], 1),
        ("GetSingleValueFromJsonArray", &["--in-file", &format!("inputJsonClaim={array}")], 1),
        ("StringJoin", &["--in-file", &format!("inputClaim={array}"), "--param", "delimiter=,"], 1),
        (
            "GetIssuersFromUserIdentityCollectionTransformation",
            &["--in-file", &format!("userIdentityCollection={array}")],
            1,
        ),
        ("XmlStringToJsonString", &["--in-file", &format!("xml={elements}")], 1),
        ("FormatStringClaim", &["--in", "inputClaim=x", "--param", "stringFormat={0,2147483647}"], 1),
        ("FormatStringClaim", &["--in", "inputClaim=x", "--param", "stringFormat={0,-2147483648}"], 1),
        ("FormatStringClaim", &["--in", "inputClaim=x", "--param", "stringFormat={2147483648}"], 1),
        ("FormatStringClaim", &["--in-file", &format!("inputClaim={megabyte}"), "--param", "stringFormat={0}"], 1),
        ("StringSubstring", &["--in", "inputClaim=x", "--param", "startIndex=0", "--param", "length=2147483647"], 1),
        (
            "StringReplace",
            &[
                "--in-file",
                &format!("inputClaim={megabyte}"),
                "--param",
                "oldValue=a",
                "--param",
                "newValue=0123456789",
            ],
            1,
        ),
        ("SetClaimsIfRegexMatch", &["--in", &format!("claimToMatch={almost}"), "--param", "matchTo=(a+)+$"], 0),
        (
            "SetClaimsIfRegexMatch",
            &["--in", &format!("claimToMatch={almost}"), "--param", r"matchTo=^(?=a)(a+)+\1$"],
            0,
        ),
        ("SetClaimsIfRegexMatch", &["--in-file", &format!("claimToMatch={megabyte}"), "--param", "matchTo=(a*)*b"], 0),
        ("SetClaimsIfRegexMatch", &["--in", "claimToMatch=a", "--param-file", &format!("matchTo={groups}")], 1),
        ("SetClaimsIfRegexMatch", &["--in", "claimToMatch=a", "--param", "matchTo=((a{1000}){1000}){1000}"], 1),
        ("MatchesRegex", &["--in", &format!("value={almost}"), "--param", r"RegularExpression=^(?=a)(a+)+\1$"], 0),
        ("ParseDomain", &["--in-file", &format!("emailAddress={megabyte}")], 0),
        ("ChangeCase", &["--in-file", &format!("inputClaim1={megabyte}"), "--param", "toCase=UPPER"], 0),
    ];
    for (method, options, code) in cases {
        let ended = sandbox.wayfarer(&[&["eval", method, "--format", "json"], *options].concat());
        let json = ended.json();
        assert_eq!((ended.code, json["error"].is_object()), (*code, *code == 1), "{method} {options:.80?}");
    }
}
