use super::*;

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).unwrap_or_else(|it| panic!("{pattern}: {it}")).is_match(text).unwrap()
}

#[track_caller]
fn check(pattern: &str, cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        assert_eq!(matches(pattern, text), *expected, "{pattern} on {text:?}");
    }
}

/// The vectors of the reference "claims", sections 7 and 8.
#[test]
fn public_patterns_have_their_known_verdicts() {
    check("^[a-zA-Z0-9]+[a-zA-Z0-9_-]*$", &[("bob_1", true), ("_bob", false), ("bo b", false)]);
    check(r"\d", &[("20", true)]);
    check("^[0-9]{6}$", &[("12345", false), ("123456", true)]);
    check(
        r"^[+]*[(]{0,1}[0-9]{1,4}[)]{0,1}[-\s\./0-9]*$",
        &[("+1 234-567", true), ("(425) 555.0100", true), ("abc", false)],
    );
    check(
        r"(^\S.*\S$)|(^\S+$)|(^$)",
        &[("abc", true), (" a", false), ("a ", false), ("a b", true), ("", true), (" ", false)],
    );
    check(
        r"^\+?(?:[-()\s]*\d[-()\s]*){4,16}$",
        &[
            ("+11234567890", true),
            ("+1 (123) 456-7890", true),
            ("(12) 34", true),
            ("123", false),
            ("1234567890123456", true),
            ("12345678901234567", false),
            ("bob@contoso.com", false),
        ],
    );
    check(
        r#"(^([0-9A-Za-z\d@#$%^&*\-_+=[\]{}|\\:',?/`~"();! ]|(\.(?!@)))+$)|(^$)"#,
        &[("a b", true), ("a.b", true), ("a.@b", false), ("é", false), ("", true), ("a[b]", true)],
    );
    check(r"^[^\\+]+$", &[("bob", true), ("bob+1", false), (r"a\b", false), ("", false)]);
    check(r"^(?=([^,]+)).+(?=(\1))", &[("a@b.c,a@b.c", true), ("a@b.c,d@e.f", false)]);
}

