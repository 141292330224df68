//! Typed readers over merged elements. Each holds a cheap handle to its element and answers in the schema's words.

use crate::node::{Node, NodeRef, Text};
use crate::{Policy, merge};
use wayfarer_builtins::DataType;
use wayfarer_builtins::providers::{Caller, ProfileKind, ProfileShape, kind_of};
use wayfarer_builtins::resolvers::ResolvingFlag;
use wayfarer_diagnostics::Span;

macro_rules! view {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            node: Node,
        }

        impl $name {
            pub(crate) fn new(node: Node) -> Self {
                Self { node }
            }

            /// The merged element itself.
            pub fn node(&self) -> NodeRef<'_> {
                self.node.as_ref()
            }

            /// `Id` as written; empty when it is missing (which the schema check reports).
            pub fn id(&self) -> &str {
                self.node().attribute("Id").map_or("", |it| it.value)
            }

            /// Where the id stands in the most derived file; the start tag when there is none.
            pub fn span(&self) -> Span {
                self.node().attribute("Id").map_or_else(|| self.node().span(), |it| it.span)
            }
        }
    };
}

view! {
    /// `ClaimsSchema/ClaimType`
    ClaimType
}
view! {
    /// `ClaimsTransformations/ClaimsTransformation`
    ClaimsTransformation
}
view! {
    /// `TechnicalProfile`, of a claims provider or of the relying party
    TechnicalProfile
}
view! {
    /// `UserJourneys/UserJourney`
    UserJourney
}
view! {
    /// `RelyingParty`
    RelyingParty
}

impl ClaimType {
    /// `DataType`; `None` when it is missing or not a type.
    pub fn data_type(&self) -> Option<DataType> {
        DataType::from_name(self.node().child("DataType")?.text().value)
    }

    /// Whether the claim is entered in a password box: such a claim never leaves the profile that collects it.
    pub fn is_password(&self) -> bool {
        self.node().child("UserInputType").is_some_and(|it| it.text().value == "Password")
    }

    /// The name of the claim for that protocol, by `DefaultPartnerClaimTypes`. Only protocols with tokens have one: the
    /// schema accepts others, and a `Proprietary` profile takes none.
    pub fn default_partner(&self, protocol: &str) -> Option<Text<'_>> {
        if !matches!(protocol, "OAuth1" | "OAuth2" | "SAML2" | "OpenIdConnect") {
            return None;
        }
        let mut rows = self.node().items("DefaultPartnerClaimTypes", "Protocol");
        let row = rows.find(|it| it.attribute("Name").is_some_and(|name| name.value == protocol))?;
        row.attribute("PartnerClaimType")
    }
}

/// `InputClaim` or `OutputClaim` of a claims transformation.
#[derive(Clone, Copy)]
pub struct TransformationArgument<'a> {
    /// `ClaimTypeReferenceId`
    pub claim_type: Text<'a>,
    /// `TransformationClaimType`; when it is absent the claim type's id is the name (schema).
    pub slot: Text<'a>,
    /// The whole row.
    pub span: Span,
}

/// `InputParameter` of a claims transformation.
#[derive(Clone, Copy)]
pub struct TransformationParameter<'a> {
    /// `Id`
    pub id: Text<'a>,
    /// `DataType`
    pub data_type: Text<'a>,
    /// `Value`
    pub value: Text<'a>,
    /// The whole row.
    pub span: Span,
}

impl ClaimsTransformation {
    /// `TransformationMethod`
    pub fn method(&self) -> Option<Text<'_>> {
        self.node().attribute("TransformationMethod")
    }

    /// `InputClaims/InputClaim`
    pub fn input_claims(&self) -> impl Iterator<Item = TransformationArgument<'_>> {
        self.node().items("InputClaims", "InputClaim").filter_map(argument)
    }

    /// `OutputClaims/OutputClaim`
    pub fn output_claims(&self) -> impl Iterator<Item = TransformationArgument<'_>> {
        self.node().items("OutputClaims", "OutputClaim").filter_map(argument)
    }

    /// `InputParameters/InputParameter`
    pub fn input_parameters(&self) -> impl Iterator<Item = TransformationParameter<'_>> {
        self.node().items("InputParameters", "InputParameter").filter_map(|it| {
            Some(TransformationParameter {
                id: it.attribute("Id")?,
                data_type: it.attribute("DataType")?,
                value: it.attribute("Value")?,
                span: it.span(),
            })
        })
    }
}

fn argument(row: NodeRef<'_>) -> Option<TransformationArgument<'_>> {
    let claim_type = row.attribute("ClaimTypeReferenceId")?;
    let slot = row.attribute("TransformationClaimType").unwrap_or(claim_type);
    Some(TransformationArgument { claim_type, slot, span: row.span() })
}

/// `Protocol` of a technical profile.
#[derive(Clone, Copy)]
pub struct Protocol<'a> {
    /// `Name`
    pub name: Text<'a>,
    /// `Handler`, in full as written.
    pub handler: Option<Text<'a>>,
}

