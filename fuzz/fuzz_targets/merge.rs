//! Up to three documents, each laid over the one before: every definition can be read, and the effective policy written
//! out as XML is the same policy when it is read again.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use std::sync::Arc;
use wayfarer_diagnostics::{Sources, render};
use wayfarer_fuzz::{Read, assert_span, documents, mutate, read};
use wayfarer_model::effective::{Origins, Piece, diff, effective, to_json, to_xml};
use wayfarer_model::{Kind, NodeRef, Policy, TechnicalProfile, UserJourney, references};

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut sources = Sources::default();
    let mut parts: Vec<Read> = documents(data).map(|it| read(&mut sources, "part.xml", it)).collect();
    if parts.len() == 1 {
        parts.push(read(&mut sources, "part.xml", data));
    }
    let mut policy: Option<Arc<Policy>> = None;
    for part in &parts {
        let over = Arc::new(Policy::derive(Arc::clone(&part.document), policy.take()));
        visit(&over, &sources);
        policy = Some(over);
    }
    let Some(policy) = policy else { return Corpus::Reject };
    assert_eq!(policy.chain().count(), parts.len());

    let merged = effective(&policy);
    assert_eq!(diff(&merged, &merged), [], "nothing differs from itself");
    let _ = (merged.remarks(), to_json(&merged, &sources));
    let (bare, commented) = (to_xml(&merged, Origins::Hidden), to_xml(&merged, Origins::Shown(&sources)));
    if !parts.iter().all(|it| it.is_well_formed) {
        // Malformed documents are read, and nothing is made of them: most of what follows would be malformed, too.
        return Corpus::Reject;
    }
    assert_same(&merged, &bare);
    assert_same(&merged, &commented);
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate(data, size, max_size, seed) });

/// Reads an effective policy that was written out, and compares it.
fn assert_same(merged: &Piece, xml: &str) {
    let mut sources = Sources::default();
    let file = sources.add("effective.xml", xml);
    let (document, malformed) = wayfarer_syntax::parse(file, Arc::from(xml));
    assert!(malformed.is_empty(), "{}in\n{xml}", render::concise(&malformed, &sources));
    let again = effective(&Policy::derive(Arc::new(document), None));
    assert_eq!(diff(merged, &again), [], "in\n{xml}");
}

/// Reads all that a policy can be asked.
fn visit(policy: &Policy, sources: &Sources) {
    assert_span(policy.document().text(), policy.span());
    let _ = (policy.id(), policy.is_complete(), policy.base_policy_id());
    for kind in Kind::ALL {
        for node in policy.own(kind).chain(policy.all(kind)) {
            walk(node.as_ref(), sources);
            assert_eq!(node.contributors().count(), node.as_ref().elements().count());
            let id = node.as_ref().attribute("Id").map(|it| it.value);
            let found = id.and_then(|it| policy.get(kind, it)).and_then(|it| it.as_ref().attribute("Id"));
            let same = id.zip(found).is_some_and(|(a, b)| a.to_lowercase() == b.value.to_lowercase());
            assert!(same, "{node:?} is not found by its id");
        }
    }
    for node in policy.all(Kind::TechnicalProfile) {
        let id = node.as_ref().attribute("Id").map_or("", |it| it.value);
        profile(policy.technical_profile(id).as_ref());
    }
    for node in policy.all(Kind::UserJourney) {
        journey(policy.user_journey(node.as_ref().attribute("Id").map_or("", |it| it.value)).as_ref());
    }
    for node in policy.all(Kind::ClaimType) {
        let claim_type = policy.claim_type(node.as_ref().attribute("Id").map_or("", |it| it.value));
        let _ = claim_type.as_ref().map(|it| (it.data_type(), it.is_password(), it.default_partner("OpenIdConnect")));
    }
    for node in policy.all(Kind::ClaimsTransformation) {
        let Some(it) = policy.claims_transformation(node.as_ref().attribute("Id").map_or("", |it| it.value)) else {
            continue;
        };
        let _ = (it.method(), it.input_claims().count(), it.output_claims().count(), it.input_parameters().count());
    }
    if let Some(it) = policy.relying_party() {
        walk(it.node(), sources);
        let _ = (it.default_user_journey(), it.endpoints().count(), it.subject_claim_type());
        profile(it.technical_profile().as_ref());
    }
    policy.localization().into_iter().for_each(|it| walk(it, sources));
    profile(policy.token_issuer().as_ref());
    names(policy);
}

fn names(policy: &Policy) {
    let text = policy.document().text();
    for reference in references(policy.document()) {
        assert_span(text, reference.name.span);
        let _ = policy.get(reference.kind, reference.name.value);
    }
    // Looking for the closest name is slow by nature; a few show whether it works.
    for (number, reference) in policy.unresolved_references().enumerate() {
        assert!(policy.is_complete() && policy.get(reference.kind, reference.name.value).is_none());
        if number < 8 {
            let closest = policy.closest(reference.kind, reference.name.value);
            assert!(closest.is_none_or(|it| policy.get(reference.kind, it.value).is_some()));
        }
    }
}

fn profile(profile: Option<&TechnicalProfile>) {
    let Some(it) = profile else { return };
    let _ = (it.id(), it.span(), it.protocol().is_some(), it.kind(None), it.client_credentials_journey());
    let _ = (it.input_token_format(), it.output_token_format(), it.enabled_for_user_journeys());
    let _ = (it.metadata_items().count(), it.cryptographic_keys().count());
    for claim in it.input_claims().chain(it.output_claims()) {
        let _ = (claim.partner(), claim.default_value(), claim.always_use_default_value(), claim.required());
    }
    let _ = (it.input_claims_transformations().count(), it.output_claims_transformations().count());
    let _ = it.validation_technical_profiles().count();
}

fn journey(journey: Option<&UserJourney>) {
    let Some(it) = journey else { return };
    let (steps, as_written) = (it.steps(), it.steps_as_written());
    assert_eq!(steps.len(), as_written.len());
    assert!(steps.is_sorted_by_key(|it| it.number().unwrap_or(i64::MAX)));
    for step in steps {
        let _ = (step.order(), step.step_type(), step.span(), step.claims_exchanges().count(), step.issuer());
        for precondition in step.preconditions() {
            let _ = (precondition.kind(), precondition.execute_actions_if(), precondition.values().len());
            let _ = precondition.action();
        }
    }
}

/// A merged element and all in it: each piece has its place in a file.
fn walk(node: NodeRef<'_>, sources: &Sources) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        for span in node.elements().map(|it| it.start_tag()).chain([node.span(), node.text().span]) {
            assert_span(sources.file(span.file).map_or("", |it| it.text()), span);
        }
        open.extend(node.children());
    }
}