/// The password expression of the starter pack, the most used of all.
#[test]
fn the_password_expression_of_the_starter_pack_works() {
    let classes = concat!(
        r"^((?=.*[a-z])(?=.*[A-Z])(?=.*\d)|(?=.*[a-z])(?=.*[A-Z])(?=.*[^A-Za-z0-9])|",
        r"(?=.*[a-z])(?=.*\d)(?=.*[^A-Za-z0-9])|(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]))",
    );
    let pattern = format!("{classes}{}", r#"([A-Za-z\d@#$%^&*\-_+=[\]{}|\\:',?/`~"();!]|\.(?!@)){8,16}$"#);
    check(
        &pattern,
        &[
            ("Passw0rd", true),
            ("password1", false),
            ("passw0rd!", true),
            ("PASSWORD1!", true),
            ("Pass1", false),
            ("Passw0rd ", false),
            ("Passw0rdPassw0rdX", false),
        ],
    );
}

#[test]
fn the_notation_of_net_keeps_its_meaning() {
    check("^[a-z-[aeiou]]+$", &[("xyz", true), ("xaz", false), ("-", false), ("]", false)]);
    check(r"^[\w-[\d]]+$", &[("ab_", true), ("a1", false)]);
    check("^[^a-z-[A-Z]]+$", &[("123", true), ("aB", false), ("B", false)]);
    check("^[a-z-[a-m-[c]]]+$", &[("nc", true), ("b", false)]);
    check(r"^[\w-.]+$", &[("a-b.c", true), ("a b", false)]);
    check("^[]a]+$", &[("]a", true), ("b", false)]);
    check("^[a&&b~~-]+$", &[("a&b~-", true), ("x", false)]);
    check("^[[:alpha:]]$", &[("a]", true), (":]", true), ("b]", false)]);
    check("^a{,3}$", &[("a{,3}", true), ("aa", false)]);
    check("^a{2,}b{1}c{0,1}$", &[("aab", true), ("ab", false)]);
    check("^{$", &[("{", true)]);
    check("a$", &[("a", true), ("a\n", true), ("a\n\n", false), ("ab", false)]);
    check(r"^a\Z", &[("a\n", true)]);
    check(r"^a\z", &[("a\n", false), ("a", true)]);
    check("(?m)^b$", &[("a\nb\nc", true), ("a\nbc", false)]);
    check(".", &[("\n", false), ("\r", true)]);
    check("(?s)a.b", &[("a\nb", true)]);
    check("(?i)straße", &[("STRAßE", true)]);
    check("(?i:a)b", &[("Ab", true), ("AB", false)]);
    check("(?x) a b # comment", &[("ab", true), ("a b", false)]);
    check("a(?#comment)b", &[("ab", true)]);
    check(r"^\u0041\x42\103\cJ\e\a$", &[("ABC\n\u{1b}\u{7}", true)]);
    check(r"^\p{Lu}\p{IsGreek}\P{L}$", &[("Aα1", true), ("aα1", false)]);
    check(r"^\w$", &[("é", true), ("٣", true), ("-", false)]);
    check(r"(?<=a)b(?!c)", &[("ab", true), ("abc", false), ("b", false)]);
    check(r#"^(?'q'['"]).*\k'q'$"#, &[("'a'", true), ("'a\"", false)]);
    check(r"^(?<n>a)(b)\1$", &[("abb", true), ("aba", false)]);
    check(r"^(?>a+)a", &[("aaa", false)]);
    check(r"^a+?$", &[("aaa", true)]);
    check(r"\<a\>", &[("<a>", true)]);
    check("", &[("", true), ("a", true)]);
}

#[test]
fn what_net_refuses_or_we_cannot_rewrite_is_an_error() {
    for pattern in [
        "(",
        ")",
        "[",
        "[a",
        "a**",
        "a++",
        "*a",
        "a{3,2}",
        r"\",
        r"\y",
        r"\k<x>",
        r"\1",
        "(?<a>x)(?<a>y)",
        "(?<1>a)",
        "(?<a-b>x)",
        "(?(a)b|c)",
        r"[a-\d]",
        "[z-a]",
        "[a-[b]c]",
        r"\p{IsKlingon}",
        r"\p{Greek}",
        "(?q)",
        r"\x1",
        r"\uD83D",
        "(?#",
        "a{20000}",
    ] {
        assert!(Regex::new(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn named_groups_that_took_part_are_told() {
    let groups = |pattern: &str, text: &str| {
        let regex = Regex::new(pattern).unwrap();
        let groups = regex.named_groups(text).unwrap();
        groups.map(|it| it.into_iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>())
    };
    assert_eq!(groups("(?<mailAlias>.*)@(.*)$", "emily@contoso.com"), Some(vec!["mailAlias=emily".into()]));
    assert_eq!(groups("(?<a>x)|(?<b>y)", "y"), Some(vec!["b=y".into()]));
    assert_eq!(groups("(?<a>x)", "y"), None);
    assert_eq!(groups("(?<a>.*)$", "x\n"), Some(vec!["a=x".into()]));
}

#[test]
fn catastrophic_expressions_end() {
    let evil = Regex::new(r"^(?=a)(a|aa)+\1b$").unwrap();
    assert_eq!(evil.is_match(&"a".repeat(60)), Err(StepLimit));
    let long = "a".repeat(BACKTRACKING.text);
    for pattern in [r"(a*)*\1b", r"(?=(.*)*)\1\1x", r"(?!.*b)(.+)+(?=c)", r"((.*)(?=.*))*z"] {
        // Any verdict will do, as long as it comes.
        let _ = Regex::new(pattern).unwrap().is_match(&long);
    }
    assert_eq!(Regex::new("(?=a)a").unwrap().is_match(&"a".repeat(BACKTRACKING.text + 1)), Err(StepLimit));
    assert_eq!(Regex::new("^(a+)+b$").unwrap().is_match(&"a".repeat(LINEAR.text)), Ok(false), "linear");
    assert_eq!(Regex::new("a").unwrap().is_match(&"a".repeat(LINEAR.text + 1)), Err(StepLimit));
}

#[test]
fn large_expressions_compile_or_not_but_soon() {
    for pattern in [
        r"((a{1000}){1000}){1000}".to_owned(),
        r"(?=x)((a{1000}){1000}){1000}".to_owned(),
        r"(((\w{100}){100}){100}\1){100}".to_owned(),
        "(?=".repeat(60) + &")".repeat(60),
        "[a-[".repeat(60) + "a" + &"]]".repeat(60),
        "a|".repeat(8000),
        r"\p{L}".repeat(3000),
        "(?<=a*)".repeat(2000),
    ] {
        if let Ok(regex) = Regex::new(&pattern) {
            let _ = regex.is_match("aaaaaaaa");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_expression_panics(pattern in r"[\[\](){}\\^$.|?*+abdwpkPxu<>'=!,0-9:#-]{0,24}", text in "[ab0\n]{0,12}") {
        if let Ok(regex) = Regex::new(&pattern) {
            let _ = regex.is_match(&text);
            let _ = regex.named_groups(&text);
        }
    }
}

/// Each of these took seconds or minutes before the limits were what they are.
#[test]
fn large_automata_end_too() {
    for pattern in [
        "[ab]*a[ab]{1000}c",
        "(?:a?b?){1000}c$",
        "([ab]*a[ab]{900}c){20}",
        "(?=(?:a?b?){240}c$)a",
        "(?=(?:a?b?){1000}c$)a",
        "(?=[ab]{0,490}c$)a",
        "(?=[ab]*a[ab]{9}c[ab]{300}d)x|(?<=a)c",
        r"(?!(\w*c))((a|b)*)*\1z",
        r"(?=\w*c)z|(?=\w*d)z|(?=\w*e)z",
    ] {
        let Ok(regex) = Regex::new(pattern) else { continue };
        let text = "ab".repeat(regex.0.limits.text / 2);
        assert_ne!(regex.is_match(&text), Ok(true), "{pattern}");
    }
    let heavy = ["(?=(?:a?b?){1000}c$)a", "((a{1000}){1000}){1000}", "(?=x)((a{20}){20}){20}"];
    assert!(heavy.iter().all(|it| Regex::new(it).is_err()));
}
