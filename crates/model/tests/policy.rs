//! What `Policy` answers beside the merged definitions, and properties that hold for any input.

use proptest::prelude::*;
use std::fmt::Write;
use std::sync::Arc;
use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_model::{Kind, NodeRef, Policy, references};
use wayfarer_syntax::{Document, POLICY_NAMESPACE, parse};

fn document(text: &str) -> (Document, Diagnostics) {
    let file = Sources::default().add("a.xml", text);
    parse(file, text.into())
}

fn root(attributes: &str, content: &str) -> String {
    format!("<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" {attributes}>{content}</TrustFrameworkPolicy>")
}

/// A chain from the root policy to the most derived one.
#[track_caller]
#[expect(clippy::expect_used, reason = "a test that asks for no policy is wrong")]
fn chain(texts: &[String]) -> Arc<Policy> {
    let mut policy: Option<Arc<Policy>> = None;
    for text in texts {
        let (document, found) = document(text);
        assert!(found.is_empty(), "{found:?} in {text}");
        policy = Some(Arc::new(Policy::derive(Arc::new(document), policy.take())));
    }
    policy.expect("at least one policy")
}

#[test]
fn root_attributes_are_not_inherited() {
    let base = root("PolicyId=\"B2C_1A_Base\" DeploymentMode=\"Development\" TenantId=\"a\"", "");
    let policy = chain(&[base, root("PolicyId=\"B2C_1A_Derived\"", "")]);
    assert_eq!(policy.id(), "B2C_1A_Derived");
    assert_eq!(policy.root_attribute("DeploymentMode"), None);
    assert_eq!(policy.root_attribute("TenantId"), None);
    let base = policy.base().expect("its base");
    assert_eq!(base.root_attribute("DeploymentMode").map(|it| it.value), Some("Development"));
    assert_eq!(policy.chain().map(Policy::id).collect::<Vec<_>>(), ["B2C_1A_Derived", "B2C_1A_Base"]);
}

#[test]
fn the_base_policy_is_a_link_of_its_own_file_only() {
    let link = |id: &str| format!("<BasePolicy><TenantId>t</TenantId><PolicyId> {id} </PolicyId></BasePolicy>");
    let complete = chain(&[root("PolicyId=\"A\"", ""), root("PolicyId=\"B\"", &link("A"))]);
    assert_eq!(complete.base_policy_id().map(|it| it.value), Some("A"), "without the blanks");
    assert!(complete.is_complete());
    let broken = chain(&[root("PolicyId=\"B\"", &link("A")), root("PolicyId=\"C\"", &link("B"))]);
    assert!(!broken.is_complete(), "the base of the base is missing");
    assert_eq!(broken.base_policy_id().map(|it| it.value), Some("B"));
}

#[test]
fn a_policy_without_a_relying_party_has_none() {
    let policy = chain(&[root("", "<UserJourneys><UserJourney Id=\"J\" /></UserJourneys>"), root("", "")]);
    assert!(policy.relying_party().is_none() && policy.token_issuer().is_none());
    assert!(policy.user_journey("j").is_some_and(|it| it.id() == "J"));
}

/// All definitions of a kind: the root policy's order, then what derived policies add.
#[test]
fn every_definition_once_and_what_a_file_touches_itself() {
    let claims = |ids: &[&str]| {
        let types: String = ids.iter().map(|it| format!("<ClaimType Id=\"{it}\" />")).collect();
        root("", &format!("<BuildingBlocks><ClaimsSchema>{types}</ClaimsSchema></BuildingBlocks>"))
    };
    let policy = chain(&[claims(&["b", "a"]), claims(&["c", "B"]), claims(&["d"])]);
    let ids = |nodes: Vec<&wayfarer_model::Node>| -> Vec<String> {
        nodes.iter().filter_map(|it| it.as_ref().attribute("Id")).map(|it| it.value.to_owned()).collect()
    };
    assert_eq!(ids(policy.all(Kind::ClaimType)), ["B", "a", "c", "d"]);
    assert_eq!(ids(policy.own(Kind::ClaimType).collect()), ["d"]);
    assert_eq!(policy.closest(Kind::ClaimType, "dd").map(|it| it.value), Some("d"));
}

/// Spans of what is inherited stay in the file that writes it.
#[test]
fn merged_pieces_keep_their_places() {
    let profile = |content: &str| {
        root(
            "",
            &format!(
                "<ClaimsProviders><ClaimsProvider><TechnicalProfiles><TechnicalProfile Id=\"P\">{content}</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
            ),
        )
    };
    let texts = [
        profile("<Metadata><Item Key=\"a\">1</Item><Item Key=\"b\">2</Item></Metadata>"),
        profile("<Metadata><Item Key=\"b\">3</Item></Metadata>"),
    ];
    let mut sources = Sources::default();
    let mut policy: Option<Arc<Policy>> = None;
    for text in &texts {
        let file = sources.add("a.xml", text.as_str());
        policy = Some(Arc::new(Policy::derive(Arc::new(parse(file, text.as_str().into()).0), policy.take())));
    }
    let policy = policy.expect("two policies");
    let merged = policy.technical_profile("P").expect("the profile");
    for (key, value, file) in [("a", "1", 0), ("b", "3", 1)] {
        let item = merged.metadata(key).expect(key);
        assert_eq!((item.value, item.span.file.index()), (value, file));
        assert_eq!(&texts[file][item.span.start as usize..item.span.end as usize], value);
    }
    assert_eq!(merged.span().file.index(), 1, "the profile stands where the most derived file writes it");
}

#[test]
fn the_token_issuer_is_that_of_the_default_journey_or_one_that_names_the_grant() {
    let issuer = |id: &str, metadata: &str| {
        format!(
            "<TechnicalProfile Id=\"{id}\"><OutputTokenFormat>JWT</OutputTokenFormat><Metadata>{metadata}</Metadata></TechnicalProfile>"
        )
    };
    let names = "<Item Key=\"ClientCredentialsUserJourneyId\">CC</Item>";
    let policy = |profiles: &str, journey: &str, step: &str| {
        chain(&[root(
            "",
            &format!(
                "<ClaimsProviders><ClaimsProvider><TechnicalProfiles>{profiles}</TechnicalProfiles></ClaimsProvider></ClaimsProviders>\
                 <UserJourneys><UserJourney Id=\"J\" {journey}><OrchestrationSteps>{step}</OrchestrationSteps></UserJourney></UserJourneys>\
                 <RelyingParty><DefaultUserJourney ReferenceId=\"J\" /></RelyingParty>"
            ),
        )])
    };
    let step = "<OrchestrationStep Order=\"1\" Type=\"SendClaims\" CpimIssuerTechnicalProfileReferenceId=\"b\" />";
    let both = format!("{}{}", issuer("A", names), issuer("B", names));
    let plain = format!("{}{}", issuer("A", names), issuer("B", ""));
    let id = |it: &Arc<Policy>| it.token_issuer().map(|it| it.id().to_owned());
    assert_eq!(id(&policy(&both, "", step)).as_deref(), Some("B"), "the step's");
    assert_eq!(id(&policy(&plain, "", step)).as_deref(), Some("A"), "the step's names no journey, another does");
    assert_eq!(id(&policy(&issuer("B", ""), "", step)).as_deref(), Some("B"), "nobody names one");
    let default = "DefaultCpimIssuerTechnicalProfileReferenceId=\"A\"";
    assert_eq!(id(&policy(&both, default, "")).as_deref(), Some("A"), "the journey's own");
    assert_eq!(id(&policy(&issuer("C", ""), "", step)), None, "it does not exist");
}

/// A list of a thousand times a thousand comparisons would take minutes: merging is linear in what the files hold.
#[test]
fn long_lists_and_many_names_merge_in_linear_time() {
    let text = |prefix: &str| {
        let rows: String =
            (0..20_000).map(|it| format!("<OutputClaim ClaimTypeReferenceId=\"{prefix}{it}\" />")).collect();
        let items: String = (0..20_000).map(|it| format!("<Item Key=\"{prefix}{it}\">{it}</Item>")).collect();
        let odd: String = (0..20_000).map(|it| format!("<{prefix}{it} />")).collect();
        let values: String =
            (0..20_000).map(|it| format!("<Enumeration Text=\"t\" Value=\"{prefix}{it}\" />")).collect();
        let steps: String =
            (1..20_001).map(|it| format!("<OrchestrationStep Order=\"{it}\" Type=\"Noop\" />")).collect();
        root(
            "",
            &format!(
                "<BuildingBlocks><ClaimsSchema><ClaimType Id=\"C\"><Restriction MergeBehavior=\"Append\">{values}</Restriction></ClaimType>\
                 </ClaimsSchema></BuildingBlocks><ClaimsProviders><ClaimsProvider><TechnicalProfiles><TechnicalProfile Id=\"P\">\
                 <Metadata>{items}</Metadata><OutputClaims>{rows}</OutputClaims>{odd}</TechnicalProfile></TechnicalProfiles>\
                 </ClaimsProvider></ClaimsProviders><UserJourneys><UserJourney Id=\"J\"><OrchestrationSteps>{steps}</OrchestrationSteps>\
                 </UserJourney></UserJourneys>"
            ),
        )
    };
    let policy = chain(&[text("a"), text("b")]);
    let profile = policy.technical_profile("P").expect("the profile");
    assert_eq!(profile.output_claims().count(), 40_000);
    assert_eq!(profile.metadata_items().count(), 40_000);
    assert_eq!(profile.node().children().count(), 40_002);
    let restriction = policy.claim_type("C").and_then(|it| Some(it.node().child("Restriction")?.children().count()));
    assert_eq!(restriction, Some(40_000));
    assert_eq!(policy.user_journey("J").map(|it| it.steps().len()), Some(20_000), "steps of one number are one");
}

const NAMES: [&str; 30] = [
    "TrustFrameworkPolicy",
    "BasePolicy",
    "PolicyId",
    "BuildingBlocks",
    "ClaimsSchema",
    "ClaimType",
    "DataType",
    "Restriction",
    "Enumeration",
    "Pattern",
    "Localization",
    "SupportedLanguages",
    "LocalizedResources",
    "ClaimsProviders",
    "ClaimsProvider",
    "TechnicalProfiles",
    "TechnicalProfile",
    "Metadata",
    "Item",
    "OutputClaims",
    "OutputClaim",
    "IncludeTechnicalProfile",
    "ValidationTechnicalProfiles",
    "UserJourneys",
    "UserJourney",
    "OrchestrationSteps",
    "OrchestrationStep",
    "Preconditions",
    "RelyingParty",
    "DefaultUserJourney",
];
const ATTRIBUTES: [&str; 8] = [
    "Id",
    "ReferenceId",
    "ClaimTypeReferenceId",
    "Order",
    "Key",
    "MergeBehavior",
    "Value",
    "TechnicalProfileReferenceId",
];
const VALUES: [&str; 9] = ["a", "A", "b", "1", "2", "-1", "Append", "Prepend", ""];

/// The way to definitions, so that many inputs have some.
const STARTS: [&str; 5] = [
    "</a><BuildingBlocks><ClaimsSchema><ClaimType Id=\"a\">",
    "<BuildingBlocks><Localization><SupportedLanguages MergeBehavior=\"Append\">",
    "<ClaimsProviders><ClaimsProvider><TechnicalProfiles><TechnicalProfile Id=\"b\"><IncludeTechnicalProfile ReferenceId=\"A\"/>",
    "</UserJourneys><UserJourneys><UserJourney Id=\"a\"><OrchestrationSteps><OrchestrationStep Order=\"1\">",
    "<RelyingParty><TechnicalProfile Id=\"a\"><OutputClaims><OutputClaim ClaimTypeReferenceId=\"a\"/>",
];

/// Tags of the policy language, opened and closed at random, with text between.
fn xml_ish() -> impl Strategy<Value = String> {
    let attribute = (prop::sample::select(&ATTRIBUTES[..]), prop::sample::select(&VALUES[..]))
        .prop_map(|(name, value)| format!(" {name}=\"{value}\""));
    let open = (prop::sample::select(&NAMES[..]), prop::collection::vec(attribute, 0..3), any::<bool>()).prop_map(
        |(name, attributes, empty)| format!("<{name}{}{}>", attributes.concat(), if empty { "/" } else { "" }),
    );
    let close = prop::sample::select(&NAMES[..]).prop_map(|it| format!("</{it}>"));
    let start = prop::sample::select(&STARTS[..]).prop_map(str::to_owned);
    let piece = prop_oneof![2 => start, 6 => open, 4 => close, 1 => "[ -~é&<]{0,6}"];
    prop::collection::vec(piece, 0..60).prop_map(|it| it.concat())
}

/// A policy with keyed lists only, each key once.
fn keyed() -> impl Strategy<Value = String> {
    let ids = || prop::collection::btree_set(prop::sample::select(&["a", "b", "c", "d"][..]), 1..4);
    let value = || prop::sample::select(&["1", "2", "3"][..]);
    (ids(), ids(), ids(), prop::collection::btree_set(1..6_u8, 1..5), value(), any::<bool>()).prop_map(
        |(claims, items, types, steps, value, prepend)| {
            let mut text = String::from("<BuildingBlocks><ClaimsSchema>");
            for id in &types {
                let behavior = if prepend { " MergeBehavior=\"Prepend\"" } else { "" };
                let _ = write!(text, "<ClaimType Id=\"{id}\"><DataType>string</DataType><Restriction{behavior}>");
                items.iter().for_each(|it| {
                    let _ = write!(text, "<Enumeration Text=\"t\" Value=\"{it}\" />");
                });
                text.push_str("</Restriction></ClaimType>");
            }
            text.push_str("</ClaimsSchema></BuildingBlocks><ClaimsProviders><ClaimsProvider><TechnicalProfiles>");
            text.push_str("<TechnicalProfile Id=\"P\"><Metadata>");
            items.iter().for_each(|it| {
                let _ = write!(text, "<Item Key=\"{it}\">{value}</Item>");
            });
            text.push_str("</Metadata><OutputClaims>");
            claims.iter().for_each(|it| {
                let _ = write!(text, "<OutputClaim ClaimTypeReferenceId=\"{it}\" DefaultValue=\"{value}\" />");
            });
            text.push_str("</OutputClaims></TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>");
            text.push_str("<UserJourneys><UserJourney Id=\"J\"><OrchestrationSteps>");
            steps.iter().for_each(|it| {
                let _ = write!(text, "<OrchestrationStep Order=\"{it}\" Type=\"ClaimsExchange\"><ClaimsExchanges>");
                claims.iter().for_each(|id| {
                    let _ = write!(text, "<ClaimsExchange Id=\"{id}\" TechnicalProfileReferenceId=\"P\" />");
                });
                text.push_str("</ClaimsExchanges></OrchestrationStep>");
            });
            text.push_str("</OrchestrationSteps></UserJourney></UserJourneys>");
            root("", &text)
        },
    )
}

/// The element as text: names, attributes, text, children in order.
fn print(node: NodeRef<'_>, text: &mut String) {
    let _ = write!(text, "<{}", node.name());
    for attribute in node.element().attributes() {
        let _ = write!(text, " {}={:?}", attribute.name(), attribute.value());
    }
    let _ = write!(text, ">{}", node.text().value);
    node.children().for_each(|it| print(it, text));
    text.push_str("</>");
}

fn printed(policy: &Policy) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        policy.all(kind).iter().for_each(|it| print(it.as_ref(), &mut text));
    }
    text
}

