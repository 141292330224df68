//! Where resolvers are evaluated: reference "claim-resolvers", section 2.

use crate::providers::ProfileKind;

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `InputClaim@DefaultValue`.
    InputClaim,
    /// `OutputClaim@DefaultValue`.
    OutputClaim,
    /// `OutputClaim@DefaultValue` of the relying party's profile.
    RelyingPartyOutput,
    /// `PersistedClaim@DefaultValue`.
    PersistedClaim,
    /// `OutputClaim@PartnerClaimType`.
    PartnerClaimType,
    /// `ContentDefinition/LoadUri`, as a part of the text.
    LoadUri,
    /// `ContentDefinitionParameters/Parameter`, as a part of the text.
    ContentDefinitionParameter,
    /// A metadata item, an input parameter, a localized string, the value of a precondition.
    Elsewhere,
}

/// What happens to a resolver in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceRule {
    /// It is evaluated.
    Resolves,
    /// Only `{oauth2:…}` is evaluated.
    ResolvesTokenResponse,
    /// It stays as it is, and would be evaluated with `IncludeClaimResolvingInClaimsHandling` set to `true`.
    LiteralWithoutFlag,
    /// It stays as it is.
    Literal,
}

/// Whether `IncludeClaimResolvingInClaimsHandling` is `true` in the merged technical profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolvingFlag {
    /// It is.
    Set,
    /// It is absent or `false`.
    Unset,
}

/// What happens to a resolver in `place` of a technical profile of that kind. Evaluating with the flag set in kinds
/// that the documentation doesn't list is our choice; so are inputs of identity providers, which resolve without it.
pub fn place_rule(kind: &ProfileKind, place: Place, flag: ResolvingFlag) -> PlaceRule {
    match (place, flag) {
        (Place::RelyingPartyOutput | Place::LoadUri | Place::ContentDefinitionParameter, _) => PlaceRule::Resolves,
        (Place::PartnerClaimType, _) if is_oauth(kind) => PlaceRule::ResolvesTokenResponse,
        (Place::PartnerClaimType | Place::PersistedClaim | Place::Elsewhere, _) => PlaceRule::Literal,
        (Place::InputClaim | Place::OutputClaim, ResolvingFlag::Set) => PlaceRule::Resolves,
        (Place::InputClaim, ResolvingFlag::Unset) if resolves_inputs_always(kind) => PlaceRule::Resolves,
        (Place::InputClaim | Place::OutputClaim, ResolvingFlag::Unset) => PlaceRule::LiteralWithoutFlag,
    }
}

fn is_oauth(kind: &ProfileKind) -> bool {
    matches!(kind, ProfileKind::OAuth2 | ProfileKind::OpenIdConnect | ProfileKind::PasswordLogin)
}

fn resolves_inputs_always(kind: &ProfileKind) -> bool {
    is_oauth(kind) || matches!(kind, ProfileKind::ApplicationInsights | ProfileKind::SamlIdentityProvider)
}
