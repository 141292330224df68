//! `wayfarer explain`: everything that it lists has a page.

use crate::sandbox::Sandbox;

#[test]
fn everything_that_is_listed_has_a_page() {
    let sandbox = Sandbox::new();
    let list = sandbox.wayfarer(&["explain"]).fine().to_owned();
    let (rows, headings): (Vec<&str>, Vec<&str>) =
        list.lines().filter(|it| !it.is_empty()).partition(|it| it.starts_with("  "));
    assert_eq!(headings, ["Rules", "Claims transformations", "Claim resolvers", "Data types", "Predicates"]);
    let names: Vec<&str> = rows.iter().filter_map(|it| it.split_whitespace().next()).collect();
    for name in ["unresolved-claim-type", "xml-malformed", "ParseDomain", "{OIDC:ClientId}", "dateTime", "IsDateRange"]
    {
        assert!(names.contains(&name), "{name} is not in {list}");
    }
    let work = |names: &[&str]| {
        for name in names {
            let page = sandbox.wayfarer(&["explain", name]);
            assert!(page.fine().starts_with('#') || page.fine().contains("\n## "), "{name}: {page:#?}");
        }
    };
    std::thread::scope(|scope| {
        names.chunks(names.len().div_ceil(4)).for_each(|it| drop(scope.spawn(move || work(it))));
    });
}

#[test]
fn a_method_is_told_with_signature_semantics_and_cases() {
    let sandbox = Sandbox::new();
    let page = sandbox.wayfarer(&["explain", "parsedomain"]).fine().to_owned();
    for text in [
        "# ParseDomain\n",
        "| `emailAddress` | string | required | the call fails |\n",
        "| `domain` | string |\n",
        "\n## Without a value\n",
        "TransformationMethod=\"ParseDomain\"",
        "\n## Not documented\n",
        "| `emailAddress` = `\"joe@outlook.com\"` | `domain` = `\"outlook.com\"` |\n",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

#[test]
fn names_are_taken_as_authors_write_them() {
    let sandbox = Sandbox::new();
    for name in ["{OIDC:ClientId}", "OIDC:ClientId", "oidc:clientid"] {
        assert!(sandbox.wayfarer(&["explain", name]).fine().starts_with("# {OIDC:ClientId}\n"), "{name}");
    }
    assert!(sandbox.wayfarer(&["explain", "STRINGCOLLECTION"]).fine().starts_with("# stringCollection\n"));
    for (name, close) in [
        ("unresolved-claim-typ", "unresolved-claim-type"),
        ("ParsDomain", "ParseDomain"),
        ("OIDC:ClientI", "OIDC:ClientId"),
        ("datetim", "dateTime"),
        ("IsLengthRnge", "IsLengthRange"),
    ] {
        sandbox.wayfarer(&["explain", name]).refused(2, &[&format!("did you mean `{close}`?")]);
    }
    sandbox.wayfarer(&["explain", "xyzzyxyzzy"]).refused(2, &["there is nothing called", "lists all rules"]);
}
