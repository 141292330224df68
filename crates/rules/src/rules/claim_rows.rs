//! The claims of technical profiles as a file writes them, and what decides whether a resolver in them is evaluated.

use std::collections::HashMap;
use wayfarer_builtins::providers::ProfileKind;
use wayfarer_builtins::resolvers::{Place, PlaceRule, Resolver, ResolvingFlag, parse, place_rule};
use wayfarer_model::{Attribute, Element, Policy};

/// `InputClaim`, `OutputClaim` or `PersistedClaim` of a technical profile.
#[derive(Clone, Copy)]
pub(super) struct ClaimRow<'p> {
    pub(super) element: Element<'p>,
    profile: Element<'p>,
}

/// Every row of the technical profiles in the policy's own file, the relying party's included.
pub(super) fn rows(policy: &Policy) -> impl Iterator<Item = ClaimRow<'_>> {
    policy.document().elements().filter_map(ClaimRow::of)
}

/// The rows whose default is a claim resolver, with the resolver.
pub(super) fn resolver_defaults(policy: &Policy) -> impl Iterator<Item = (ClaimRow<'_>, Attribute<'_>, Resolver<'_>)> {
    rows(policy).filter_map(|row| {
        let default = row.default()?;
        let resolver = parse(default.value());
        matches!(resolver, Resolver::Claim { .. } | Resolver::UnknownName { .. }).then_some((row, default, resolver))
    })
}

impl<'p> ClaimRow<'p> {
    pub(super) fn of(element: Element<'p>) -> Option<Self> {
        let is_row = matches!(element.name(), "InputClaim" | "OutputClaim" | "PersistedClaim");
        let profile = element.parent().filter(|_| is_row)?.parent()?;
        (profile.name() == "TechnicalProfile").then_some(Self { element, profile })
    }

    /// `ClaimTypeReferenceId`
    pub(super) fn claim_type(self) -> Option<Attribute<'p>> {
        self.element.attribute("ClaimTypeReferenceId")
    }

    /// `DefaultValue`
    pub(super) fn default(self) -> Option<Attribute<'p>> {
        self.element.attribute("DefaultValue")
    }

    /// `AlwaysUseDefaultValue`
    pub(super) fn always_uses_default(self) -> bool {
        self.element.attribute("AlwaysUseDefaultValue").is_some_and(|it| matches!(it.value().trim(), "true" | "1"))
    }

    /// Whether the row says what the token carries.
    pub(super) fn is_of_relying_party(self) -> bool {
        self.profile.parent().is_some_and(|it| it.name() == "RelyingParty")
    }

    /// The id of the profile as written.
    pub(super) fn profile_id(self) -> &'p str {
        self.profile.attribute("Id").map_or("", |it| it.value())
    }

    /// Where the row's default stands.
    pub(super) fn place(self) -> Place {
        match self.element.name() {
            "OutputClaim" if self.is_of_relying_party() => Place::RelyingPartyOutput,
            "OutputClaim" => Place::OutputClaim,
            "PersistedClaim" => Place::PersistedClaim,
            _ => Place::InputClaim,
        }
    }
}

/// The kinds and flags of the profiles that rows belong to; a profile is merged once, however many rows ask.
pub(super) struct Profiles<'p> {
    policy: &'p Policy,
    known: HashMap<(bool, &'p str), (ProfileKind, ResolvingFlag)>,
}

impl<'p> Profiles<'p> {
    pub(super) fn of(policy: &'p Policy) -> Self {
        Self { policy, known: HashMap::new() }
    }

    /// What the row's profile is.
    pub(super) fn kind(&mut self, row: ClaimRow<'p>) -> &ProfileKind {
        &self.facts(row).0
    }

    /// What happens to a resolver in that place of the row.
    pub(super) fn place_rule(&mut self, row: ClaimRow<'p>, place: Place) -> PlaceRule {
        let (kind, flag) = self.facts(row);
        place_rule(kind, place, *flag)
    }

    fn facts(&mut self, row: ClaimRow<'p>) -> &(ProfileKind, ResolvingFlag) {
        let (policy, of_relying_party) = (self.policy, row.is_of_relying_party());
        self.known.entry((of_relying_party, row.profile_id())).or_insert_with(|| {
            let profile = match of_relying_party {
                true => policy.relying_party().and_then(|it| it.technical_profile()),
                false => policy.technical_profile(row.profile_id()),
            };
            profile.map_or((ProfileKind::Undeclared, ResolvingFlag::Unset), |it| (it.kind(None), it.resolving_flag()))
        })
    }
}
