//! Where the claims of a policy that can be requested may get a value from, whatever the path through its journeys.
//!
//! What this says of a claim holds on every path: a claim without a source has no value anywhere. The analysis of claim
//! flow, which knows the paths, refines it.

use crate::rules::requested;
use std::collections::HashMap;
use wayfarer_model::{Element, Policy};

/// One place that may give a claim its value.
#[derive(Clone, Copy)]
pub(super) enum ClaimSource<'p> {
    /// An output of that claims transformation.
    Transformation(&'p str),
    /// An output without a default of a profile that returns nothing itself and only runs claims transformations: it
    /// gives no value, and lets one through.
    PassedOn,
    /// A technical profile, a page, a default, or the request.
    Other,
}

/// The sources of claims, by the claim's id in lower case.
pub(super) struct ClaimSources<'p>(HashMap<String, Vec<ClaimSource<'p>>>);

impl<'p> ClaimSources<'p> {
    /// Of these claims (ids in lower case), in a policy that can be requested, with all its bases; in others a derived
    /// policy may add sources.
    pub(super) fn of(policy: &'p Policy, claims: impl Iterator<Item = String>) -> Self {
        let mut sources: HashMap<String, Vec<ClaimSource<'p>>> = claims.map(|it| (it, Vec::new())).collect();
        if sources.is_empty() {
            return Self(sources);
        }
        // Nearly every element of a policy is asked: one buffer for all.
        let mut key = String::new();
        let mut add = |claim: &str, source| {
            key.clear();
            key.push_str(claim);
            match key.is_ascii() {
                true => key.make_ascii_lowercase(),
                false => key = key.to_lowercase(),
            }
            if let Some(of_claim) = sources.get_mut(&key) {
                of_claim.push(source);
            }
        };
        requested::elements(policy).filter_map(source_of).for_each(|(claim, source)| add(claim, source));
        // Metadata may name a claim to be filled.
        let items = requested::elements(policy).filter(|it| it.name() == "Item");
        items.for_each(|it| add(it.text().trim(), ClaimSource::Other));
        Self(sources)
    }

    /// The places that may give the claim a value.
    pub(super) fn of_claim(&self, claim: &str) -> &[ClaimSource<'p>] {
        self.0.get(&claim.to_lowercase()).map_or(&[], Vec::as_slice)
    }
}

fn source_of(element: Element<'_>) -> Option<(&str, ClaimSource<'_>)> {
    let claim = match element.name() {
        "InputClaim" | "OutputClaim" | "PersistedClaim" | "DisplayClaim" => {
            element.attribute("ClaimTypeReferenceId")?
        }
        _ => return None,
    };
    let owner = element.parent()?.parent()?;
    let has_default = element.attribute("DefaultValue").is_some();
    let source = match (owner.name(), element.name()) {
        ("ClaimsTransformation", "OutputClaim") => ClaimSource::Transformation(owner.attribute("Id")?.value()),
        ("ClaimsTransformation", _) => return None,
        (_, "OutputClaim") if !has_default && only_transforms(owner) => ClaimSource::PassedOn,
        (_, "OutputClaim" | "DisplayClaim") => ClaimSource::Other,
        _ if has_default || owner.parent().is_some_and(|it| it.name() == "RelyingParty") => ClaimSource::Other,
        _ => return None,
    };
    Some((claim.value(), source))
}

fn only_transforms(profile: Element<'_>) -> bool {
    let handler = profile.child("Protocol").and_then(|it| it.attribute("Handler"));
    handler.is_some_and(|it| it.value().contains("ClaimsTransformationProtocolProvider"))
}