/// A keyed text: a metadata item, or a cryptographic key with its container.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    /// `Key`, or the `Id` of a cryptographic key.
    pub key: Text<'a>,
    /// The text, or the `StorageReferenceId`.
    pub value: Text<'a>,
}

/// `InputClaim`, `OutputClaim` or `PersistedClaim` of a technical profile.
#[derive(Clone, Copy)]
pub struct ClaimReference<'a> {
    /// The row itself.
    pub node: NodeRef<'a>,
    /// `ClaimTypeReferenceId`
    pub claim_type: Text<'a>,
}

impl<'a> ClaimReference<'a> {
    fn new(node: NodeRef<'a>) -> Option<Self> {
        Some(Self { node, claim_type: node.attribute("ClaimTypeReferenceId")? })
    }

    /// `PartnerClaimType`
    pub fn partner(&self) -> Option<Text<'a>> {
        self.node.attribute("PartnerClaimType")
    }

    /// `DefaultValue`
    pub fn default_value(&self) -> Option<Text<'a>> {
        self.node.attribute("DefaultValue")
    }

    /// `AlwaysUseDefaultValue`
    pub fn always_use_default_value(&self) -> bool {
        is_true(self.node.attribute("AlwaysUseDefaultValue"))
    }

    /// `Required`
    pub fn required(&self) -> bool {
        is_true(self.node.attribute("Required"))
    }
}

/// What decides the name by which the other side knows a claim (reference "claims", section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The row's `PartnerClaimType`.
    Row,
    /// The claim type's `DefaultPartnerClaimTypes`, for the protocol.
    ClaimType,
    /// Neither: it is the claim type's id.
    Id,
}

impl Policy {
    /// What the other side of a technical profile of that protocol calls the claim of a row.
    pub fn external_name(&self, row: &ClaimReference<'_>, protocol: &str) -> (String, NamedBy) {
        if let Some(partner) = row.partner() {
            return (partner.value.to_owned(), NamedBy::Row);
        }
        let claim_type = self.claim_type(row.claim_type.value);
        match claim_type.as_ref().and_then(|it| it.default_partner(protocol)) {
            Some(partner) => (partner.value.to_owned(), NamedBy::ClaimType),
            None => (claim_type.map_or(row.claim_type.value.to_owned(), |it| it.id().to_owned()), NamedBy::Id),
        }
    }
}

/// The schema's boolean; what is no boolean has been reported and counts as false.
fn is_true(text: Option<Text<'_>>) -> bool {
    text.is_some_and(|it| matches!(it.value.trim(), "true" | "1"))
}

