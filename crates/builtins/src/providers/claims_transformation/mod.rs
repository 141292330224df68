//! The claims transformation provider: reference "technical-profiles", B2.

use crate::Host;
use crate::providers::spec::{flag, key};
use crate::providers::{
    Call, Caller, Exchange, Exchanged, Interaction, MetadataValue, ProfileSettings, Provider, ProviderSpec,
    SettingProblem, SettingSubject, check,
};
use async_trait::async_trait;

/// The claims transformation provider.
#[derive(Debug)]
pub struct ClaimsTransformation;

static SPEC: ProviderSpec = ProviderSpec {
    title: "claims transformation",
    protocols: &["Proprietary"],
    handler: Some("Web.TPEngine.Providers.ClaimsTransformationProtocolProvider"),
    metadata: &[
        flag("IncludeClaimResolvingInClaimsHandling", "claim resolvers work in the profile's input and output claims"),
        key("ContentDefinitionReferenceId", "whose localized texts the transformations read")
            .value(MetadataValue::ContentDefinition),
    ],
    keys: &[],
    interaction: Interaction::None,
    callers: &[Caller::ClaimsExchange, Caller::ValidationTechnicalProfile, Caller::DisplayControl],
    docs: include_str!("docs.md"),
};

impl Provider for ClaimsTransformation {
    fn spec(&self) -> &'static ProviderSpec {
        &SPEC
    }

    fn check(&self, settings: &ProfileSettings) -> Vec<SettingProblem> {
        let mut problems = check::generic(&SPEC, settings);
        if settings.outputs.is_empty() {
            let message = format!("`{}` has no output claim, though the documentation asks for one", settings.id);
            problems.push(SettingProblem::warning("output-claim-missing", SettingSubject::Profile, message));
        }
        problems
    }

    fn configure(&self, _: &ProfileSettings) -> Result<Box<dyn Exchange>, Vec<SettingProblem>> {
        Ok(Box::new(Self))
    }
}

#[async_trait]
impl Exchange for ClaimsTransformation {
    /// Returns nothing: defaults and transformations are stages that every technical profile has.
    async fn run(&self, _: Call<'_>, _: &dyn Host) -> Exchanged {
        (Ok(Vec::new()), Vec::new())
    }
}