proptest! {
    #[test]
    fn deriving_from_itself_changes_nothing_where_all_lists_have_keys(text in keyed()) {
        let alone = chain(std::slice::from_ref(&text));
        let twice = chain(&[text.clone(), text.clone()]);
        prop_assert!(printed(&alone).len() > 100);
        prop_assert_eq!(printed(&twice), printed(&alone));
        prop_assert_eq!(printed(&chain(&[text.clone(), text.clone(), text])), printed(&alone));
    }

    #[test]
    fn an_empty_policy_changes_nothing(text in keyed()) {
        let alone = printed(&chain(std::slice::from_ref(&text)));
        prop_assert_eq!(&printed(&chain(&[text.clone(), root("", "")])), &alone);
        prop_assert_eq!(&printed(&chain(&[root("", ""), text])), &alone);
    }

    /// Whatever the files hold: nothing panics, every name that resolved resolves on, and references lie in their file.
    #[test]
    fn any_text_can_be_derived_from_any_other(base in xml_ish(), derived in xml_ish(), wrap in any::<bool>()) {
        let wrapped = |it: &str| if wrap { root("", it) } else { it.to_owned() };
        let (base, derived) = (wrapped(&base), wrapped(&derived));
        let base = Arc::new(Policy::derive(Arc::new(document(&base).0), None));
        let policy = Policy::derive(Arc::new(document(&derived).0), Some(Arc::clone(&base)));
        for kind in Kind::ALL {
            for node in base.all(kind) {
                let id = node.as_ref().attribute("Id").map_or("", |it| it.value);
                prop_assert!(policy.get(kind, id).is_some(), "{:?} {} was lost", kind, id);
            }
            for node in policy.all(kind) {
                print(node.as_ref(), &mut String::new());
                let _ = policy.technical_profile(node.as_ref().attribute("Id").map_or("", |it| it.value));
            }
            let _ = policy.closest(kind, "aa");
        }
        let _ = (policy.token_issuer(), policy.is_complete(), policy.span(), policy.localization().map(|it| it.span()));
        if let Some(it) = policy.relying_party() {
            print(it.node(), &mut String::new());
        }
        for reference in references(policy.document()) {
            let span = reference.name.span;
            prop_assert_eq!(span.file, policy.file());
            prop_assert!(span.start <= span.end && span.end as usize <= derived.len());
            prop_assert!(derived.is_char_boundary(span.start as usize) && derived.is_char_boundary(span.end as usize));
        }
    }
}
