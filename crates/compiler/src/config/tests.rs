use super::*;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(Path::new("wayfarer.toml"), PathBuf::from("/set"), &Arc::from(text))
}

#[test]
fn what_is_misspelt_is_told_with_its_place_and_what_was_meant() {
    for (text, place, message, help) in [
        ("enviroment = \"Test\"", "1:1", "no key `enviroment`", "did you mean `environment`?"),
        ("[policies]\ninclud = []", "2:1", "no key `includ`", "did you mean `include`?"),
        ("\n[rule]", "2:2", "no key `rule`", "did you mean `rules`?"),
        ("xyzzy = 1", "1:1", "no key `xyzzy`", "expected one of `environment`"),
        ("[rules]\nrest-htp = \"off\"", "2:1", "no rule `rest-htp`", "did you mean `rest-http`?"),
        ("[rules]\nxyzzy = \"off\"", "2:1", "no rule `xyzzy`", "`wayfarer explain` lists"),
        (
            "[rules]\nrest-http = \"warn\"",
            "2:13",
            "no value `warn`",
            "expected one of `off`, `info`, `warning`, `error`",
        ),
        ("[rules]\nrest-http = \"Error\"", "2:13", "no value `Error`", "did you mean `error`?"),
        ("[rules]\nrest-http = 1", "2:13", "wanted string", "docs/configuration.md"),
        ("[[overrides]]\npaths = [\"a\"]\nrules = { rest-htp = \"off\" }", "3:11", "no rule `rest-htp`", "`rest-http`"),
        ("[[overrides]]\npaths = [\"a\"]", "1:1", "missing field `rules`", "docs/configuration.md"),
        ("deny = \"warning\"", "1:8", "no value `warning`", "did you mean `warnings`?"),
        ("[policies]\nexclude = [\"a\", \"b[\"]", "2:17", "this is no glob: unclosed character class", "legacy/**"),
        ("deny = ", "1:8", "", "docs/configuration.md"),
    ] {
        let error = parse(text).unwrap_err();
        let ConfigError::Malformed { place: at, message: said, .. } = &error else { panic!("{error}") };
        assert_eq!(*at, format!("wayfarer.toml:{place}"), "{text}: {error}");
        assert!(said.contains(message) && error.help().contains(help), "{text}: {error}; {}", error.help());
    }
}

#[test]
fn globs_stay_within_a_folder_unless_they_say_otherwise() {
    for (pattern, path, expected) in [
        ("legacy/**", "legacy/a/b.xml", true),
        ("legacy", "legacy/a/b.xml", true),
        ("legacy/", "legacy/b.xml", true),
        ("./legacy/*.xml", "legacy/b.xml", true),
        ("legacy/*.xml", "legacy/a/b.xml", false),
        ("*.xml", "a/b.xml", false),
        ("**/*.xml", "b.xml", true),
        ("**/b.xml", "a/c/b.xml", true),
        (r"legacy\**", "legacy/a/b.xml", true),
        ("Legacy/**", "legacy/b.xml", false),
        ("a/{b,c}.xml", "a/c.xml", true),
    ] {
        let config = parse(&format!("[policies]\nexclude = ['{pattern}']")).unwrap();
        assert_eq!(config.exclude.matches(path), expected, "{pattern} and {path}");
    }
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../../../docs/configuration.md");
    let example = page.split("```toml\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let config = parse(example).unwrap();
    assert_eq!((config.environment(), config.denies_warnings()), (Some("Test"), true));
    assert_eq!(config.base(), [Path::new("../starterpack/LocalAccounts")]);
    for (path, expected) in [("policies/a.xml", true), ("policies/old/a.xml", false), ("a.xml", false)] {
        let judged = config.include.matches(path) && !config.exclude.matches(path);
        assert_eq!(judged, expected, "{path}");
    }
}
