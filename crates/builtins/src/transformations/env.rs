use super::EnumerationItem;
use crate::Secret;
use jiff::Timestamp;
use std::fmt;

/// What a call may know besides its claims. Time, chance, keys and texts arrive here and nowhere else.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The time.
    pub now: Timestamp,
    /// Fills bytes with random ones, good enough for secrets.
    pub random: &'a (dyn Fn(&mut [u8]) + Sync),
    /// The id of the running technical profile: `{TechnicalProfileId}`.
    pub technical_profile: &'a str,
    /// The tenant of the relying party policy, such as `contoso.onmicrosoft.com`: `{RelyingPartyTenantId}`.
    pub relying_party_tenant: &'a str,
    /// The tenant of the trust framework policy: `{TrustFrameworkTenantId}`.
    pub trust_framework_tenant: &'a str,
    /// The issuer that authenticator apps show: `{AuthenticatorIssuer}`.
    pub authenticator_issuer: &'a str,
    /// The secret in a policy key container.
    pub keys: &'a (dyn Fn(&str) -> Option<Secret> + Sync),
    /// The texts of the running profile's content definition.
    pub localization: &'a (dyn Localization + Sync),
    /// Where the documentation leaves a choice.
    pub options: Options,
    /// Hears what went strangely without being a failure.
    pub remark: &'a (dyn Fn(Remark) + Sync),
}

/// The localized resources of a content definition in the language of the request.
pub trait Localization {
    /// The `LocalizedString` of that `ElementType` and `StringId`.
    fn string(&self, element_type: &str, string_id: &str, fallback: Fallback) -> Option<String>;

    /// The items of the `LocalizedCollection` that replaces the `Restriction` of a claim type.
    fn restriction(&self, claim_type: &str) -> Option<&[EnumerationItem]>;
}

/// Where a localized string may also come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The language of the request only.
    None,
    /// Else the default language of the content definition.
    DefaultLanguage,
}

/// A content definition without localized resources, or none at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLocalization;

impl Localization for NoLocalization {
    fn string(&self, _: &str, _: &str, _: Fallback) -> Option<String> {
        None
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        None
    }
}

/// Choices where the documentation is silent or contradicts itself. The default is the reference's rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What AssertDateTimeIsGreaterThan does without a right operand.
    pub absent_right_operand: AbsentRightOperand,
    /// What SetClaimsIfStringsMatch and SetClaimsIfRegexMatch do to their output when there is no match.
    pub no_match: NoMatch,
}

/// Reference, A4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AbsentRightOperand {
    /// The assertion fails, whatever the flag says.
    #[default]
    Fails,
    /// The assertion fails only when `AssertIfRightOperandIsNotPresent` is true.
    Lenient,
}

/// Reference, A3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoMatch {
    /// The output claim becomes null, as documented.
    #[default]
    Clears,
    /// The output claim keeps its value, as once observed.
    Keeps,
}

/// Something that is no failure and yet worth a line in the trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Remark {
    /// A regular expression reached its limit of steps (or the claim is too long for it): counted as no match.
    #[error("the regular expression takes too many steps on this value, so it counts as no match")]
    RegexLimit,
    /// No localized string of that id was found: the text is empty.
    #[error(
        "no localized string `{string_id}` in this language, in the content definition that the technical profile's \
         `ContentDefinitionReferenceId` names: its text is empty"
    )]
    LocalizedStringMissing {
        /// The `StringId`.
        string_id: String,
    },
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("now", &self.now).field("technical_profile", &self.technical_profile).finish()
    }
}
