//! Setup profiles: `Protocol Name="None"` without a token format, called by a `ClaimsExchange`.

use crate::Host;
use crate::providers::{
    Call, Caller, Exchange, Exchanged, Interaction, ProfileSettings, Provider, ProviderSpec, SettingProblem,
};
use async_trait::async_trait;

/// The provider of setup profiles.
#[derive(Debug)]
pub struct Setup;

static SPEC: ProviderSpec = ProviderSpec {
    title: "setup profile",
    protocols: &["None"],
    handler: None,
    metadata: &[],
    keys: &[],
    interaction: Interaction::None,
    callers: &[Caller::ClaimsExchange],
    docs: include_str!("docs.md"),
};

impl Provider for Setup {
    fn spec(&self) -> &'static ProviderSpec {
        &SPEC
    }

    fn configure(&self, _: &ProfileSettings) -> Result<Box<dyn Exchange>, Vec<SettingProblem>> {
        Ok(Box::new(Self))
    }
}

#[async_trait]
impl Exchange for Setup {
    /// Returns nothing: what a setup profile sets comes from the defaults of its output claims.
    async fn run(&self, _: Call<'_>, _: &dyn Host) -> Exchanged {
        (Ok(Vec::new()), Vec::new())
    }
}
