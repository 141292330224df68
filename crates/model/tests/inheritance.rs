//! The rules of inheritance, shown on XML: `inheritance.md` beside this file holds the cases.
//!
//! A case is a heading `## …` and `xml` blocks: the root policy, the policies that derive from it one after the other, and
//! as the last one (after the line "gives") what each of its definitions must be in the effective policy. The order of list
//! items counts, the order of differently named children does not.

#![expect(clippy::disallowed_methods, reason = "a test is the edge: it reads the cases itself")]

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use wayfarer_diagnostics::{FileId, Sources};
use wayfarer_model::{Kind, NodeRef, Policy};
use wayfarer_syntax::{Document, Element, POLICY_NAMESPACE, parse};

struct Case {
    heading: String,
    policies: Vec<String>,
    effective: String,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<String> = None;
    let mut gives = false;
    for line in markdown.lines() {
        match (&mut block, line) {
            (None, "```xml") => block = Some(String::new()),
            (Some(text), "```") => {
                let text = std::mem::take(text);
                let case = cases.last_mut();
                assert!(case.is_some(), "a block before the first heading");
                match case {
                    Some(case) if gives => case.effective = text,
                    Some(case) => case.policies.push(text),
                    None => {}
                }
                (block, gives) = (None, false);
            }
            (Some(text), _) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, "gives") => gives = true,
            (None, _) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    cases.push(Case { heading: heading.to_owned(), policies: Vec::new(), effective: String::new() });
                }
            }
        }
    }
    cases
}

/// Puts the definitions of a block where they belong.
fn policy_text(definitions: &str, sources: &mut Sources) -> String {
    let root = |content: &str| {
        format!(
            "<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" PolicyId=\"B2C_1A\">{content}</TrustFrameworkPolicy>"
        )
    };
    let document = read(&root(definitions), sources);
    let mut policy = String::new();
    for element in document.root().into_iter().flat_map(Element::children) {
        let span = element.span();
        let text = &document.text()[span.start as usize..span.end as usize];
        let (open, close) = wrappers(element.name());
        let _ = write!(policy, "{open}{text}{close}");
    }
    root(&policy)
}

fn wrappers(definition: &str) -> (String, String) {
    let path: &[&str] = match definition {
        "ClaimType" => &["BuildingBlocks", "ClaimsSchema"],
        "Predicate" => &["BuildingBlocks", "Predicates"],
        "InputValidation" => &["BuildingBlocks", "InputValidations"],
        "PredicateValidation" => &["BuildingBlocks", "PredicateValidations"],
        "ClaimsTransformation" => &["BuildingBlocks", "ClaimsTransformations"],
        "ClientDefinition" => &["BuildingBlocks", "ClientDefinitions"],
        "ContentDefinition" => &["BuildingBlocks", "ContentDefinitions"],
        "Localization" => &["BuildingBlocks"],
        "LocalizedResources" => &["BuildingBlocks", "Localization"],
        "DisplayControl" => &["BuildingBlocks", "DisplayControls"],
        "TechnicalProfile" => &["ClaimsProviders", "ClaimsProvider", "TechnicalProfiles"],
        "UserJourney" => &["UserJourneys"],
        "SubJourney" => &["SubJourneys"],
        _ => &[],
    };
    let open = path.iter().map(|it| format!("<{it}>")).collect();
    (open, path.iter().rev().map(|it| format!("</{it}>")).collect())
}

fn read(text: &str, sources: &mut Sources) -> Document {
    let file: FileId = sources.add("case.xml", text);
    let (document, found) = parse(file, text.into());
    assert!(found.is_empty(), "{found:?} in {text}");
    document
}

/// The lists whose wrappers may stand several times after a merge: their items count as one list.
const CONCATENATED: [&str; 5] = [
    "ValidationTechnicalProfiles",
    "InputClaimsTransformations",
    "OutputClaimsTransformations",
    "ErrorHandlers",
    "Preconditions",
];

