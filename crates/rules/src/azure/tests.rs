//! Each message with the example that the reference has of it.

use super::*;

fn names(text: &str) -> Vec<&'static str> {
    recognise(text).iter().map(|it| it.name).collect()
}

#[test]
fn every_example_is_recognised_as_what_it_is() {
    for template in templates() {
        let found = recognise(template.example);
        assert!(found.iter().any(|it| it.name == template.name), "{}: {found:?}", template.name);
        assert!(
            !template.meaning.is_empty() && !template.next.is_empty() && !template.next.ends_with('.'),
            "{}",
            template.name
        );
    }
}

#[test]
fn every_name_is_given_once_and_every_rule_is_one() {
    let mut names = HashSet::new();
    for template in templates() {
        assert!(names.insert(template.name), "{} twice", template.name);
    }
    let rules = templates().flat_map(|it| it.rules).chain(codes().iter().flat_map(|it| &it.rules));
    assert_eq!(codes().len(), include_str!("codes.tsv").lines().count() - 1);
    for rule in rules {
        assert!(crate::find(rule).is_some(), "there is no rule {rule}");
    }
    assert!(codes().iter().all(|it| names.insert(it.code)), "a code twice");
}

#[test]
fn places_that_vary_are_told_by_name() {
    let found = recognise(
        "Claim type \"alternativeSecurityId\" is the input claim of technical profile \"AAD-Read\" in step \"3\" of user journey \
         \"SignUpOrSignIn\" but it is not an output claim in any of the previous steps.",
    );
    let values: Vec<_> = found[0].values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        values,
        [("claim", "alternativeSecurityId"), ("profile", "AAD-Read"), ("step", "3"), ("journey", "SignUpOrSignIn")]
    );
    assert_eq!(found[0].ids().collect::<Vec<_>>(), ["alternativeSecurityId", "AAD-Read", "SignUpOrSignIn"]);
}

#[test]
fn the_kind_of_what_is_missing_chooses_the_rule() {
    let text = |kind: &str| {
        format!(
            "Policy \"P\" of tenant \"T\" makes a reference to {kind} with id \"X\" but neither the policy nor any of its base \
             policies contain such an element."
        )
    };
    assert_eq!(recognise(&text("ClaimType"))[0].rules, ["unresolved-claim-type"]);
    assert_eq!(recognise(&text("UserJourney"))[0].rules, ["unresolved-user-journey"]);
    assert!(recognise(&text("Something"))[0].rules.len() > 5);
}

#[test]
fn details_are_glued_and_printed_twice() {
    let one = "User journey 'A' does not contain a send claims step.";
    let other = "User journey 'B' does not contain a send claims step.";
    let text = format!(
        "Validation failed: 2 validation error(s) found in policy \"B2C_1A_X\" of tenant \"t\".{one}{other}{one}{other}"
    );
    let found = recognise(&text);
    assert_eq!(found.iter().map(|it| it.value("journey")).collect::<Vec<_>>(), [Some("A"), Some("B")]);
}

#[test]
fn quotes_and_line_breaks_of_what_was_pasted_do_not_matter() {
    assert_eq!(names("User journey \u{2018}A\u{2019} does not\n  contain a send claims step."), ["no-send-claims"]);
    assert_eq!(names("User journey &#39;A&#39; does not contain a send claims step."), ["no-send-claims"]);
}

#[test]
fn a_code_alone_is_enough_and_its_text_tells_more() {
    let found =
        recognise("AADB2C90021: The technical profile 'AAD-X' does not exist in the policy 'B2C_1A_Y' of tenant 'T'.");
    assert_eq!((found[0].name, &found[0].rules[..]), ("AADB2C90021", &["unresolved-technical-profile"][..]));
    assert_eq!(found[0].ids().collect::<Vec<_>>(), ["AAD-X", "B2C_1A_Y", "T"]);
    assert_eq!(names("failed with AADB2C90040."), ["AADB2C90040"]);
    // What a template says better is told by the template.
    assert_eq!(
        names(
            "User journey went into a bad state. Claims exchange with id 'E' could not be found in orchestration step '2'."
        ),
        ["exchange-not-found"]
    );
}

#[test]
fn what_is_not_known_is_not_guessed() {
    for text in ["", "hello", "AADB2C", "AADB2C12345", "Claim type \"x\" is the input claim of", "AADB2C9\u{20ac}"] {
        assert_eq!(names(text), [""; 0], "{text}");
    }
}

#[test]
fn a_long_text_is_read_in_time() {
    let text = "Policy \"x\" of tenant ".repeat(20_000);
    assert_eq!(names(&text), [""; 0]);
}

#[test]
fn a_mistake_in_the_schema_is_one_message_with_its_place() {
    let start = "Schema validation error found at line 39 col 8 in policy \"B2C_1A_X\" of tenant \"t\": ";
    let what = "The element 'A' in namespace 'N' has invalid child element 'B' in namespace 'N'.";
    let found = recognise(&format!("{start}{what}{}…", start.replace("39", "40")));
    assert_eq!(found.iter().map(|it| it.name).collect::<Vec<_>>(), ["schema-child", "schema"]);
    assert_eq!((found[0].value("line"), found[0].value("element")), (Some("39"), Some("B")));
    assert_eq!(found[0].rules, ["element-order", "element-not-allowed", "element-repeated"]);
}

/// What is written for a message is recognised as that message, with the same values; nothing of the notation is left.
#[test]
fn every_message_is_read_as_it_is_written() {
    for template in templates() {
        let written = template.write(|_| Some("Value"));
        assert!(!written.contains(['«', '»', '{', '}', '[', ']']), "{written}");
        let found = recognise(&written);
        assert!(found.iter().any(|it| it.name == template.name), "{written}: {found:?}");
    }
}

#[test]
fn what_is_not_known_is_left_out_of_a_message() {
    let child = find("schema-child").unwrap();
    let value = |place: &str| match place {
        "parent" => Some("A"),
        "namespace" => Some("N"),
        "element" => Some("B"),
        _ => None,
    };
    assert_eq!(child.write(value), "The element 'A' in namespace 'N' has invalid child element 'B'.");
    assert!(child.is_list("expected") && !child.is_list("namespace") && !child.is_list("nothing"));
}