impl TechnicalProfile {
    /// `Protocol`
    pub fn protocol(&self) -> Option<Protocol<'_>> {
        let node = self.node().child("Protocol")?;
        Some(Protocol { name: node.attribute("Name")?, handler: node.attribute("Handler") })
    }

    /// What the profile is, for whoever calls it.
    pub fn kind(&self, caller: Option<Caller>) -> ProfileKind {
        let metadata: Vec<(String, String)> =
            self.metadata_items().map(|it| (it.key.value.to_owned(), it.value.value.to_owned())).collect();
        let protocol = self.protocol();
        kind_of(&ProfileShape {
            protocol: protocol.map(|it| it.name.value),
            handler: protocol.and_then(|it| it.handler).map(|it| it.value),
            input_token_format: self.input_token_format().map(|it| it.value),
            output_token_format: self.output_token_format().map(|it| it.value),
            caller,
            metadata: &metadata,
        })
    }

    /// `InputTokenFormat`
    pub fn input_token_format(&self) -> Option<Text<'_>> {
        self.node().child("InputTokenFormat").map(NodeRef::text)
    }

    /// `OutputTokenFormat`
    pub fn output_token_format(&self) -> Option<Text<'_>> {
        self.node().child("OutputTokenFormat").map(NodeRef::text)
    }

    /// `EnabledForUserJourneys`
    pub fn enabled_for_user_journeys(&self) -> Option<Text<'_>> {
        self.node().child("EnabledForUserJourneys").map(NodeRef::text)
    }

    /// `Metadata/Item`. Keys are neither trimmed nor compared without case; values are trimmed.
    pub fn metadata_items(&self) -> impl Iterator<Item = Item<'_>> {
        self.node().items("Metadata", "Item").filter_map(|it| {
            let text = it.text();
            Some(Item { key: it.attribute("Key")?, value: Text { value: text.value.trim(), span: text.span } })
        })
    }

    /// The value of one metadata item; of duplicates the last one decides.
    pub fn metadata(&self, key: &str) -> Option<Text<'_>> {
        self.metadata_items().filter(|it| it.key.value == key).last().map(|it| it.value)
    }

    /// Whether `IncludeClaimResolvingInClaimsHandling` lets claim resolvers work in the claims.
    pub fn resolving_flag(&self) -> ResolvingFlag {
        let item = self.metadata("IncludeClaimResolvingInClaimsHandling");
        if item.is_some_and(|it| it.value.eq_ignore_ascii_case("true") || it.value == "1") {
            ResolvingFlag::Set
        } else {
            ResolvingFlag::Unset
        }
    }

    /// `CryptographicKeys/Key`
    pub fn cryptographic_keys(&self) -> impl Iterator<Item = Item<'_>> {
        self.node()
            .items("CryptographicKeys", "Key")
            .filter_map(|it| Some(Item { key: it.attribute("Id")?, value: it.attribute("StorageReferenceId")? }))
    }

    /// `InputClaims/InputClaim`
    pub fn input_claims(&self) -> impl Iterator<Item = ClaimReference<'_>> {
        self.node().items("InputClaims", "InputClaim").filter_map(ClaimReference::new)
    }

    /// `OutputClaims/OutputClaim`
    pub fn output_claims(&self) -> impl Iterator<Item = ClaimReference<'_>> {
        self.node().items("OutputClaims", "OutputClaim").filter_map(ClaimReference::new)
    }

    /// The claims transformations that run before the input claims are collected, by name.
    pub fn input_claims_transformations(&self) -> impl Iterator<Item = Text<'_>> {
        self.node()
            .items("InputClaimsTransformations", "InputClaimsTransformation")
            .filter_map(|it| it.attribute("ReferenceId"))
    }

    /// The claims transformations that run after the output claims are set, by name.
    pub fn output_claims_transformations(&self) -> impl Iterator<Item = Text<'_>> {
        self.node()
            .items("OutputClaimsTransformations", "OutputClaimsTransformation")
            .filter_map(|it| it.attribute("ReferenceId"))
    }

    /// The validation technical profiles, by name.
    pub fn validation_technical_profiles(&self) -> impl Iterator<Item = Text<'_>> {
        self.node()
            .items("ValidationTechnicalProfiles", "ValidationTechnicalProfile")
            .filter_map(|it| it.attribute("ReferenceId"))
    }
}

impl UserJourney {
    /// The steps by the number in `Order`, which is how they run.
    pub fn steps(&self) -> Vec<OrchestrationStep<'_>> {
        let mut steps = self.steps_as_written();
        steps.sort_by_key(|it| it.number().unwrap_or(i64::MAX));
        steps
    }

    /// The steps in the order of the merged element.
    pub fn steps_as_written(&self) -> Vec<OrchestrationStep<'_>> {
        self.node().items("OrchestrationSteps", "OrchestrationStep").map(|node| OrchestrationStep { node }).collect()
    }

    /// `DefaultCpimIssuerTechnicalProfileReferenceId`
    pub fn default_issuer(&self) -> Option<Text<'_>> {
        self.node().attribute("DefaultCpimIssuerTechnicalProfileReferenceId")
    }
}

/// `OrchestrationStep/@Type`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepType {
    /// Consent page; no public policy uses it.
    ConsentScreen,
    /// The user picks an identity provider.
    ClaimsProviderSelection,
    /// Sign-in form and identity providers on one page.
    CombinedSignInAndSignUp,
    /// A technical profile runs.
    ClaimsExchange,
    /// Review page; no public policy uses it.
    ReviewScreen,
    /// The token is issued.
    SendClaims,
    /// Claims arrive from the relying party.
    GetClaims,
    /// Dialog page; no public policy uses it.
    UserDialog,
    /// A sub journey runs.
    InvokeSubJourney,
    /// Nothing happens.
    Noop,
}

impl StepType {
    /// The name as a policy writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConsentScreen => "ConsentScreen",
            Self::ClaimsProviderSelection => "ClaimsProviderSelection",
            Self::CombinedSignInAndSignUp => "CombinedSignInAndSignUp",
            Self::ClaimsExchange => "ClaimsExchange",
            Self::ReviewScreen => "ReviewScreen",
            Self::SendClaims => "SendClaims",
            Self::GetClaims => "GetClaims",
            Self::UserDialog => "UserDialog",
            Self::InvokeSubJourney => "InvokeSubJourney",
            Self::Noop => "Noop",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        const ALL: [StepType; 10] = [
            StepType::ConsentScreen,
            StepType::ClaimsProviderSelection,
            StepType::CombinedSignInAndSignUp,
            StepType::ClaimsExchange,
            StepType::ReviewScreen,
            StepType::SendClaims,
            StepType::GetClaims,
            StepType::UserDialog,
            StepType::InvokeSubJourney,
            StepType::Noop,
        ];
        ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// Whether the step itself shows a page.
    pub fn shows_page(self) -> bool {
        matches!(
            self,
            Self::ConsentScreen
                | Self::ClaimsProviderSelection
                | Self::CombinedSignInAndSignUp
                | Self::ReviewScreen
                | Self::UserDialog
        )
    }
}