/// One line an element, indented: name, attributes by name, text; children by name, those of one name in order.
fn outline(node: NodeRef<'_>) -> String {
    let mut text = String::new();
    write_node(node, &[], 0, &mut text);
    text
}

fn write_node(node: NodeRef<'_>, more: &[NodeRef<'_>], depth: usize, text: &mut String) {
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    for element in node.elements() {
        for name in element.attributes().map(|it| it.name()) {
            if let Some(value) = node.attribute(name).filter(|_| attributes.iter().all(|it| it.0 != name)) {
                attributes.push((name, value.value));
            }
        }
    }
    attributes.sort_unstable();
    let _ = write!(text, "{:1$}{2}", "", depth * 2, node.name());
    for (name, value) in attributes {
        let _ = write!(text, " {name}={value:?}");
    }
    let mut children: Vec<_> = std::iter::once(node).chain(more.iter().copied()).flat_map(NodeRef::children).collect();
    if children.is_empty() && !node.text().value.is_empty() {
        let _ = write!(text, " {:?}", node.text().value);
    }
    text.push('\n');
    children.sort_by_key(|it| it.name());
    let mut rest = &children[..];
    while let [first, after @ ..] = rest {
        let same = after.iter().take_while(|it| CONCATENATED.contains(&first.name()) && it.name() == first.name());
        let same = same.count();
        write_node(*first, &after[..same], depth + 1, text);
        rest = &after[same..];
    }
}

/// The outline of the effective definition that has the name and id of `wanted`.
fn effective(policy: &Policy, wanted: Element<'_>) -> String {
    let id = wanted.attribute("Id").map_or("", |it| it.value());
    match wanted.name() {
        "TechnicalProfile" => policy.technical_profile(id).map(|it| outline(it.node())),
        "RelyingParty" => policy.relying_party().map(|it| outline(it.node())),
        "Localization" => policy.localization().map(outline),
        name => {
            let kind = Kind::ALL.into_iter().find(|it| it.element() == name);
            kind.and_then(|kind| policy.get(kind, id)).map(|it| outline(it.as_ref()))
        }
    }
    .unwrap_or_else(|| format!("no {} {id}", wanted.name()))
}

#[test]
fn the_effective_policies() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inheritance.md");
    let markdown = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    let cases = cases(&markdown);
    assert!(cases.len() >= 85, "only {} cases were read", cases.len());
    for case in cases {
        assert!(!case.policies.is_empty() && !case.effective.is_empty(), "{} is incomplete", case.heading);
        let mut sources = Sources::default();
        let mut policy: Option<Arc<Policy>> = None;
        for definitions in &case.policies {
            let text = policy_text(definitions, &mut sources);
            let document = Arc::new(read(&text, &mut sources));
            policy = Some(Arc::new(Policy::derive(document, policy.take())));
        }
        let Some(policy) = policy else { continue };
        let expected = policy_text(&case.effective, &mut sources);
        let expected = Policy::derive(Arc::new(read(&expected, &mut sources)), None);
        let wanted: Vec<_> = expected.document().elements().filter(|it| is_definition(*it)).collect();
        assert!(!wanted.is_empty(), "{} asks for nothing", case.heading);
        for wanted in wanted {
            let written = NodeRef::Written(expected.document(), wanted);
            assert_eq!(effective(&policy, wanted), outline(written), "{}", case.heading);
        }
    }
}

/// Top definitions of a block; a `RelyingParty` holds a `TechnicalProfile` of its own, `Localization` its resources.
fn is_definition(element: Element<'_>) -> bool {
    let Some(parent) = element.parent() else { return false };
    match element.name() {
        "TechnicalProfile" => parent.name() == "TechnicalProfiles",
        "RelyingParty" => parent.name() == "TrustFrameworkPolicy",
        "Localization" => element.child("LocalizedResources").is_none(),
        "DisplayControl" => parent.name() == "DisplayControls",
        name => Kind::ALL.iter().any(|it| it.element() == name) && element.attribute("Id").is_some(),
    }
}
