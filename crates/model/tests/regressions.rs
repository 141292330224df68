//! Policies that fuzzing found (see `fuzz/`), each as small as it gets. The effective policy written out as XML must be
//! the same policy when it is read again.

use std::sync::Arc;
use wayfarer_diagnostics::Sources;
use wayfarer_model::Policy;
use wayfarer_model::effective::{Origins, Piece, diff, effective, to_xml};
use wayfarer_syntax::parse;

const NAMESPACE: &str = "http://schemas.microsoft.com/online/cpim/schemas/2013/06";

fn merged(texts: &[&str]) -> Piece {
    let mut sources = Sources::default();
    let mut policy: Option<Arc<Policy>> = None;
    for text in texts {
        let (document, malformed) = parse(sources.add("a.xml", *text), Arc::from(*text));
        assert!(malformed.is_empty(), "{malformed:?} in\n{text}");
        policy = Some(Arc::new(Policy::derive(Arc::new(document), policy.take())));
    }
    policy.as_deref().map(effective).unwrap_or_default()
}

/// The policy that each text, in a policy of its own, gives laid over those before.
#[track_caller]
fn written_out(contents: &[&str]) -> String {
    let policy = |it: &&str| format!("<TrustFrameworkPolicy xmlns='{NAMESPACE}'>{it}</TrustFrameworkPolicy>");
    let texts: Vec<String> = contents.iter().map(policy).collect();
    let whole = merged(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let xml = to_xml(&whole, Origins::Hidden);
    assert_eq!(diff(&whole, &merged(&[&xml])), [], "in\n{xml}");
    xml
}

#[test]
fn the_prefixes_of_attributes_are_declared() {
    let xml = written_out(&["<RelyingParty xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1'/>"]);
    assert!(xml.contains("<RelyingParty xsi:nil=\"1\""), "{xml}");
    let xml = written_out(&["<RelyingParty xmlns:p='u' p:a='1' xml:lang='en'/>"]);
    assert!(xml.contains("<RelyingParty xmlns:p=\"u\" p:a=\"1\" xml:lang=\"en\""), "{xml}");
}

#[test]
fn one_prefix_may_mean_another_namespace_in_each_file() {
    let xml = written_out(&["<RelyingParty xmlns:p='u' p:a='1'/>", "<RelyingParty xmlns:p='v' p:a='2'/>"]);
    assert!(xml.contains("<RelyingParty xmlns:p=\"v\" p:a=\"2\" xmlns:p_=\"u\" p_:a=\"1\""), "{xml}");
}

#[test]
fn elements_of_policies_keep_their_namespace_inside_others() {
    let inside = format!("<x xmlns='u' xmlns:p='v' p:a='1'><y xmlns=''/><DataUri xmlns='{NAMESPACE}'/></x>");
    let xml = written_out(&[&format!("<RelyingParty>{inside}</RelyingParty>")]);
    assert!(xml.contains("<x xmlns=\"u\" xmlns:p=\"v\" p:a=\"1\">\n      <y xmlns=\"\" />"), "{xml}");
    assert!(xml.contains(&format!("<DataUri xmlns=\"{NAMESPACE}\" />")), "{xml}");
}

#[test]
fn containers_count_only_where_they_belong() {
    let profiles = "<TechnicalProfiles><TechnicalProfile Id='a'/></TechnicalProfiles>";
    let xml = written_out(&[&format!("<BuildingBlocks>{profiles}</BuildingBlocks>")]);
    assert!(!xml.contains("TechnicalProfile"), "{xml}");
    let provider = format!("<ClaimsProviders><ClaimsProvider>{profiles}</ClaimsProvider></ClaimsProviders>");
    assert!(written_out(&[&provider]).contains("<TechnicalProfile Id=\"a\" />"));
}