/// `OrchestrationSteps/OrchestrationStep`
#[derive(Clone, Copy)]
pub struct OrchestrationStep<'a> {
    /// The merged element.
    pub node: NodeRef<'a>,
}

impl<'a> OrchestrationStep<'a> {
    /// `Order` as a number; `None` when it is missing or none.
    pub fn number(&self) -> Option<i64> {
        match merge::order_of(self.node) {
            i64::MAX => None,
            number => Some(number),
        }
    }

    /// `Order` as written.
    pub fn order(&self) -> Option<Text<'a>> {
        self.node.attribute("Order")
    }

    /// `Type`; `None` when it is missing or unknown (the schema check reports it).
    pub fn step_type(&self) -> Option<StepType> {
        StepType::from_name(self.node.attribute("Type")?.value)
    }

    /// Where the step stands: its `Type`, else its start tag.
    pub fn span(&self) -> Span {
        self.node.attribute("Type").map_or_else(|| self.node.span(), |it| it.span)
    }

    /// `ClaimsExchanges/ClaimsExchange`
    pub fn claims_exchanges(&self) -> impl Iterator<Item = ClaimsExchange<'a>> {
        self.node.items("ClaimsExchanges", "ClaimsExchange").filter_map(|it| {
            Some(ClaimsExchange {
                id: it.attribute("Id")?,
                technical_profile: it.attribute("TechnicalProfileReferenceId")?,
            })
        })
    }

    /// `CpimIssuerTechnicalProfileReferenceId`
    pub fn issuer(&self) -> Option<Text<'a>> {
        self.node.attribute("CpimIssuerTechnicalProfileReferenceId")
    }

    /// `Preconditions/Precondition`
    pub fn preconditions(&self) -> impl Iterator<Item = Precondition<'a>> {
        self.node.items("Preconditions", "Precondition").map(|node| Precondition { node })
    }
}

/// `ClaimsExchange` of a step.
#[derive(Clone, Copy)]
pub struct ClaimsExchange<'a> {
    /// `Id`
    pub id: Text<'a>,
    /// `TechnicalProfileReferenceId`
    pub technical_profile: Text<'a>,
}

/// `Precondition` of a step or validation technical profile.
#[derive(Clone, Copy)]
pub struct Precondition<'a> {
    /// The element.
    pub node: NodeRef<'a>,
}

impl<'a> Precondition<'a> {
    /// `Type`: `ClaimsExist` or `ClaimEquals`.
    pub fn kind(&self) -> Option<Text<'a>> {
        self.node.attribute("Type")
    }

    /// `ExecuteActionsIf`
    pub fn execute_actions_if(&self) -> bool {
        is_true(self.node.attribute("ExecuteActionsIf"))
    }

    /// The `Value` children, as written (not trimmed: comparison is ordinal).
    pub fn values(&self) -> Vec<Text<'a>> {
        self.node.children_named("Value").map(NodeRef::text).collect()
    }

    /// The first `Action`.
    pub fn action(&self) -> Option<Text<'a>> {
        self.node.child("Action").map(NodeRef::text)
    }
}

impl RelyingParty {
    /// `DefaultUserJourney/@ReferenceId`
    pub fn default_user_journey(&self) -> Option<Text<'_>> {
        self.node().child("DefaultUserJourney")?.attribute("ReferenceId")
    }

    /// `Endpoints/Endpoint`: id and journey.
    pub fn endpoints(&self) -> impl Iterator<Item = Item<'_>> {
        self.node()
            .items("Endpoints", "Endpoint")
            .filter_map(|it| Some(Item { key: it.attribute("Id")?, value: it.attribute("UserJourneyReferenceId")? }))
    }

    /// The technical profile that says what the token carries; by the documentation its id is `PolicyProfile`.
    pub fn technical_profile(&self) -> Option<TechnicalProfile> {
        self.node().child("TechnicalProfile").map(|it| TechnicalProfile::new(it.to_node()))
    }

    /// `SubjectNamingInfo/@ClaimType` of the technical profile.
    pub fn subject_claim_type(&self) -> Option<Text<'_>> {
        self.node().child("TechnicalProfile")?.child("SubjectNamingInfo")?.attribute("ClaimType")
    }
}
